"""A slot that the rules forbid: the ways that they leave open, leaving it first [S1.32, S1.38]."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from relui.domain.calendar.slot import Slot, Verdict
from relui.domain.organisation import Organisation
from relui.domain.release import Release
from relui.errors import BadInput, Refused

if TYPE_CHECKING:
    from relui.desk.act import Done
    from relui.ui.calendar.reading import CalendarReading
    from relui.ui.kit.asker import Asker


class How(Struct, frozen=True):
    """How to book against the rules: by displacing others, or as an exception that somebody approves."""

    displace: bool = False
    exception: str = ""
    approver: str = ""


async def book_anyway(
    screen: Asker, reading: CalendarReading, release: Release, verdict: Verdict, book: Callable[[How], Done]
) -> Done | None:
    """Ask how, and book so; None leaves things as they are. Only what the rules allow is offered."""
    from relui.ui.kit.question import Choose

    against = " ".join(f"{finding.rule}: {finding.words}" for finding in verdict.blocks)
    choices = [("Leave it", "nothing is booked")]
    ways = ["leave"]
    moving, why_not = _displaceable(reading, verdict)
    if moving:
        names = ", ".join(slot.release for slot in moving)
        choices.append((f"Displace {names}", "it goes first: the other has to move"))
        ways.append("displace")
    if reading.organisation.people:
        choices.append(("Exception", "with a justification; it counts once it is approved"))
        ways.append("exception")
    title = f"{len(verdict.blocks)} against {release.id}"
    screen.say(f"{against}  {why_not}".strip(), "failed")
    chosen: int | None = await screen.app.push_screen_wait(Choose(title, choices))
    if chosen is None or ways[chosen] == "leave":
        return None
    return (
        book(How(displace=True))
        if ways[chosen] == "displace"
        else await _exception(screen, reading.organisation, release, book)
    )


def _displaceable(reading: CalendarReading, verdict: Verdict) -> tuple[tuple[Slot, ...], str]:
    from relui.domain.calendar.precedence import displaceable

    try:
        return displaceable(reading.calendar.timetable, verdict.slot, verdict), ""
    except Refused as refused:
        return (), refused.message


async def _exception(
    screen: Asker, organisation: Organisation, release: Release, book: Callable[[How], Done]
) -> Done | None:
    from relui.domain.dossier.signers import exception_approver, required_signers
    from relui.ui.kit.form import Entry, Form
    from relui.ui.kit.question import carry_out

    signers = required_signers("exception", release, organisation)

    def check(name: str, text: str) -> None:
        if name == "exception" and not text.strip():
            raise BadInput("An exception needs its justification.")
        if name == "approver":
            exception_approver(release, organisation, text)

    may = [person.id for each in signers for person in each.people]
    entries = [
        Entry("exception", "justification", hint="why it cannot wait for a free slot"),
        Entry(
            "approver", "approval asked of", value=may[0] if len(may) == 1 else "", hint=", ".join(may[:6])
        ),
    ]
    form = Form(f"Exception for {release.id}", entries, check=check, draft=f"{release.id}-exception")
    done: Done | None = await carry_out(
        screen,
        form,
        lambda given: book(How(exception=given["exception"].strip(), approver=given["approver"].strip())),
    )
    return done
