from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relui.documents.checklist_markdown import release_markdown
from relui.domain.checklist import Item, Phase
from relui.domain.marking import Details, tick
from relui.domain.template import ItemForm, Template
from relui.errors import BadInput
from relui.loading.due_words import explicit_due, timings, without_due
from relui.loading.template_making import Report, template_from_markdown
from relui.loading.yaml_models import validate
from relui.loading.yaml_reader import parse_yaml
from tests.domain.releases import NOW, release
from tests.loading.checklists import GERMAN, MOJIBAKE
from tests.loading.test_markdown_tasks import checklists


def template(text: str | bytes, name: str | None = None) -> tuple[Template, Report]:
    made, report = template_from_markdown(text, "list.md", name)
    return validate(parse_yaml(made, "made.yaml"), Template), report


def walk(items: list[ItemForm]) -> Iterator[ItemForm]:
    for item in items:
        yield item
        yield from walk(item.items)


def all_text(made: Template) -> str:
    parts = [made.name, made.description]
    for phase in made.phases:
        parts.append(phase.name)
        for item in walk(phase.items):
            parts += [item.text, item.help]
    return "\n".join(parts)


def test_a_mis_decoded_german_checklist_becomes_a_template() -> None:
    made, report = template(MOJIBAKE.encode())
    assert made.name == "🚀 Release-Checkliste – Kundenportal"
    assert made.template == "release-checkliste-kundenportal"
    assert [(phase.name, phase.stage, phase.due) for phase in made.phases] == [
        ("📋 Phase 1: Vor dem Release", "build", "T-48h"),
        ("🧪 Phase 2: Staging-Test", "stage", "T-24h"),
        ("Phase 3: Deploy", "deploy", "T"),
        ("✅ Phase 4: Abschluss", "close", "T+24h"),
    ]
    assert (report.phases, report.items, report.sub_items, report.fields, report.optional) == (4, 13, 5, 4, 3)
    assert report.repaired == ("Mis-decoded characters were repaired in 17 lines, the first is line 1.",)
    assert "2 marks were left out" in report.words
    assert "Kept as help or description" in report.words


def test_the_same_template_comes_from_the_right_and_the_mis_decoded_text() -> None:
    assert template_from_markdown(GERMAN, "x")[0] == template_from_markdown(MOJIBAKE, "x")[0]


def test_text_around_the_tasks_is_kept() -> None:
    made, _ = template(GERMAN)
    assert "Bitte von oben nach unten abarbeiten." in made.description
    assert "| Bereitschaft | Jörg |" in made.phases[2].items[-1].help
    assert "siehe Wiki „Konfiguration“" in made.phases[0].items[3].help


def test_a_name_can_be_given_and_else_comes_from_title_or_file() -> None:
    assert template("# Ours\n- [ ] a", "Team B")[0].template == "team-b"
    assert template("# Ours\n- [ ] a")[0].name == "Ours"
    assert template("- [ ] a")[0].name == "list"


def test_headings_above_phases_stay_in_their_names() -> None:
    made, _ = template(
        "# T\n## Before (24h before)\n### Code\n- [ ] a\n### Docs\n- [ ] b\n## Deploy\n- [ ] c"
    )
    assert [(phase.name, phase.due) for phase in made.phases] == [
        ("Before / Code", "T-24h"),
        ("Before / Docs", "T-24h"),
        ("Deploy", "T"),
    ]


def test_texts_that_yaml_would_change_stay_as_they_are() -> None:
    texts = [
        "no",
        "2.10",
        "22:00",
        "key: value",
        "- dash",
        "'quoted'",
        '"x"',
        "# hash",
        "a: [b",
        "null",
        "&a *b !c",
    ]
    made, _ = template("\n".join(f"- [ ] {text}" for text in texts))
    assert [item.text for item in made.phases[0].items] == texts


def test_a_parents_fields_go_to_its_last_sub_item() -> None:
    made, _ = template("- [ ] QA by [Name]\n  - [ ] a\n  - [ ] b")
    (parent,) = made.phases[0].items
    assert [len(item.fields) for item in (parent, *parent.items)] == [0, 0, 1]


def test_a_list_without_tasks_is_refused() -> None:
    with pytest.raises(BadInput, match=r"list\.md: there are no tasks"):
        template("just text")


def test_a_list_that_is_too_large_for_a_template_is_refused() -> None:
    with pytest.raises(BadInput, match="larger than"):
        template("- [ ] a long task text, over and over\n" * 5000)


@pytest.mark.parametrize(
    ("heading", "due"),
    [
        ("Pre-release (48 h before)", "T-48h"),
        ("T-24h", "T-24h"),
        ("T – 24 h: staging", "T-24h"),
        ("24 hours before", "T-24h"),
        ("48h vorher", "T-48h"),
        ("1 Stunde vor Go-live", "T-1h"),
        ("eine Stunde vor dem Deployment", "T-1h"),
        ("first 30 minutes", "T+30m"),
        ("erste 30 Minuten", "T+30m"),
        ("Pre-deploy checks after 5 minutes", "T+5m"),
        ("One week before", "T-7d"),
        ("24-48h before", "T-24h"),
        ("Phase 1 - 24 h before", "T-24h"),
        ("1.5 h vorher", "T-90m"),
        ("Am Vortag", "T-1d"),
        ("2 days prior to release", "T-2d"),
        ("innerhalb von 2 Stunden", "T+2h"),
        ("T-0", "T"),
        ("Phase 2", None),
        ("30 minutes of work", None),
    ],
)
def test_due_times_are_read_from_headings(heading: str, due: str | None) -> None:
    """[S0.2]"""
    assert explicit_due(heading) == due


def test_unknown_phases_take_due_time_and_stage_from_their_neighbours() -> None:
    found = timings(
        [("Intro", ""), ("Staging, 24h before", ""), ("Team", ""), ("Go-live", ""), ("After", "")]
    )
    assert [(timing.due, timing.stage) for timing in found] == [
        ("T-24h", "stage"),
        ("T-24h", "stage"),
        ("T-24h", "stage"),
        ("T", "deploy"),
        ("T+30m", "deploy"),
    ]


def test_the_line_below_a_heading_can_tell_the_due_time() -> None:
    assert timings([("Phase 1", "48 h before go-live")])[0].due == "T-48h"


@given(checklists())
def test_every_word_of_a_checklist_is_in_its_template(checklist: tuple[str, list[str]]) -> None:
    text, words = checklist
    try:
        made, report = template(text)
    except BadInput as error:
        assert "no tasks" in error.message
        return
    found = all_text(made)
    assert [word for word in words if word not in found] == []
    every = [item for phase in made.phases for item in walk(phase.items)]
    assert report.items + report.sub_items == len(every)


@given(
    st.lists(
        st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60), max_size=8
    )
)
def test_whatever_tasks_say_the_template_loads(texts: list[str]) -> None:
    made, _ = template("- [ ] first\n" + "\n".join(f"- [ ] {text}" for text in texts))
    assert made.phases[0].items[0].text == "first"


def test_a_heading_loses_only_the_words_that_say_when() -> None:
    """[S0.2] The due time stands beside it."""
    headings = {
        "Pre-release (48 h before)": "Pre-release",
        "Staging, 24h before": "Staging",
        "Phase 1 - 24 h before": "Phase 1",
        "T-24h: Staging": "Staging",
        "Abschluss (erste 24 Stunden)": "Abschluss",
        "Go-live (with ada and bob)": "Go-live (with ada and bob)",
        "First 30 minutes of watching": "First 30 minutes of watching",
        "24 hours before": "24 hours before",
        "Deploy": "Deploy",
    }
    assert {heading: without_due(heading) for heading in headings} == headings


def test_the_report_names_the_lines_where_the_texts_stand() -> None:
    _, report = template("# T\n\nintro\n\n## A\n\nbefore\n\n- [ ] a\n- [ ] b\n\n  help\n\n```\ncode\n```\n")
    assert report.kept == ("line 3: intro", "line 7: before", "line 12: help", "line 14: ```")


def test_one_of_a_kind_is_told_as_one() -> None:
    _, report = template("- [x] a")
    assert report.words == (
        "1 phase, 1 item, 0 sub-items, 0 fields, 0 optional.\n"
        "1 mark was left out: a template has no states.\n"
        "Read 1 task under 0 headings."
    )


def test_ids_are_short_and_end_with_a_whole_word() -> None:
    made, _ = template(
        "- [ ] All database migrations were tried on a copy of production\n- [ ] Größe geprüft"
    )
    first, second = made.phases[0].items
    assert first.id == "all-database-migrations-were" and second.id == "grosse-gepruft"


def test_a_release_that_relui_wrote_becomes_a_template_without_who_did_what() -> None:
    item = Item(id="smoke", text="Smoke test passed", role="qa", help="Every flow.", optional=True)
    phase = Phase(id="test", name="Staging test", stage="test", due="T-24h", items=(item,))
    done = tick(release(phase), ["test.smoke"], "ada", NOW, Details(note="fast")).release
    made, report = template(release_markdown(done, NOW, "Europe/Berlin"))
    (found,) = made.phases
    assert (found.name, found.stage, found.due) == ("Staging test", "test", "T-24h")
    (smoke,) = found.items
    assert (smoke.text, smoke.role, smoke.help, smoke.optional) == (
        "Smoke test passed", "qa", "Every flow.", True,
    )  # fmt: skip
    assert made.name == "payments checklist" and "ada" not in all_text(made)
    assert report.told == ("1 mark was left out: a template has no states.",)


# -- what teams' own lists hold --------------------------------------------------------------------------


def shape(text: str) -> list[tuple[str, list[str]]]:
    made, _ = template(text)
    return [(phase.name, [item.text for item in walk(list(phase.items))]) for phase in made.phases]


def test_a_code_fence_on_the_line_of_a_bullet_ends_where_it_ends() -> None:
    text = (
        "## A\n\n- [ ] Build\n  - ```\n    docker build .\n    ```\n- [ ] Push\n\n"
        "## B\n\n- [ ] Write\n  ```\n  Hello\n  ```\n- [ ] Send\n"
    )
    assert shape(text) == [("A", ["Build", "Push"]), ("B", ["Write", "Send"])]
    made, _ = template(text)
    assert "docker build ." in made.phases[0].items[0].help and "Hello" in made.phases[1].items[0].help


@pytest.mark.parametrize(
    "fence", ["- ```\n  x\n  ```", "1. ~~~\n   x\n   ~~~", "```\nx", "> ```\n> x\n> ```"]
)
def test_no_fence_takes_tasks_with_it(fence: str) -> None:
    assert [each for _, items in shape(f"- [ ] a\n{fence}\n- [ ] b\n") for each in items if each in "ab"] == [
        "a",
        "b",
    ]


def test_a_task_inside_code_is_told() -> None:
    _, report = template("- [ ] a\n\n```\n- [ ] as an example\n```\n")
    assert "line 4: this check box is no task (code, comment, table or text)" in report.words
    assert "Read 1 task under 0 headings." in report.words


def test_definitions_of_links_are_no_fields_and_stay_with_what_uses_them() -> None:
    made, report = template(
        "## R\n\n- [ ] Check the [release blockers]\n- [ ] Merge the [docs]\n- [ ] [Name]: Ada\n\n"
        "[release blockers]: https://example.org/b\n[Docs]: ./docs\n[unused]: /x\n"
    )
    first, second, third = made.phases[0].items
    assert (first.help, second.help) == ("[release blockers]: https://example.org/b", "[Docs]: ./docs")
    assert [len(item.fields) for item in (first, second, third)] == [0, 0, 1]
    assert "[unused]: /x" in all_text(made) and "line 9: [unused]: /x" in report.words


@pytest.mark.parametrize(
    ("text", "optional"),
    [
        ("Start the scan (cancel jobs of old tags if any)", False),
        ("Check every node. If any are full, clean them", False),
        ("Run the milestone check. Update the changelog if necessary", False),
        ("Tag the release and, if needed, its branch", False),
        ("Deploy, and run the migration if any", False),
        ("Build the image; sign it if required", False),
        ("If needed, update the licence list", True),
        ("Update the licence list if needed", True),
        ("Update the licence list, if needed", True),
        ("Licence list (if any new libraries)", True),
        ("Notify customers (if any) and deploy", False),
        ("Send mail (optional attachments)", False),
        ("Optional: write the post. Then tell the team", True),
    ],
)
def test_only_a_condition_on_the_whole_makes_an_item_optional(text: str, optional: bool) -> None:
    made, report = template(f"- [ ] {text}")
    assert made.phases[0].items[0].optional is optional
    assert (f"Optional, because the text says so:\n  {text}" in report.words) is optional


def test_tasks_in_a_quotation_and_in_html_are_tasks() -> None:
    assert shape("## R\n\n> - [ ] One\n>   - [ ] Two\n>> - [x] Three\n\n> a remark\n\n- [ ] Four\n") == [
        ("R", ["One", "Two", "Three", "Four"])
    ]
    html = (
        '- <input type="checkbox"> One\n<li><input type="checkbox" checked> Two</li>\n<input type=text> x\n'
    )
    assert shape(f"## R\n\n{html}") == [("R", ["One", "Two"])]


def test_an_issue_form_gives_its_check_boxes() -> None:
    form = (
        "name: Release\nbody:\n  - type: markdown\n    attributes:\n      value: Read this first\n"
        "  - type: checkboxes\n    attributes:\n      label: Before\n      options:\n"
        "        - label: Changelog written\n        - {label: Version bumped, required: true}\n"
    )
    text, report = template_from_markdown(form, "form.yml")
    assert "text: Changelog written" in text and "text: Version bumped" in text and "Read this first" in text
    assert (report.phases, report.items) == (1, 2)


@pytest.mark.parametrize("text", ["template: x\nname: X\n", "- a\n- b\n", "body: [{type: input}]\n"])
def test_other_yaml_is_refused_with_the_way_out(text: str) -> None:
    with pytest.raises(BadInput, match=r"f.yaml: .*relui info"):
        template_from_markdown(text, "f.yaml")


def test_a_bullet_among_tasks_is_a_remark_wherever_it_stands() -> None:
    text = "# C\n\n- Ensure it runs\n- [ ] Update\n- For example, add 3\n- Then this\n  - [ ] inner\n"
    assert shape(text) == [("C", ["Update", "Then this", "inner"])]
    made, _ = template(text)
    assert "For example, add 3" in made.phases[0].items[0].help


@pytest.mark.parametrize(
    ("heading", "due"),
    [
        ("A week before the release", "T-7d"),
        ("a day before", "T-1d"),
        ("Ten days before release", "T-10d"),
        ("Before release:", "T-48h"),
        ("Before making a release", "T-48h"),
        ("Prior to tagging", "T-48h"),
        ("Before deployment", "T-1h"),
        ("Release:", "T"),
        ("Release day", "T"),
        ("The release itself", "T"),
        ("After release:", "T+30m"),
        ("Half an hour before go-live", "T-30m"),
        ("A fortnight before", "T-14d"),
        ("After the release", "T+30m"),
    ],
)
def test_a_heading_says_when_by_its_words(heading: str, due: str) -> None:
    made, _ = template(f"## {heading}\n\n- [ ] a\n\n## Somewhen\n\n- [ ] b\n")
    assert made.phases[0].due == due
    assert not made.phases[0].name.endswith(":")


@pytest.mark.parametrize(
    "heading",
    [
        "2 working days before release",
        "3 business days before",
        "A month before release",
        "A few days before",
        "1 day after code freeze",
        "2 days before the release candidate",
        "After merging the PR",
    ],
)
def test_a_time_that_is_not_understood_is_told(heading: str) -> None:
    made, report = template(f"## T-30d: Begin\n\n- [ ] a\n\n## {heading}\n\n- [ ] b\n")
    assert made.phases[1].due == "T-30d"
    assert f"when '{heading}' is due was not understood. T-30d is a guess" in report.words


def test_what_comes_before_a_known_time_is_not_due_after_go_live() -> None:
    made, _ = template(
        "## Prepare\n\n- [ ] a\n\n## Deploy to staging\n\n- [ ] s\n\n## After release\n\n- [ ] b\n"
    )
    assert [(phase.due, phase.stage) for phase in made.phases] == [
        ("T-48h", "plan"),
        ("T-48h", "stage"),
        ("T+30m", "deploy"),
    ]


def test_check_boxes_in_tables_and_comments_are_told() -> None:
    _, report = template("- [ ] a\n\n| What | Done |\n| --- | --- |\n| Tag | [ ] |\n\n<!--\n- [ ] old\n-->\n")
    assert "line 5: this check box" in report.words and "line 8: this check box" in report.words
