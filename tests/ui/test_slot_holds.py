"""How a slot is held, in every place that tells it: one rule, so that no two places disagree."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from relui.cli.shapes import bookings, slot_state
from relui.cli.showing import slot_lines as shown_lines
from relui.documents.calendar_ics import calendar_ics
from relui.domain.calendar.slot import slot_of
from relui.domain.organisation import Organisation
from relui.domain.progress import standing
from relui.domain.release import HOLD_WORDS, Release
from relui.domain.slot_hold import hold_of
from relui.ui.calendar.blocks import state_of
from relui.ui.calendar.scene import release_thing
from relui.ui.one_release.slot_words import slot_lines, with_slot
from tests.domain.dossier.gated import booking
from tests.domain.releases import GO_LIVE, NOW, payments

OVER = GO_LIVE + timedelta(hours=2)
NOBODY = Organisation(zone="UTC")


def held(**more: object) -> Release:
    return payments(bookings=(replace(booking(), **more),))


@pytest.mark.parametrize(
    ("made", "now", "hold", "trouble"),
    [
        (payments(), NOW, "planned", ""),
        (held(), NOW, "booked", ""),
        (held(), OVER - timedelta(seconds=1), "booked", ""),
        (held(), OVER, "missed", "missed"),
        (replace(held(), started_at=GO_LIVE), OVER, "booked", ""),
        (held(exception="Law", approver="ada"), NOW, "requested", "requested"),
        (held(exception="Law", approver="ada"), OVER, "missed", "missed"),
        (held(held="to-be-moved", displaced_by="REL-2026-11-009"), OVER, "to-be-moved", "to-be-moved"),
    ],
)
def test_a_slot_is_told_alike_in_every_place(made: Release, now: datetime, hold: str, trouble: str) -> None:
    """[S1.37, S1.38] List, record, calendar, JSON, words and the file for other calendars."""
    assert hold_of(made, now) == slot_state(made, now, conflict=False) == hold
    slot = slot_of(made, NOBODY)
    assert slot.hold(now) == state_of(release_thing(made, slot), frozenset(), now) == hold
    kinds = [each.kind for each in with_slot(standing(made, now), made, (), now).troubles]
    assert [kind for kind in kinds if kind in HOLD_WORDS] == ([trouble] if trouble else [])
    if made.booking is not None:
        assert bookings(made, now)[-1]["held"] == hold
    said = " ".join(str(piece) for line in shown_lines(made, (), now, "UTC") for piece in line).casefold()
    preview = " ".join(line.plain for line in slot_lines(made, (), now, "UTC")).casefold()
    for word in ("missed", "requested"):
        assert (word in said) == (word in preview) == (hold == word)
    ics = calendar_ics(NOBODY, [made], NOW, OVER, now).decode().replace("\r\n ", "")
    assert ("STATUS:CONFIRMED" in ics) == (hold == "booked")
