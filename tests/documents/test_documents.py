"""The documents of a governed release, of a light one, and of one whose texts are hostile."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace

from relui.documents.definition import definition_markdown
from relui.documents.exports import COLUMNS, cell, changes_csv
from relui.documents.handoff import briefing_markdown, bundle, handoff_markdown, zipped
from relui.documents.page import Page
from relui.documents.release_notes import INTERNAL, View, notes_markdown, view_of
from relui.documents.runbook import runbook_markdown, shift_markdown
from relui.documents.testing_summary import summary_markdown
from relui.domain.checklist import Item, Mark, RunCommand, State
from relui.domain.dossier.deciding import hand_over
from relui.domain.dossier.parts import Case, Change, Component, Contact, Run
from relui.domain.dossier.shift import shift_page
from relui.domain.release import Release
from relui.domain.runbook import rehearse_step
from relui.errors import BadInput
from tests.documents.governed import deployed, full, light, paper
from tests.domain.dossier.gated import DAY, NOBODY, context
from tests.domain.dossier.governed import defect
from tests.domain.releases import GO_LIVE, NOW, phase, release

DOCUMENTS: dict[str, Callable[[Release], str]] = {
    "definition": lambda made: definition_markdown(made, paper()),
    "technical notes": lambda made: notes_markdown(made, paper(), "technical"),
    "users' notes": lambda made: notes_markdown(made, paper(), "users"),
    "test summary": lambda made: summary_markdown(made, paper()),
    "runbook": lambda made: runbook_markdown(made, paper()),
    "briefing": lambda made: briefing_markdown(made, paper()),
    "handoff": lambda made: handoff_markdown(made, paper()),
    "shift": lambda made: shift_markdown(made, shift_page(made, context(now=NOW)), paper()),
}

NOTES = """\
# Payments 2.4.0

- **Version:** 2.4.0
- **Date:** Saturday 21 November 2026, 20:00 (UTC)
- **Type:** minor
- **Release:** REL-2026-11-001
- **Environment:** production
- **Planned duration:** 2 hours

## Changes

| Reference | Summary | Owner |
| --- | --- | --- |
| CHG-2026-0001 | Change 1 | ben |
| CHG-2026-0002 | Change 2 | ben |
| CHG-2026-0003 | Change 3 | ben |
| CHG-2026-0004 | Change 4 | ben |

## Known issues

| Reference | Summary | Severity | Risk | Workaround |
| --- | --- | --- | --- | --- |
| BUG-7 | Slow list \\| of \\* everything | medium | Long waits on Mondays. | Filter by day. |

## Dependencies

- **Schema versions:** ledger 12
- **Compatible API versions:** v2, v3
- **Releases that go first:** REL-2026-11-009
- **Services that it needs:** Ledger

## Rollback

> Put the former image back.

- **A rollback takes:** 45 minutes
- **Possible until:** 4 hours after completion
- **Last moment to begin one before completion:** Saturday 2026-11-21 21:15 +00:00 (UTC)

### What triggers it

> Payments fail.

### Where the procedure stands

- the-rollback-script: store
"""

LIGHT_DEFINITION = """\
# Release definition: 2.4.0 - Release - 2026-11-21

- **Release:** REL-2026-11-001
- **Service:** payments
- **Version:** 2.4.0
- **Type:** minor
- **Impact:** medium: the service may be slow, or parts of it may be missing
- **Owner:** ada
- **Go-live:** Saturday 2026-11-21 20:00 +00:00 (UTC)
- **Planned duration:** 2 hours
- **Environment:** production
"""


def headings(text: str) -> Iterator[tuple[int, str, bool]]:
    """Each heading as Markdown is read, and whether it is followed by nothing or by one not below it."""
    found = MarkdownIt("commonmark").enable("table").parse(text)
    levels = [(at, int(token.tag[1])) for at, token in enumerate(found) if token.type == "heading_open"]
    for at, level in levels:
        after = found[at + 3] if at + 3 < len(found) else None
        empty = after is None or (after.type == "heading_open" and int(after.tag[1]) <= level)
        yield level, found[at + 1].content, empty


# -- whole texts -----------------------------------------------------------------------------------------


def test_the_technical_notes_have_header_changes_issues_dependencies_and_rollback() -> None:
    """[S1.11] Snapshot of the whole text."""
    assert notes_markdown(full(), paper(), "technical") == NOTES


def test_the_definition_of_a_light_release_is_short() -> None:
    """[S1.7] Snapshot; with nothing said to be missing, because nothing is asked for."""
    assert definition_markdown(light(), paper(NOBODY, zone="UTC")) == LIGHT_DEFINITION


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("made", [light, full, deployed], ids=["light", "full", "deployed"])
def test_no_document_has_an_empty_heading_or_a_doubled_gap(name: str, made: Callable[[], Release]) -> None:
    """[S1.11, S1.26] Also for a release with nothing beside its checklist."""
    text = DOCUMENTS[name](made())
    assert not [title for _, title, empty in headings(text) if empty]
    assert "None" not in re.sub(r"None is recorded|^None\.$", "", text, flags=re.MULTILINE)
    assert text.endswith("\n") and not text.endswith("\n\n")


# -- definition ------------------------------------------------------------------------------------------


def test_the_definition_tells_everything_that_it_must_have() -> None:
    """[S1.7]"""
    text = definition_markdown(full(), paper())
    for words in (
        "REL-2026-11-001", "minor", "New features without changes", "CHG-2026-0004", "booked, Saturday",
        "| staging |", "Two people.", "> Low.", "Put the former image back.", "45 minutes", "4 hours after",
        "Olga | 4200", "approved by Grace", "Planning complete | Wednesday 11 November 2026",
    ):  # fmt: skip
        assert words in text, words
    assert "Still missing" not in text


def test_what_a_governed_definition_lacks_is_named() -> None:
    """[S1.7]"""
    text = definition_markdown(replace(full(), risk="", rationale=""), paper())
    assert "## Still missing\n\n- not given: the rationale of its type\n- not given: the risk summary" in text


def test_a_stale_approval_is_called_so_with_its_cause() -> None:
    """[S1.8]"""
    made = full()
    text = definition_markdown(replace(made, version="2.5.0"), paper())
    assert "(stale: the version 2.4.0 became 2.5.0)" in text


# -- notes -----------------------------------------------------------------------------------------------


def test_the_view_follows_the_deployment_unless_it_is_chosen() -> None:
    """[S1.11] Technical teams before, end users after."""
    assert (view_of(full()), view_of(deployed()), view_of(full(), "users")) == ("technical", "users", "users")
    with pytest.raises(BadInput, match="Did you mean 'technical'"):
        view_of(full(), "technic")


def test_users_are_told_nothing_of_what_concerns_the_builders_alone() -> None:
    """[S1.11] Neither the rationale of the type nor the housekeeping; a breaking change is always told."""
    made = full()
    changes = tuple(
        Change(id=f"C-{number}", summary=f"Some {kind} work", kind=kind)
        for number, kind in enumerate(INTERNAL)
    )
    made = replace(made, rationale="Kept secret.", dossier=replace(made.dossier, changes=changes))
    users = notes_markdown(made, paper(), "users")
    assert "This version changes nothing that you will notice." in users
    assert "work" not in users and "Kept secret." not in users
    assert "Kept secret." not in notes_markdown(made, paper(), "technical")
    loud = replace(changes[0], breaking=True)
    made = replace(made, dossier=replace(made.dossier, changes=(loud,)))
    assert "- Some build work" in notes_markdown(made, paper(), "users")


@pytest.mark.parametrize("view", ["technical", "users"])
def test_the_notes_say_that_no_issue_is_known(view: View) -> None:
    """[S1.11] A missing section could be one that somebody forgot."""
    assert "## Known issues\n\nNone.\n" in notes_markdown(light(), paper(), view)


def test_users_read_the_same_changes_without_what_is_not_for_them() -> None:
    """[S1.11]"""
    made = full()
    changes = (
        Change(id="C-1", summary="New list", kind="feat"),
        Change(id="C-2", summary="No more crash", kind="fix"),
        Change(id="C-3", summary="Old API gone", kind="feat", breaking=True),
        Change(id="C-4", summary="Nobody wants it", status="withdrawn"),
    )
    made = replace(made, dossier=replace(made.dossier, changes=changes))
    users, technical = (notes_markdown(made, paper(), view) for view in ("users", "technical"))  # type: ignore[arg-type]
    assert "## Changes that you must know\n\n- Old API gone\n" in users
    assert "## What is new\n\n- New list\n" in users and "## What was fixed\n\n- No more crash\n" in users
    assert "What helps: Filter by day." in users and "Sign out before eight." in users
    assert "Support desk (#help)" in users
    assert not [words for words in ("C-1", "Rollback", "ledger 12", "Nobody wants it") if words in users]
    assert all(summary in technical for summary in ("New list", "No more crash", "Old API gone"))
    assert "Nobody wants it" not in technical


# -- tests -----------------------------------------------------------------------------------------------


def test_the_summary_recommends_to_proceed_when_nothing_speaks_against_it() -> None:
    """[S1.17]"""
    text = summary_markdown(full(), paper())
    assert "## Recommendation\n\nProceed.\n" in text
    assert "- **Cases:** 7" in text and "- **As of:** Monday 2026-11-16 21:00 +01:00 (Europe/Berlin)" in text
    assert "Cases that did not pass" not in text
    assert "| Smoke | required | yes | 1 |" in text
    assert "| medium | 1 | 1 |" in text and "Long waits on Mondays." in text


def test_the_summary_says_to_halt_with_every_reason() -> None:
    """[S1.17]"""
    made = full()
    bad = (defect(id="BUG-1", severity="critical"), defect(id="BUG-2"))
    text = summary_markdown(replace(made, dossier=replace(made.dossier, defects=bad, runs=())), paper())
    assert "## Recommendation\n\nHalt.\n" in text
    assert "- BUG-1 (critical) is open" in text and "BUG-2 (medium) is open and no known issue" in text
    assert "smoke tests (required): not run" in text


def test_the_summary_names_the_cases_that_did_not_pass_by_their_latest_result() -> None:
    """[S1.17] Failed ones first, with the defect; a case that passed when it was run again is not named."""
    made = full()
    found = (Case("t-blocked", "blocked", "no user"), Case("t-failed", "failed"), Case("t-mended", "failed"))
    first = Run(id="smoke-1", category="smoke", cases=found)
    again = Run(id="smoke-2", category="smoke", cases=(Case("t-mended", "passed"),))
    bad = (defect(id="BUG-1", case="t-failed"),)
    made = replace(made, dossier=replace(made.dossier, runs=(first, again), defects=bad))
    text = summary_markdown(made, paper())
    named = text.partition("### Cases that did not pass")[2].partition("##")[0]
    assert named.split("| --- |")[-1].strip().splitlines() == [
        "| t-failed | failed | Smoke | BUG-1 |  |",
        "| t-blocked | blocked | Smoke |  | no user |",
    ]


# -- hand-off --------------------------------------------------------------------------------------------


def test_the_bundle_has_every_document_and_its_index_names_them() -> None:
    """[S1.26]"""
    for made in (full(), light()):
        files = bundle(made, paper())
        assert next(iter(files)) == "README.md"
        named = re.findall(r"^\| (\S+\.md) \|", files["README.md"], re.MULTILINE)
        assert named == [name for name in files if name != "README.md"]
    titles = " ".join(files["README.md"].split())
    for words in ("Definition", "Runbook", "Rollback: procedure and criteria", "Test results", "Acceptance",
                  "Known issues", "Contacts", "Briefing"):  # fmt: skip
        assert words in titles


def test_the_briefing_has_its_five_points() -> None:
    """[S1.26] Order of components, configuration, checkpoints, rollback triggers and limits, escalation."""
    text = briefing_markdown(full(), paper())
    titles = [title for level, title, _ in headings(text) if level == 2]
    assert titles == [
        "Order of the components", "Configuration changes to coordinate", "Dependencies",
        "Verification checkpoints and what is expected", "What the rehearsal found",
        "Rollback: triggers and limits", "Escalation path",
    ]  # fmt: skip
    assert text.index("| 1 | the-binary |") < text.index("| 5 | the-environment-config |")
    assert "| payments | 2.3.0 | 2.4.0 |" in text
    assert "| the-health-check | health checks | store | passes |" in text
    assert (
        "## Rollback: triggers and limits\n\n> Payments fail.\n\n- **A rollback takes:** 45 minutes" in text
    )
    assert "1. release-owner: Ada\n2. incident-response: Olga (4200)\n3. service-owner: Grace\n" in text


def test_what_triggers_a_rollback_stands_first_in_the_bundle_and_its_absence_is_told() -> None:
    """[S1.26]"""
    told = bundle(full(), paper())["4-rollback.md"]
    assert told.index("> Payments fail.") < told.index("A step of the runbook fails")
    assert told.count("Payments fail.") == 1
    without = full(rollback_triggers="")
    assert "No trigger of its own is recorded" in bundle(without, paper())["4-rollback.md"]
    assert "No trigger of its own is recorded." in briefing_markdown(without, paper())


def test_the_acceptance_tells_what_was_confirmed_and_what_made_it_stale() -> None:
    """[S1.21, S1.26]"""
    good = bundle(full(), paper())["6-acceptance.md"]
    assert "The known issues are acceptable: confirmed" in good
    assert "The acceptance is not complete." in good and "**Stale:** known issues: added BUG-7" in good


def test_the_runbook_numbers_the_steps_of_the_deployment_and_tells_what_each_needs() -> None:
    """[S1.26]"""
    steps = (
        Item(id="a", text="Migrate", role="dba", estimate=10, help="Twice\nis safe.",
             run=RunCommand(("psql", "-c", "select 1;"), 15)),
        Item(id="b", text="Say it", message="deploy-starting", requires=("deploy.a",)),
        Item(id="c", text="Purge", optional=True),
    )  # fmt: skip
    made = release(
        phase("plan", Item(id="p", text="Planning"), stage="plan"),
        phase("deploy", *steps, due="T"),
        phase("after", Item(id="d", text="Healthy"), due="T+30m"),
        marks={"deploy.c": Mark(State.NOT_APPLICABLE, reason="no cache")},
    )
    text = runbook_markdown(made, paper())
    assert "Planning" not in text
    assert (
        "1. Migrate\n\n   by dba; about 10 minutes\n\n   Command, at most 15 minutes:\n\n"
        "   ```\n   psql -c 'select 1;'\n   ```" in text
    )
    assert (
        "   > Twice  \n   > is safe.\n2. Say it\n\n   send the message 'Deploy starting'\n\n   Not before: Migrate"  # noqa: E501
        in text
    )
    assert "### Not applicable\n\n- Purge: no cache" in text and "\n3. Healthy\n" in text


def test_a_step_is_told_with_command_result_and_rehearsal() -> None:
    """[S1.19, S1.26] A command is pasted as it stands: nothing in it is escaped."""
    command = "psql -c 'update `a` set b = *'\n# [x] then: <done> ```"
    steps = (
        Item(id="a", text="Migrate", command=command, expect="12 rows", estimate=10),
        Item(id="b", text="Wait"),
    )
    made = release(phase("deploy", Item(id="run", text="Run", runbook=True, items=steps), due="T"))
    made = rehearse_step(made, "1", "14m", "needed *two* runs", "ada", NOW).release
    text = runbook_markdown(made, paper())
    assert f"   ````\n   {command.replace(chr(10), chr(10) + '   ')}\n   ````\n" in text
    assert "   Expected: 12 rows\n" in text and "In the rehearsal it took 14 minutes" in text
    assert "What deviated then: needed \\*two\\* runs" in text
    assert "- **Takes:** at least 10 minutes; 14 minutes in the rehearsal, for 1 of 2 steps" in text
    assert "| Migrate | 14 minutes | needed \\*two\\* runs |" in briefing_markdown(made, paper())
    later = replace(made, dossier=replace(made.dossier, iteration=2))
    assert "In the rehearsal" not in runbook_markdown(later, paper())
    assert "No rehearsal of this build is recorded." in briefing_markdown(later, paper())


def test_the_bundle_says_where_the_package_is_and_what_proves_it() -> None:
    """[S1.9, S1.13, S1.26]"""
    made = full()
    components = (
        Component(id="web", category="application", kind="image", location="registry/web",
                  checksum="sha256:ab", presence="present"),
        Component(id="run", category="documentation", kind="runbook", location="https://wiki/run",
                  checksum="v7", presence="present"),
    )  # fmt: skip
    made = replace(
        made,
        dossier=replace(made.dossier, components=components, package_at="s3://releases/pay",
                        package_access="role deployers", package_tag="pay-2.4.0"),
    )  # fmt: skip
    files = bundle(made, paper())
    assert "- **Stored at:** s3://releases/pay" in files["2-package.md"]
    assert "- **Tag:** pay-2.4.0" in files["2-package.md"] and "role deployers" in files["2-package.md"]
    assert "| 1 | web | container images | registry/web | sha256:ab |" in files["2-package.md"]
    assert "- **Runbook:** https://wiki/run" in files["README.md"]
    assert "- **Kept at:** https://wiki/run" in files["3-runbook.md"]


def test_the_index_names_what_an_operator_would_have_to_ask_for() -> None:
    """[S1.26] Nothing where all of it is recorded."""
    lacking = bundle(light(), paper())["README.md"]
    assert "Missing: ask the owner before you begin" in lacking
    for words in ("Where the package is stored", "rollback procedure", "Who is on call"):
        assert words in lacking, words
    step = Item(id="a", text="Migrate", command="migrate up")
    run = Item(id="run", text="Run", runbook=True, items=(step, Item(id="b", text="Look around")))
    made = full(package_at="s3", package_access="all")
    on_call = Contact(id="on-call", person="Olga", reach="4200")
    made = replace(made, dossier=replace(made.dossier, contacts=(on_call,)))
    made = replace(made, phases=(*made.phases, phase("go", run)))
    index = bundle(made, paper())["README.md"]
    assert "- How to do 'Look around': the step has no command." in index and "Migrate" not in index
    done = replace(made, phases=(*made.phases[:-1], phase("go", replace(run, items=(step,)))))
    assert "Missing" not in bundle(done, paper())["README.md"]


def test_the_zip_is_the_same_for_the_same_files_and_holds_them() -> None:
    """[S1.26] Reproducible: no clock, no order of the host."""
    files = {name: text.encode() for name, text in bundle(full(), paper()).items()}
    content = zipped("REL-1", files)
    assert content == zipped("REL-1", dict(reversed(files.items())))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            f"REL-1/{name}": text for name, text in files.items()
        }
        assert archive.testzip() is None


# -- the shift -------------------------------------------------------------------------------------------


def test_a_shift_is_handed_over_on_one_page() -> None:
    """[S1.27] State, what is open, what was decided, what worries."""
    made = hand_over(deployed(), "ben", "ada", GO_LIVE, "The index is\nslow.").release
    text = shift_markdown(made, shift_page(made, context(now=GO_LIVE)), paper())
    assert "- **Leads:** Ben" in text and "- **Window:** Saturday 2026-11-21 21:20 +01:00 to" in text
    assert "## What worries\n\n- The index is slow.\n" in text
    assert "| go |" in text and "| complete | Ada |" in text
    assert "incident-response: Olga (4200)" in text


# -- what people write -----------------------------------------------------------------------------------

HOSTILE = "# x\n| a | <script>alert(1)</script> **b** [c](javascript:d)\n```\n- [x] `e` \x1b[31m\u202e ![i](http://j)"


def test_hostile_text_stays_text_in_every_document() -> None:
    """Nothing of it becomes a heading, a link, a tag, a cell or code."""
    flat = HOSTILE.replace("\n", " ")
    made = full()
    contact = Contact(id="support", person=flat, reach=flat)
    changes = (Change(id=flat, summary=flat, kind=flat, status="approved"),)
    defects = (defect(id=flat, summary=flat, workaround=flat, risk=flat, known_issue=True),)
    made = replace(
        made, title=flat, version=flat, risk=HOSTILE, rollback=HOSTILE, rationale=HOSTILE,
        dossier=replace(made.dossier, contacts=(contact,), changes=changes, defects=defects,
                        user_action=HOSTILE, resources=HOSTILE, test_plan=HOSTILE, schema_versions=flat),
    )  # fmt: skip
    for name, write in DOCUMENTS.items():
        text = write(made)
        assert "\x1b" not in text and "\u202e" not in text, name
        tokens = [
            child
            for token in MarkdownIt("commonmark").enable("table").parse(text)
            for child in (token, *(token.children or ()))
        ]
        kinds = {token.type for token in tokens}
        assert not kinds & {
            "html_block",
            "html_inline",
            "link_open",
            "image",
            "fence",
            "code_inline",
            "code_block",
        }, name
        columns = [len(re.findall(r"(?<!\\)\|", line)) for line in text.split("\n") if line.startswith("| ")]
        starts = [at for at, line in enumerate(text.split("\n")) if line.startswith("| ---")]
        assert bool(columns) == bool(starts)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), min_size=1, max_size=4))
def test_a_table_has_a_cell_for_each_text_whatever_stands_in_it(rows: list[tuple[str, str]]) -> None:
    page = Page("Title", "UTC")
    page.table(("One", "Two"), [(f"a{one}", f"b{two}") for one, two in rows])
    tokens = MarkdownIt("commonmark").enable("table").parse(page.whole)
    assert sum(1 for token in tokens if token.type == "td_open") == 2 * len(rows)


def test_a_section_without_content_leaves_no_heading_and_a_part_brings_its_title() -> None:
    page = Page("Title", "UTC")
    page.section("Empty")
    page.bullets([])
    page.section("Full")
    page.section("Empty part", 3)
    page.quote(" \n")
    page.section("Full part", 3)
    page.text("x")
    assert page.whole == "# Title\n\n## Full\n\n### Full part\n\nx\n"


def test_columns_in_which_nothing_stands_are_left_out() -> None:
    page = Page("Title", "UTC")
    page.table(("A", "B", "C"), [("1", "", "2"), ("", " ", "3")])
    assert page.whole.endswith("| A | C |\n| --- | --- |\n| 1 | 2 |\n|  | 3 |\n")


def test_a_code_block_cannot_be_left() -> None:
    page = Page("Title", "UTC")
    page.code("a\n````\nb")
    assert page.whole.endswith("`````\na\n````\nb\n`````\n")


# -- CSV -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", "\x1b[0m=1"])
def test_no_cell_begins_a_formula(text: str) -> None:
    """What a spreadsheet would compute gets an apostrophe."""
    assert cell(text).startswith("'")
    assert "\x1b" not in cell(text)


def test_the_changes_are_written_with_their_fields() -> None:
    made = light()
    change = Change(id="C-1", summary='=HYPERLINK("x"),\nhi', owner="ben", ready=True, status="approved")
    text = changes_csv(replace(made, dossier=replace(made.dossier, changes=(change,))))
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert rows[1] == ["C-1", '\'=HYPERLINK("x"), hi', "approved", "", "ben", "yes", "", "no", ""]
    assert text.count("\r\n") == 2
    assert changes_csv(light()) == ",".join(COLUMNS) + "\r\n"


@given(st.text(max_size=30))
def test_whatever_a_cell_holds_it_is_no_formula(text: str) -> None:
    written = cell(text)
    assert not written.lstrip().startswith(("=", "+", "-", "@", "\t", "\r"))
    assert DAY > NOW
