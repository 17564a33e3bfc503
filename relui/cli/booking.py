"""`relui slots`, `book` and `may-deploy`: when a release can go live, its slot, a pipeline's guard."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from relui.cli.acting import tell
from relui.cli.calendar import NO_WINDOW
from relui.cli.command import RELEASE, argument, command, option, switch
from relui.cli.completing import person_names, release_ids, service_names
from relui.cli.output import moment
from relui.cli.session import Session
from relui.cli.shapes import act, bookings, free_slots, permission
from relui.errors import Refused

if TYPE_CHECKING:
    from relui.desk.act import Done
    from relui.domain.calendar.check import FreeSlots


@command("slots")
def slots_command(
    session: Session,
    release: str = RELEASE,
    start: str = option("Look from here on; now without.", "INSTANT", "--from"),
    count: int = option("How many; 5 when nothing is said.", "N", type=click.IntRange(1, 100), default=5),
) -> int:
    """Name the next free slots of the release ID, and why earlier ones are not free. Exit code 1 when there
    is none.
    """
    desk = session.desk
    opened = session.release(release)
    at = instant(session, start, opened.zone)
    slots = desk.calendar.free_slots(opened.id, at, count)
    if not session.answers(free_slots(opened.id, slots)):
        _print_slots(session, slots)
    return 0 if slots.found else Refused.exit_code


def _print_slots(session: Session, slots: FreeSlots) -> None:
    zone = session.desk.organisation.display_zone()
    for passed in slots.passed_over:
        session.out.word(f"Not {moment(passed.start, zone)} to {moment(passed.end, zone)}: {passed.words}")
    for answer in slots.found:
        warnings = " ".join(warning.words for warning in answer.warnings)
        slot = answer.slot
        line = f"{moment(slot.start, zone)} to {moment(slot.end, zone)} {zone}"
        session.out.line(f"{line}  {warnings}".rstrip())
    if any(answer.open_calendar for answer in slots.found):
        session.out.word(NO_WINDOW)
    if slots.words:
        session.out.word(slots.words)


@command("book")
def book_command(
    session: Session,
    release: str = RELEASE,
    at: str = option("When it goes live; without, as planned.", "INSTANT"),
    duration: str = option("How long; as planned, when nothing is said.", "D"),
    displace: bool = switch("Take the slot of releases that this one goes before."),
    exception: str = option("Why it may be against the rules; whom you name has to sign it.", "REASON"),
    approver: str = option("Who is asked to approve the exception.", "NAME", completing=person_names),
    back: bool = switch("Give the slot back, with --reason.", "--give-back"),
    reason: str = option("Why the slot is given back."),
) -> None:
    """Book a slot for the release ID: all the rules hold, or nothing is booked. A slot that is held already
    is left as it is.
    """
    if back:
        if at or duration or displace or exception or approver:
            raise click.UsageError("--give-back takes nothing but --reason.")
        done = session.desk.calendar.give_back(release, reason)
        _tell(session, done, "nothing to give back.")
        return
    if reason:
        raise click.UsageError("--reason belongs to --give-back; an exception says why with --exception.")
    from relui.domain.booking_rules import SlotRefused
    from relui.domain.instants import parse_duration

    wanted = instant_for(session, at, release)
    minutes = parse_duration(duration) if duration else None
    try:
        done = session.desk.calendar.book(
            release, wanted, duration=minutes, displace=displace, exception=exception, approver=approver
        )
    except SlotRefused as refused:
        hint = f"`relui slots {release}` names the next free slots."
        raise SlotRefused(f"{refused.message}\nNothing was booked. {hint}", refused.verdict) from None
    _tell(session, done)


def _tell(session: Session, done: Done, already: str = "nothing changed.") -> None:
    held = bookings(done.release, session.clock.now()) if done.release.booking else [None]
    if not session.answers({**act(done), "booking": held[-1]}):
        tell(session, done, already)


def instant(session: Session, text: str, zone: str) -> datetime | None:
    """The instant that a text says, wall-clock times in `zone`; None for no text. What is odd is told."""
    if not text.strip():
        return None
    from relui.domain.instants import parse_instant

    parsed = parse_instant(text, zone)
    if parsed.told:
        session.out.word(parsed.told)
    return parsed.at


def instant_for(session: Session, text: str, release: str) -> datetime | None:
    """The same, in the zone of a release."""
    return instant(session, text, session.release(release).zone) if text.strip() else None


@command("may-deploy")
def may_deploy_command(
    session: Session,
    service: str = argument("SERVICE", service_names),
    at: str = option("When; now, when nothing is said.", "INSTANT"),
    duration: str = option("How long it takes; with --release the rest of its slot, else 2h.", "D"),
    release: str = option(
        "Ask for this release: its booking and its state count too.", "ID", completing=release_ids
    ),
) -> int:
    """Say whether SERVICE may be deployed: exit code 0 yes, 1 no, with reasons."""
    from relui.domain.instants import parse_duration

    desk = session.desk
    when = instant(session, at, desk.organisation.input_zone(service))
    answer = desk.deployment.may_deploy(
        service, when, parse_duration(duration) if duration else None, release
    )
    if not session.answers(permission(answer)):
        session.out.line("yes" if answer.allowed else "no")
        session.out.words((*answer.reasons, *(f"Passed: {words}" for words in answer.passed), *answer.told))
    return 0 if answer.allowed else Refused.exit_code
