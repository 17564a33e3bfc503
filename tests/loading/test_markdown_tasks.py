from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relui.domain.checklist import State
from relui.errors import BadInput
from relui.loading.foreign_text import SIZE_LIMIT
from relui.loading.markdown_tasks import MAX_DEPTH, NO_TEXT, Task, TaskList, read_tasks
from tests.loading.checklists import GERMAN, MOJIBAKE


def tasks_of(text: str | bytes) -> list[Task]:
    return [task for section in read_tasks(text, "list.md").sections for task in section.tasks]


def walk(tasks: list[Task]) -> Iterator[Task]:
    for task in tasks:
        yield task
        yield from walk(task.children)


def shape(tasks: list[Task]) -> list[object]:
    """Texts, sub-tasks as lists behind their parent."""
    found: list[object] = []
    for task in tasks:
        found.append(task.text)
        if task.children:
            found.append(shape(task.children))
    return found


def all_text(tasks: TaskList) -> str:
    parts = [tasks.title]
    for section in tasks.sections:
        parts += [section.heading, section.help]
        for task in walk(section.tasks):
            parts += [task.text, task.help]
    return "\n".join(parts)


@pytest.mark.parametrize("marker", ["-", "*", "+", "•", "1.", "12)"])
def test_every_list_marker_makes_a_task(marker: str) -> None:
    assert shape(tasks_of(f"{marker} [ ] one\n{marker} [x] two")) == ["one", "two"]


@pytest.mark.parametrize(
    ("box", "state"),
    [
        ("[ ]", State.OPEN),
        ("[]", State.OPEN),
        ("[x]", State.DONE),
        ("[X]", State.DONE),
        ("[✓]", State.DONE),
        ("[✔\ufe0f]", State.DONE),
        ("[-]", State.NOT_APPLICABLE),
        ("[!]", State.FAILED),
        ("☐", State.OPEN),
        ("☑", State.DONE),
    ],
)
def test_a_box_tells_the_state(box: str, state: State) -> None:
    (task,) = tasks_of(f"- {box} backup")
    assert (task.text, task.state) == ("backup", state)


@pytest.mark.parametrize("indent", [" " * 2, " " * 3, " " * 4, "\t", " " * 8, "\u00a0\u00a0"])
def test_nesting_follows_indentation_of_any_width(indent: str) -> None:
    text = f"- [ ] a\n{indent}- [ ] b\n{indent * 2}- [ ] c\n{indent}- [ ] d\n- [ ] e"
    assert shape(tasks_of(text)) == ["a", ["b", ["c"], "d"], "e"]


def test_tabs_and_blanks_may_be_mixed() -> None:
    assert shape(tasks_of("- [ ] a\n\t- [ ] b\n    - [ ] c\n  \t- [ ] d")) == ["a", ["b", "c", "d"]]


def test_sub_items_without_a_dash_belong_to_the_dashed_task_above() -> None:
    assert shape(tasks_of("- [ ] a\n[ ] b\n[x] c\n- [ ] d\n  [ ] e")) == ["a", ["b", "c"], "d", ["e"]]


def test_tasks_without_a_dash_stand_alone_where_there_is_no_dashed_one() -> None:
    assert shape(tasks_of("[ ] a\n[ ] b\n  [ ] c\n\n[ ] d")) == ["a", "b", ["c"], "d"]


def test_after_a_blank_line_a_dashless_task_needs_a_colon_above_to_be_a_sub_item() -> None:
    assert shape(tasks_of("- [ ] a:\n\n[ ] b\n\n[ ] c")) == ["a:", ["b", "c"]]
    assert shape(tasks_of("- [ ] a\n\n[ ] b")) == ["a", "b"]


def test_headings_of_any_level_start_sections() -> None:
    found = read_tasks("# T\n### A\n- [ ] a\n###### B ###\n- [ ] b\n##D\n- [ ] d", "x").sections
    assert [(section.heading, section.level) for section in found] == [
        ("T", 1),
        ("A", 3),
        ("B", 6),
        ("D", 2),
    ]


def test_underlined_lines_are_headings() -> None:
    found = read_tasks("Title\n=====\n\nPart\n----\n- [ ] a", "x")
    assert [(section.heading, section.level) for section in found.sections] == [("Title", 1), ("Part", 2)]


@pytest.mark.parametrize("line", ["**Phase 1:**", "**Phase 1**:", "__Phase 1__", "🚀 **Phase 1**"])
def test_bold_lines_are_headings(line: str) -> None:
    (section,) = read_tasks(f"{line}\n\n- [ ] a", "x").sections
    assert "Phase 1" in section.heading
    assert "*" not in section.heading
    assert shape(section.tasks) == ["a"]


def test_a_bold_start_is_a_heading_only_right_above_a_list() -> None:
    assert [s.heading for s in read_tasks("**Phase 1:** 48 h before\n- [ ] a", "x").sections] == [
        "Phase 1: 48 h before"
    ]
    assert [s.heading for s in read_tasks("**Phase 1:** 48 h before\n\nText", "x").sections] == [""]
    assert [s.heading for s in read_tasks("**Note:** hurry\n- [ ] a", "x").sections] == [""]


def test_a_text_without_headings_is_one_section() -> None:
    (section,) = read_tasks("- [ ] a\n- [ ] b", "x").sections
    assert (section.heading, section.level, len(section.tasks)) == ("", 0, 2)


def test_the_only_top_heading_is_the_title() -> None:
    assert read_tasks("# Ours\n## A\n- [ ] a", "x").title == "Ours"
    assert read_tasks("# A\n- [ ] a\n# B\n- [ ] b", "x").title == ""


def test_plain_bullets_are_items_only_where_there_are_no_tasks() -> None:
    assert shape(tasks_of("## A\n- a\n  - b\n- c")) == ["a", ["b"], "c"]
    (task,) = tasks_of("- [ ] a\n  - look here\n  - and there")
    assert task.help == "- look here\n- and there"


def test_a_plain_bullet_above_nested_tasks_is_their_parent() -> None:
    assert shape(tasks_of("- Backend\n  - [ ] a\n- Frontend\n  - [ ] b")) == [
        "Backend",
        ["a"],
        "Frontend",
        ["b"],
    ]


def test_code_and_tables_are_kept_as_help_and_never_read_as_tasks() -> None:
    text = "- [ ] a\n  ```sh\n  - [ ] no task\n\n  # no heading\n  ```\n\n  | x | y |\n  |---|---|\n- [ ] b"
    first, second = tasks_of(text)
    assert first.help == "```sh\n- [ ] no task\n\n# no heading\n```\n\n| x | y |\n|---|---|"
    assert second.text == "b"


def test_a_fence_that_never_ends_swallows_nothing() -> None:
    assert shape(tasks_of("```\n- [ ] a")) == ["a"]


def test_text_before_a_list_belongs_to_the_section_and_text_behind_an_item_to_that_item() -> None:
    (section,) = read_tasks("## A\nbefore\n\n- [ ] a\n\n  help of a\n\n- [ ] b\n\nafter b", "x").sections
    assert section.help == "before"
    assert [task.help for task in section.tasks] == ["help of a", "after b"]


def test_code_behind_a_list_belongs_to_the_last_item_of_its_level() -> None:
    text = "## A\n- [ ] a\n- [ ] b\n  - [ ] c\n\n```sh\nrun b\n```\n\n---\nand more"
    (section,) = read_tasks(text, "x").sections
    first, last = section.tasks
    assert (first.help, last.help) == ("", "```sh\nrun b\n```\nand more")
    assert last.children[0].help == ""


def test_each_block_of_text_is_told_with_its_own_line() -> None:
    text = "## A\n\nbefore\n\n- [ ] a\n  First\n  Of a\n- [ ] b\n\n```\ncode\n```\n\nlast"
    (section,) = read_tasks(text, "x").sections
    assert section.notes == [(3, "before")]
    assert [task.notes for task in section.tasks] == [[(6, "First")], [(10, "```"), (14, "last")]]


def test_a_task_that_an_editor_wrapped_is_one_text() -> None:
    (task,) = tasks_of("- [ ] the backup of the production database is taken and its\n  restore was tried")
    assert task.text.endswith("and its restore was tried")


def test_placeholders_become_fields_of_a_guessed_kind() -> None:
    (task,) = tasks_of(
        "- [ ] QA by [Name], [Prüfer] on [Date] / [Datum] at [Time] / [Uhrzeit], "
        "[Link], [Date/Time], [Kommentar]"
    )
    assert [(field.label, field.kind) for field in task.fields] == [
        ("Name", "person"),
        ("Prüfer", "person"),
        ("Date", "date"),
        ("Datum", "date"),
        ("Time", "time"),
        ("Uhrzeit", "time"),
        ("Link", "link"),
        ("Date/Time", "text"),
        ("Kommentar", "text"),
    ]
    assert "[Datum]" in task.text


def test_field_ids_are_unique_and_links_and_escapes_are_no_fields() -> None:
    (task,) = tasks_of("- [ ] [Name] and [Name], [docs](http://x), \\[Date], `[Time]`, [ABC-123]")
    assert [field.id for field in task.fields] == ["name", "name-2"]


@pytest.mark.parametrize(
    "text",
    [
        "Payment (if any)",
        "Mobile (optional)",
        "Announce if planned",
        "Zahlung (falls vorhanden)",
        "ggf. Migration",
        "Bei Bedarf skalieren",
        "Sofern nötig, Cache leeren",
        "Optional: changelog",
    ],
)
def test_texts_that_say_so_are_optional(text: str) -> None:
    assert tasks_of(f"- [ ] {text}")[0].optional


@pytest.mark.parametrize("text", ["No optional parts missing", "Backup", "Check if the anyon runs"])
def test_other_texts_are_required(text: str) -> None:
    assert not tasks_of(f"- [ ] {text}")[0].optional


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", 0), ("utf-8-sig", 0), ("utf-16", 1), ("utf-16-le", 1), ("utf-16-be", 1), ("cp1252", 1)],
)
def test_every_usual_encoding_is_read(encoding: str, told: int) -> None:
    found = read_tasks("- [ ] Größe prüfen\r\n- [ ] Übergabe\r\n".encode(encoding), "x")
    assert shape(found.sections[0].tasks) == ["Größe prüfen", "Übergabe"]
    assert len(found.told) == told


@pytest.mark.parametrize(
    ("broken", "right"),
    [
        ("Ã„nderung grÃ¶ÃŸer", "Änderung größer"),
        ("fertig âœ…", "fertig ✅"),
        ('A â€" B', "A – B"),
        ("A â€“ B", "A – B"),
        ("48Â h", "48 h"),
        ("â†' weiter", "→ weiter"),
        ("&Auml;nderung &amp; mehr", "Änderung & mehr"),
    ],
)
def test_mis_decoded_characters_and_entities_are_repaired(broken: str, right: str) -> None:
    assert tasks_of(f"- [ ] {broken}")[0].text == right


def test_a_mis_decoded_german_checklist_reads_like_the_original() -> None:
    broken, right = read_tasks(MOJIBAKE, "x"), read_tasks(GERMAN, "x")
    assert [s.heading for s in broken.sections] == [s.heading for s in right.sections]
    assert [shape(s.tasks) for s in broken.sections] == [shape(s.tasks) for s in right.sections]
    assert all_text(broken) == all_text(right)
    assert broken.told
    assert not right.told


def test_the_german_checklist_keeps_its_structure() -> None:
    found = read_tasks(GERMAN, "x")
    assert found.title == "🚀 Release-Checkliste – Kundenportal"
    assert [len(section.tasks) for section in found.sections] == [0, 5, 3, 3, 2]
    assert found.sections[1].heading == "📋 Phase 1: Vor dem Release (48h vorher)"
    assert shape(found.sections[2].tasks)[1:3] == [
        "Kritische Szenarien geprüft:",
        [
            "Registrierung und Anmeldung",
            "Zahlung (falls vorhanden)",
            "Benachrichtigungen (falls vorhanden)",
        ],
    ]
    assert "| Bereitschaft | Jörg |" in found.sections[3].tasks[-1].help


def test_an_empty_box_is_kept() -> None:
    assert shape(tasks_of("- [ ]\n- [ ] b")) == [NO_TEXT, "b"]


def test_deep_nesting_is_flattened_not_lost() -> None:
    text = "\n".join(f"{'  ' * depth}- [ ] t{depth}" for depth in range(400))
    every = list(walk(tasks_of(text)))
    assert [task.text for task in every] == [f"t{depth}" for depth in range(400)]
    deepest, tasks = 0, tasks_of(text)
    while tasks:
        deepest, tasks = deepest + 1, tasks[0].children
    assert deepest == MAX_DEPTH


def test_what_is_no_text_or_too_large_is_refused() -> None:
    with pytest.raises(BadInput, match="not a text file"):
        read_tasks(b"PK\x03\x04\x00\x00abc\x00", "x.docx")
    with pytest.raises(BadInput, match="larger than"):
        read_tasks("a" * (SIZE_LIMIT + 1), "x.md")
    with pytest.raises(BadInput, match=r"x\.md: has more than 10,000 tasks"):
        read_tasks("- [ ] a\n" * 10_001, "x.md")


def test_comments_and_fences_that_never_end_cost_no_time() -> None:
    for text in ("<!-- a\n" * 50_000, "``` a\n" * 50_000):
        assert len(all_text(read_tasks(text, "x"))) >= len(text) - 1


_PREFIXES = st.sampled_from(
    ["- [ ] ", "* [x] ", "1. [-] ", "[ ] ", "[x] ", "- ", "* ", "2) ", "# ", "### ", "**", "> ", "| ", "",
     "```", "---", "☐ ", "<!-- ", "--> ", "- [ ]", "=", "[Name]: "]
)  # fmt: skip
_INDENTS = st.sampled_from(["", "", " ", "  ", "    ", "\t", " \t", "\n", "\n  "])


@st.composite
def checklists(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A wild text in which every line has a word of its own, and those words."""
    count = draw(st.integers(1, 25))
    lines, words = [], []
    for number in range(count):
        word = f"word{number}end"
        tail = draw(st.sampled_from(["", " **", ":", "  ", " #", "."]))
        lines.append(f"{draw(_INDENTS)}{draw(_PREFIXES)}{word}{tail}")
        words.append(word)
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines), words


@given(checklists())
def test_no_text_is_ever_lost(checklist: tuple[str, list[str]]) -> None:
    text, words = checklist
    found = all_text(read_tasks(text, "x"))
    assert [word for word in words if word not in found] == []


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    try:
        read_tasks(text, "x")
    except BadInput as error:
        assert "\0" in text
        assert "not a text file" in error.message


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(data: bytes) -> None:
    try:
        read_tasks(data, "x")
    except BadInput as error:
        assert error.message.startswith("x: ")
