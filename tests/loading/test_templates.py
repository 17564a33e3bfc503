"""The library of templates: own before bundled, broken ones told by line, and the lint's cross-checks."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relui.errors import BadInput
from relui.loading.template_checks import placed_items, sketched
from relui.loading.templates import TemplateLibrary
from relui.loading.yaml_reader import SHOWN_PROBLEMS
from tests.effort import calls

BASE = """\
template: team
name: Team release
kind: base
phases:
  - id: before
    name: Before
    stage: build
    items:
      - {id: plan, text: Plan written}
  - id: deploy
    name: Deploy
    stage: deploy
    items:
      - {id: command, text: Command run, requires: [before.plan]}
      - id: smoke
        text: Smoke
        items: [{id: core, text: Core}]
"""
PACK = """\
template: cloud
name: Cloud
kind: pack
items:
  - {id: stack, text: Stack updated, into: deploy, after: command}
"""


@pytest.fixture
def bundled(tmp_path: Path) -> Path:
    folder = tmp_path / "bundled"
    folder.mkdir()
    (folder / "team.yaml").write_text(BASE)
    (folder / "cloud.yaml").write_text(PACK)
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


@pytest.fixture
def library(bundled: Path, own: Path) -> TemplateLibrary:
    return TemplateLibrary(bundled, own)


def lint(library: TemplateLibrary, path: Path, text: str) -> list[str]:
    path.write_text(text)
    return [f"{problem.line}: {problem.message}" for problem in library.lint_file(path)]


def test_the_list_says_what_each_template_is(library: TemplateLibrary, bundled: Path) -> None:
    listed = [(entry.name, entry.title, entry.kind, entry.source, entry.shadows) for entry in library.names()]
    assert listed == [
        ("team", "Team release", "base", "bundled", False),
        ("cloud", "Cloud", "pack", "bundled", False),
    ]
    assert [entry.name for entry in library.packs()] == ["cloud"]
    assert library.names()[0].path == bundled / "team.yaml"
    assert library.problems() == []


def test_an_own_folder_is_not_needed(bundled: Path, tmp_path: Path) -> None:
    for absent in (None, tmp_path / "absent"):
        library = TemplateLibrary(bundled, absent)
        assert library.get("team").name == "Team release"
        assert library.problems() == []


def test_a_file_in_the_place_of_the_own_folder_is_told(bundled: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    library = TemplateLibrary(bundled, tmp_path / "file")
    assert [problem.message for problem in library.problems()] == [
        "is no folder. Move it away, and keep templates in a folder."
    ]


def test_an_own_template_shadows_the_bundled_one_by_its_id(library: TemplateLibrary, own: Path) -> None:
    (own / "whatever.yml").write_text(BASE.replace("Team release", "Ours"))
    assert library.get("team").name == "Ours"
    entry = library.names()[0]
    assert (entry.title, entry.source, entry.shadows, entry.problem) == ("Ours", "own", True, None)


def test_a_changed_file_is_read_again(library: TemplateLibrary, own: Path) -> None:
    (own / "team.yaml").write_text(BASE.replace("Team release", "Ours"))
    assert library.get("team").name == "Ours"
    (own / "team.yaml").write_text(BASE.replace("Team release", "Ours again"))
    assert library.get("team").name == "Ours again"
    (own / "team.yaml").unlink()
    assert library.get("team").name == "Team release"


def test_an_unknown_name_is_answered_with_the_nearest(library: TemplateLibrary) -> None:
    with pytest.raises(BadInput, match=r"There is no template 'taem'. Did you mean 'team'?"):
        library.get("taem")


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        (BASE.replace("kind: base", "kind: bsae"), 3),
        (BASE.replace("phases:", "phases: ["), 5),
        (BASE.replace("[before.plan]", "[before.paln]"), 14),
    ],
)
def test_a_broken_own_template_never_gives_way_to_the_bundled_one(
    library: TemplateLibrary, own: Path, broken: str, line: int
) -> None:
    (own / "mine.yaml").write_text(broken)
    with pytest.raises(BadInput, match=rf"The template 'team' cannot be used:\n.*mine\.yaml:{line}: "):
        library.get("team")
    (problem,) = library.problems()
    assert problem.line == line
    entry = next(entry for entry in library.names() if entry.name == "team")
    assert entry.problem == str(problem)
    assert entry.shadows


def test_a_broken_own_template_leaves_the_others_usable(library: TemplateLibrary, own: Path) -> None:
    (own / "broken.yaml").write_text("{")
    (own / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    (own / "list.yaml").write_text("- a")
    (own / "notes.txt").write_text("no template")
    assert library.get("team").name == "Team release"
    assert [entry.name for entry in library.names()] == ["team", "cloud", "binary", "broken", "list"]
    assert len(library.problems()) == 3


def test_two_own_files_of_one_name_are_both_refused(library: TemplateLibrary, own: Path) -> None:
    (own / "a.yaml").write_text(BASE)
    (own / "b.yaml").write_text(BASE)
    with pytest.raises(BadInput, match=r"b\.yaml:1: the template 'team' is also in a\.yaml"):
        library.get("team")
    assert len(library.problems()) == 1


def test_packs_come_from_the_template_and_from_the_choice_once_each(
    library: TemplateLibrary, own: Path
) -> None:
    (own / "team.yaml").write_text(BASE.replace("phases:", "packs: [cloud]\nphases:"))
    (own / "more.yaml").write_text(PACK.replace("cloud", "more"))
    found = library.packs_for(library.get("team"), ["more", "cloud"])
    assert [one.template for one in found] == ["cloud", "more"]
    with pytest.raises(BadInput, match=r"no template 'clod'. Did you mean 'cloud'?"):
        library.packs_for(library.get("team"), ["clod"])


def test_the_owed_template_is_found(library: TemplateLibrary, own: Path) -> None:
    (own / "urgent.yaml").write_text(
        BASE.replace("template: team", "template: urgent").replace(
            "kind: base", "kind: emergency\nowes: team"
        )
    )
    owed = library.owed_by(library.get("urgent"))
    assert owed is not None
    assert owed.template == "team"
    assert library.owed_by(owed) is None


def test_right_files_lint_clean(library: TemplateLibrary, tmp_path: Path) -> None:
    assert lint(library, tmp_path / "team.yaml", BASE) == []
    assert lint(library, tmp_path / "cloud.yaml", PACK) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("{id: plan,", "{id: Plan,", "9: phases.before.items.Plan.id: an id has lower-case letters, digits"),
        (
            "id: deploy",
            "id: before",
            "10: phases.before.id: the id 'before' is used twice here (first in line 5).",
        ),
        ("id: core", "id: core, text: C}, {id: core", "the id 'core' is used twice here"),
        ("[before.plan]", "[before.paln]", "there is no item 'before.paln'. Did you mean 'before.plan'?"),
        ("[before.plan]", "[plan]", "there is no item 'plan'. Did you mean 'before.plan'?"),
        ("[before.plan]", "[before]", "'before' is a phase; name one of its items, such as 'before.plan'."),
        (
            "[before.plan]",
            "[deploy.command]",
            "command.requires[1]: a circle: 'deploy.command' requires itself.",
        ),
        (
            "text: Core}",
            "text: Core, requires: [deploy.smoke]}",
            "a circle: 'deploy.smoke.core' waits for 'deploy.smoke' waits for 'deploy.smoke.core'.",
        ),
        ("Plan written", "Plan, requires: [deploy.command]", "a circle: "),
        (
            "text: Smoke",
            "text: Smoke\n        when_done: closed",
            "`when_done` is for an item without sub-items.",
        ),
        (
            "text: Smoke",
            "text: Smoke\n        when_done: colsed",
            "'colsed' is not a fact that can tick an item. Did",
        ),
        (
            "text: Smoke",
            'text: Smoke\n        when_done: "confirmed:window.suport"',
            "'confirmed:window.suport' is not a fact that can tick an item. Did",
        ),
        (
            "text: Smoke",
            "text: Smoke\n        message: deploy-started",
            "there is no message 'deploy-started'. Did",
        ),
        (
            "text: Smoke",
            "text: Smoke\n        option: x",
            "17: phases.deploy.items.smoke.option: `option` needs",
        ),
        ("text: Smoke", "text: Smoke\n        into: deploy", "`into` is for the first level of a pack."),
        (
            "text: Smoke",
            "text: Smoke\n        types: [minr]",
            "'minr' is not known here. Did you mean 'minor'?",
        ),
        ("text: Smoke", "text: Smoke\n        per: The Region", "smoke.per: an id has lower-case letters"),
        ("text: Smoke", "text: Smoke\n        estimate: 10", "'10' is not a duration."),
        ("text: Smoke", "text: Smoke\n        itmes: []", "unknown key 'itmes'. Did you mean 'items'?"),
        (
            "text: Core}",
            "text: Core, fields: [{id: a, label: A}, {id: a, label: B}]}",
            "the id 'a' is used twice here",
        ),
        (
            "text: Core}",
            "text: Core, fields: [{id: a, label: A, kind: choice}]}",
            "`choices` go with `kind: choice`",
        ),
        ("text: Core}", 'text: Core, run: {command: ["a\\u202Eb"]}}', "a command must show all that it does"),
        (
            "stage: build",
            "stage: built",
            "7: phases.before.stage: 'built' is not known here. Did you mean 'build'?",
        ),
        ("stage: build", "due: T-2w\n    stage: build", "'T-2w' is not a due time. Write T, T-48h"),
        (
            "kind: base",
            "kind: base\npacks: [cluod]",
            "4: packs[1]: there is no pack 'cluod'. Did you mean 'cloud'?",
        ),
        ("kind: base", "kind: base\nowes: team", "`owes` is for templates of kind emergency"),
        ("kind: base", "kind: emergency\nowes: tema", "4: owes: there is no base template 'tema'."),
        (
            "kind: base",
            "kind: base\ncriteria: al",
            "4: criteria: 'al' is not known here. Did you mean 'all'?",
        ),
        ("kind: base", "kind: base\ncriteria: [No Good]", "4: criteria[1]: an id has lower-case letters"),
        (
            "kind: base",
            "kind: base\ncriteria: [no-blocking-defects, acceptance-signd]",
            "4: criteria[2]: there is no criterion 'acceptance-signd'. Did you mean 'acceptance-signed'?",
        ),
        ("kind: base", "kind: base\ncriteria: [all]", "4: criteria[1]: write `criteria: all`"),
        ("kind: base", "kind: pack", "1: a pack has `items`, each with `into: PHASE`, and no `phases`."),
    ],
)
def test_the_lint_tells_what_is_wrong_by_line_with_the_nearest_name(
    library: TemplateLibrary, tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert old in BASE
    found = lint(library, tmp_path / "t.yaml", BASE.replace(old, new, 1))
    assert len(found) == 1, found
    assert told in found[0]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "into: deploy",
            "into: deplyo",
            "5: items.stack.into: there is no phase 'deplyo' to put it into. Did you",
        ),
        (
            "after: command",
            "after: comand",
            "5: items.stack.after: there is no item 'comand' in 'deploy'. Did you",
        ),
        ("after: command", "after: stack", "there is no item 'stack' in 'deploy'."),
        (
            "into: deploy, after: command",
            "",
            "5: items.stack: `into` is missing. Say into which phase it goes:",
        ),
        ("after: command", "requires: [deploy.comand]", "there is no item 'deploy.comand'. Did you mean"),
    ],
)
def test_the_lint_checks_the_places_of_a_pack_against_the_templates(
    library: TemplateLibrary, tmp_path: Path, old: str, new: str, told: str
) -> None:
    found = lint(library, tmp_path / "p.yaml", PACK.replace(old, new, 1))
    assert len(found) == 1, found
    assert told in found[0]


def test_a_circle_between_a_pack_and_a_template_is_found(
    library: TemplateLibrary, own: Path, tmp_path: Path
) -> None:
    (own / "team.yaml").write_text(BASE + "      - {id: end, text: End, requires: [deploy.smoke]}\n")
    text = PACK.replace(
        "into: deploy, after: command", "into: deploy, after: smoke.core, requires: [deploy.end]"
    )
    (told,) = lint(library, tmp_path / "p.yaml", text)
    assert told.startswith(
        "5: items.stack.requires[1]: a circle: 'deploy.smoke.stack' waits for 'deploy.end' waits for"
    )


def test_places_of_a_pack_may_be_sub_items_and_items_of_its_own(
    library: TemplateLibrary, tmp_path: Path
) -> None:
    more = """\
  - {id: deep, text: Deep, into: deploy, after: smoke.core}
  - {id: own, text: Own, into: deploy, after: stack, requires: [deploy.stack, deploy.smoke.deep]}
  - {id: within, text: Within, into: deploy.smoke}
"""
    assert lint(library, tmp_path / "p.yaml", PACK + more) == []


def test_twice_as_many_wrong_requirements_cost_twice_as_much(
    library: TemplateLibrary, tmp_path: Path
) -> None:
    """The app reads a team's files while somebody waits: no file may make it stand still."""

    def cost(count: int, wrong: str) -> int:
        items = "".join(
            f"      - {{id: i{n}, text: x, requires: [deploy.smoke, {wrong}.i{n}]}}\n" for n in range(count)
        )
        found = lint(library, tmp_path / "t.yaml", BASE + items)
        assert "circle" in found[0] if wrong == "deploy" else len(found) == SHOWN_PROBLEMS
        return calls(lambda: lint(library, tmp_path / "t.yaml", BASE + items))

    for wrong in ("wrong", "deploy"):
        assert cost(600, wrong) < 2.2 * cost(300, wrong), wrong


def test_a_file_that_cannot_be_read_is_a_problem_too(library: TemplateLibrary, tmp_path: Path) -> None:
    (problem,) = library.lint_file(tmp_path / "absent.yaml")
    assert str(problem).endswith(
        "absent.yaml: cannot be read: No such file or directory. Check the name and the rights."
    )


def test_an_own_file_that_is_still_empty_does_not_take_the_bundled_ones_place(tmp_path: Path) -> None:
    """`relui template show standard > standard.yaml` reads the bundled one while the shell made the file."""
    bundled = Path(__file__).parents[2] / "templates"
    (tmp_path / "standard.yaml").write_text("")
    library = TemplateLibrary(bundled, tmp_path)
    assert library.get("standard").name == "Standard release"
    assert any("standard.yaml" in problem.path for problem in library.problems())


def test_the_lint_tells_mistakes_of_shape_ids_and_requirements_in_one_go(
    library: TemplateLibrary, tmp_path: Path
) -> None:
    text = """template: team
name: Team
kind: base
phases:
  - id: build
    name: Build
    stage: biuld
    items:
      - {id: a, text: A, optionl: true}
      - {id: a, text: B, requires: [build.c, build.a]}
      - just a text
      - {text: without an id}
      - {text: another without}
"""
    found = lint(library, tmp_path / "team.yaml", text)
    lines = [int(told.partition(":")[0]) for told in found]
    assert lines == sorted(lines) and set(lines) == {7, 9, 10, 11, 12, 13}
    told = "\n".join(found)
    assert "'biuld' is not known here" in told
    assert "unknown key 'optionl'" in told
    assert "the id 'a' is used twice here" in told
    assert "there is no item 'build.c'" in told
    assert told.count("used twice") == 1


KEYS = st.sampled_from(["template", "kind", "phases", "items", "id", "requires", "fields", "packs", "into"])
DATA = st.recursive(
    st.none() | st.text(max_size=4), lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner)
)


@given(DATA)
def test_any_shape_can_be_sketched(data: object) -> None:
    template = sketched(data)
    assert (template is None) == (not isinstance(data, dict))
    if template is not None:
        placed_items(template)
