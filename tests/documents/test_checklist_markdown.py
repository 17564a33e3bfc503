from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from markdown_it import MarkdownIt
from msgspec.structs import replace

from relui.documents.checklist_markdown import release_markdown
from relui.documents.page import heading, inline, instant, line, quote
from relui.domain.checklist import Mark, State
from relui.domain.outline import Outline
from relui.domain.release import Closing, Release, Retrospective
from relui.errors import BadInput
from tests.documents.releases import releases
from tests.domain.releases import GO_LIVE, NOW, payments

PRINTED = """\
# 2.4.0 - Release - 2026-11-21

- **Release:** REL-2026-11-001
- **Service:** payments
- **Version:** 2.4.0
- **Type:** minor
- **Impact:** medium
- **Owner:** ada
- **Go-live:** Saturday 2026-11-21 20:00 +00:00 (UTC)
- **Go-live here:** Saturday 2026-11-21 21:00 +01:00 (Europe/Berlin)
"""


def marked(**marks: Mark) -> Release:
    return payments(marks={path.replace("__", "."): mark for path, mark in marks.items()})


def printed(release: Release, zone: str = "UTC") -> str:
    return release_markdown(release, NOW, zone)


def test_facts_stand_at_the_top_with_weekday_and_zones() -> None:
    text = printed(payments(), "Europe/Berlin")
    assert text.startswith(PRINTED)
    assert "**Status:** build, 0 of" in text
    assert "go-live in 5d" in text


def test_a_phase_has_its_due_time_in_words_and_as_an_instant() -> None:
    """[S0.2]"""
    text = printed(payments())
    assert (
        "## Build\n\n*48 h before (T-48h): Thursday 2026-11-19 20:00 +00:00; stage: build*\n\n- [ ] " in text
    )
    assert "*at go-live (T): Saturday 2026-11-21 20:00 +00:00; stage: deploy*" in text


def test_boxes_show_states_and_sub_items_are_nested() -> None:
    at = datetime(2026, 11, 21, 18, 40, tzinfo=UTC)
    text = printed(
        marked(
            before__vars__keys=Mark(State.NOT_APPLICABLE, "bob", at, "no keys"),
            before__vars__flags__on=Mark(State.FAILED, "bob", at, "broken"),
            before__backup=Mark(
                State.DONE,
                "ada",
                at,
                note="two\nlines",
                evidence=("https://x",),
                fields={"where": "s3"},
                late=True,
            ),
        )
    )
    assert (
        "- [x] Backup  \n  Done (late) on Saturday 2026-11-21 18:40 +00:00 by ada  \n"
        "  Evidence: https://x  \n  [Where it is]: s3  \n  Note:\n  > two  \n  > lines\n" in text
    )
    assert "- [!] Vars\n  - [-] Keys  \n    Not applicable on" in text
    assert "    Reason: no keys  \n" in text
    assert "  - [!] Flags\n    - [!] On  \n" in text


def test_a_field_without_a_value_is_a_line_to_write_on() -> None:
    assert "  [Where it is]: ________  \n" in printed(payments())


def test_help_can_be_left_out() -> None:
    release = payments()
    first = replace(release.phases[0].items[0], help="Look")
    phases = (replace(release.phases[0], items=(first,)), *release.phases[1:])
    release = replace(release, phases=phases)
    assert "  Help:\n  > Look\n" in printed(release)
    assert "Help:" not in release_markdown(release, NOW, "UTC", with_help=False)


def test_the_retrospective_and_the_outcome_are_printed_when_they_are_there() -> None:
    """[S0.9]"""
    closing = Closing("successful", GO_LIVE, "ada", left_open={"build.merged": "no need"})
    text = printed(payments(retrospective=Retrospective("a", "b", "c"), closing=closing))
    assert "**Closed:** successful, Saturday 2026-11-21 20:00 +00:00 by ada" in text
    assert "Left open: no need" in text
    assert text.endswith("### What changes next release\n\n> c\n\n<!-- relui release 1 -->\n")
    assert "Retrospective" not in printed(payments())


def test_a_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadInput, match="time zone"):
        printed(payments(), "Europe/Berln")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("- [ ] a", "\\- \\[ \\] a"),
        ("# a", "\\# a"),
        ("1. a", "1\\. a"),
        ("2.4.0", "2.4.0"),
        ("a `b`", "a \\`b\\`"),
        ("snake_case", "snake_case"),
        ("_a_", "\\_a\\_"),
        ("a & b &amp; c", "a & b \\&amp; c"),
        ("<b>", "\\<b>"),
        ("a\nb", "a b"),
        ("\x1b[31mred", "red"),
        ("C #", "C #"),
    ],
)
def test_text_is_escaped_only_where_it_would_be_structure(text: str, escaped: str) -> None:
    assert line(text) == escaped


def test_a_hash_at_the_end_of_a_heading_stays() -> None:
    assert heading(2, "C #") == "## C \\#"
    assert heading(2, "#") == "## \\#"


def test_a_quotation_keeps_gaps_and_blanks() -> None:
    assert quote("a\n\n    b \n", "  ") == ["  > a", "  >", "  > &#32;   b&#32;", "  >"]
    assert inline("a ") == "a&#32;"


def test_an_instant_has_seconds_only_when_it_needs_them() -> None:
    assert instant(GO_LIVE, "Asia/Kathmandu") == "Sunday 2026-11-22 01:45 +05:45"
    assert instant(GO_LIVE.replace(second=5), "UTC") == "Saturday 2026-11-21 20:00:05 +00:00"


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=40)
@given(releases())
def test_no_text_of_people_becomes_markdown(release: Release) -> None:
    """What a Markdown parser finds is what was written by relui: so many headings, items, quotations."""
    found = Counter[str]()
    for token in MarkdownIt("commonmark").parse(release_markdown(release, NOW, "UTC")):
        found[token.type] += 1
        found.update(child.type for child in token.children or ())
    outline = Outline(release)
    retro = [
        text
        for text in (release.retrospective.well, release.retrospective.hard, release.retrospective.next)
        if text
    ]
    assert found["heading_open"] == 1 + len(outline.phases) + len(retro) + bool(retro)
    facts = release_markdown(release, NOW, "UTC").partition("\n*Boxes:")[0].count("\n- **")
    assert found["list_item_open"] == facts + sum(1 for node in outline if node.item is not None)
    assert found["html_block"] == 1
    for structure in (
        "code_inline",
        "code_block",
        "fence",
        "hr",
        "link_open",
        "image",
        "html_inline",
        "ordered_list_open",
    ):
        assert found[structure] == 0, structure
