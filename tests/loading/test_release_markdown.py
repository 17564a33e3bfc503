from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.documents.checklist_markdown import FORMAT_MARK, release_markdown
from relui.domain.checklist import Item, ItemField, Mark, Phase, State
from relui.domain.release import Release
from relui.errors import BadInput
from relui.loading.release_markdown import MarkdownRelease, release_from_markdown
from tests.documents.releases import ZONES, releases
from tests.domain.releases import NOW, payments
from tests.loading.checklists import MOJIBAKE


def read(text: str) -> MarkdownRelease:
    return release_from_markdown(text, "x.md")


def without_kinds(phases: tuple[Phase, ...]) -> list[Phase]:
    """Phases as Markdown can carry them: fields by label, due times without blanks around."""
    return [replace(phase, items=_without_kinds(phase.items), due=phase.due.strip()) for phase in phases]


def _without_kinds(items: tuple[Item, ...]) -> tuple[Item, ...]:
    return tuple(
        replace(
            item,
            items=_without_kinds(item.items),
            fields=tuple(ItemField(field.id, field.label) for field in item.fields),
        )
        for item in items
    )


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=40)
@given(releases(), ZONES)
def test_a_release_that_was_exported_reads_back(release: Release, zone: str) -> None:
    """Structure, states, people, times, reasons, notes, evidence, fields and facts survive."""
    found = read(release_markdown(release, NOW, zone))
    assert without_kinds(found.phases) == without_kinds(release.phases)
    assert found.marks == release.marks
    for fact in (
        "title", "id", "service", "version", "type", "impact", "owner",
        "go_live", "zone", "duration", "environment",
        "template", "notes_link", "rationale", "risk", "rollback", "created_at", "created_by", "started_at",
        "completed_at", "closing", "retrospective",
    ):  # fmt: skip
        assert getattr(found, fact) == getattr(release, fact), fact
    assert found.told == ()
    assert found.description == ""


def test_windows_line_ends_and_stripped_blanks_do_not_matter() -> None:
    at = datetime(2026, 11, 21, 18, 40, tzinfo=UTC)
    mark = Mark(State.DONE, "ada", at, note="two\nlines", fields={"where": "s3"}, evidence=("https://x/y",))
    release = payments(marks={"before.backup": replace(mark, fields={})})
    text = release_markdown(release, NOW, "UTC")
    stripped = "\r\n".join(line.rstrip() for line in text.split("\n"))
    assert release_from_markdown(b"\xef\xbb\xbf" + stripped.encode(), "x") == read(text)


def test_field_kinds_are_guessed_so_that_values_fit() -> None:
    fields = (ItemField("date", "Date", "date"), ItemField("name", "Name", "person"))
    release = payments()
    first = replace(release.phases[0].items[0], fields=fields)
    phases = (replace(release.phases[0], items=(first,)), *release.phases[1:])
    for value, kind in (("2026-11-21", "date"), ("soon", "text")):
        marks = {"build.merged": Mark(fields={"date": value})}
        found = read(release_markdown(replace(release, phases=phases, marks=marks), NOW, "UTC"))
        assert [field.kind for field in found.phases[0].items[0].fields] == [kind, "person"]
        assert found.marks["build.merged"].fields == {"date": value}


def test_what_somebody_adds_by_hand_is_kept() -> None:
    text = release_markdown(payments(), NOW, "UTC")
    text = text.replace("- [ ] Merged\n", "- [x] Merged\n  by hand, on paper\n- [ ] One more (if any)\n")
    text = text.replace("- **Impact:** medium", "- **Impact:** enormous")
    text = text.replace("\n<!--", "\n## Afterwards (T+24h)\n- [x] party\n\n<!--")
    found = read(text)
    first, second = found.phases[0].items[:2]
    assert (first.text, first.help, second.text) == ("Merged", "by hand, on paper", "One more (if any)")
    assert found.marks["build.merged"].state is State.DONE
    assert found.impact is None
    assert "Impact" in found.told[0]
    assert (found.phases[-1].name, found.phases[-1].due) == ("Afterwards (T+24h)", "T+24h")


def test_a_foreign_list_gives_phases_and_states_but_no_facts() -> None:
    found = read(MOJIBAKE)
    assert found.title == "🚀 Release-Checkliste – Kundenportal"
    assert (found.service, found.version, found.go_live, found.id) == (None, None, None, None)
    assert [phase.due for phase in found.phases] == ["T-48h", "T-24h", "T", "T+24h"]
    states = {path.rpartition(".")[2]: mark for path, mark in found.marks.items()}
    assert states["auf-staging-deployed"] == Mark(State.DONE)
    left_out = [mark for mark in found.marks.values() if mark.state is State.NOT_APPLICABLE]
    assert [mark.reason for mark in left_out] == ["as marked in x.md, line 32"]
    assert any("repaired" in word for word in found.told)


def test_a_ticked_parent_with_open_sub_items_is_told() -> None:
    found = read("- [x] a\n  - [ ] b")
    assert found.marks == {}
    assert "was marked done, but not all of its sub-items are" in found.told[0]


def test_a_list_without_tasks_and_a_newer_form_are_refused() -> None:
    with pytest.raises(BadInput, match="no tasks"):
        read("nothing here")
    with pytest.raises(BadInput, match="newer relui"):
        read("- [ ] a\n\n" + FORMAT_MARK.replace("1", "2"))


@given(st.text(max_size=200))
def test_any_damage_to_the_own_form_is_read_or_refused_in_words(text: str) -> None:
    whole = release_markdown(payments(), NOW, "UTC")
    at = whole.index("## Build") + len(text)
    try:
        read(whole[:at] + text + whole[at:])
    except BadInput as error:
        assert error.message.startswith("x.md: ")
