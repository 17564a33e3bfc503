"""Booking a slot, giving it back, and giving way to a release that goes first [S1.37, S1.38].

The rules decide on a verdict that was made under the calendar lock; the desk sees to that.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from relui.domain.calendar.slot import unpassed
from relui.domain.checklist import STAGES
from relui.domain.dossier.decisions import final_outcome
from relui.domain.editing import retitled
from relui.domain.log import Act
from relui.domain.release import MILESTONES, Booking, Held
from relui.domain.ruling import Ruling, reason_given, refuse_closed
from relui.domain.slot_hold import missed, requested, slot_words
from relui.domain.text import one_line
from relui.errors import BadInput, Refused

if TYPE_CHECKING:
    from relui.domain.calendar.slot import Finding, Slot, Verdict
    from relui.domain.release import Release


class SlotRefused(Refused):
    """Rules forbid the slot. `verdict` bears every finding; `details` the same for documents."""

    title = "The slot conflicts"

    def __init__(self, message: str, verdict: Verdict) -> None:
        super().__init__(message)
        self.verdict = verdict

    @property
    def details(self) -> Mapping[str, object]:
        """The findings, the blocking ones first."""
        return {"findings": self.verdict.findings}


def booked_words(release: Release) -> str:
    """The slot that a release holds or held last, in words; nothing when it never had one."""
    if not release.bookings:
        return ""
    last = release.bookings[-1]
    return slot_words(last.at, last.duration, release.zone)


def holds(release: Release, slot: Slot) -> bool:
    """The release has that very slot booked."""
    now = release.booking
    return (
        now is not None
        and now.held == "booked"
        and (now.at, now.duration, now.environment) == (slot.start, slot.duration, slot.environment)
    )


def finding_words(finding: Finding) -> str:
    """One finding on one line, with its way out."""
    return f"{finding.rule}: {finding.words} {finding.way_out}".rstrip()


def book(
    release: Release,
    verdict: Verdict,
    *,
    counter: int,
    by: str,
    at: datetime,
    displaced: tuple[str, ...] = (),
    exception: str = "",
    approver: str = "",
) -> Ruling:
    """Reserve the slot of `verdict`; go-live and duration follow it, an earlier booking becomes `moved`.

    `verdict` is that of a calendar in which the `displaced` releases have given way. Raises SlotRefused
    with every finding when a rule forbids the slot and no `exception` is asked of an `approver` for it,
    BadInput for one without the other, Refused for a slot that is over or a release that is deployed.
    """
    refuse_closed(release)
    slot = verdict.slot
    exception = one_line(exception, what="The justification")
    approver = one_line(approver, what="The approver")
    if bool(exception) != bool(approver):
        raise BadInput("An exception needs both: its justification and the name of who approves it.")
    if holds(release, slot) and not missed(release, at) and not _asks_anew(release, verdict, exception):
        words = slot_words(slot.start, slot.duration, release.zone)
        return Ruling(release, None, told=(f"{release.id} holds {words} already.",))
    refuse_impossible(release, slot, at)
    if not exception:
        refuse_blocked(verdict)
    told = [finding_words(finding) for finding in _news(release, verdict)]
    if exception and not verdict.blocks:
        told.append("The exception was not needed, and is not recorded.")
        exception = approver = ""
    if exception:
        told.append(
            f"The slot is requested: it counts once {approver} has approved the exception "
            f"(relui sign {release.id} exception)."
        )
    booking = _booking(
        verdict, counter=counter, by=by, at=at, displaced=displaced, exception=exception, approver=approver
    )
    return _reserved(release, booking, at, tuple(told))


def _asks_anew(release: Release, verdict: Verdict, exception: str) -> bool:
    """An exception for the slot that is held: it is forbidden by now, or was asked for in other words."""
    before = release.booking
    if not exception or before is None:
        return False
    return bool(unpassed(before, verdict.blocks)) or (requested(release) and before.exception != exception)


def _booking(
    verdict: Verdict,
    *,
    counter: int,
    by: str,
    at: datetime,
    displaced: tuple[str, ...] = (),
    exception: str = "",
    approver: str = "",
) -> Booking:
    """The booking of a verdict's slot, with what was passed to get it, by right or by exception."""
    slot = verdict.slot
    return Booking(
        at=slot.start.astimezone(UTC),
        duration=slot.duration,
        environment=slot.environment,
        counter=counter,
        booked_at=at.astimezone(UTC),
        booked_by=by,
        exception=exception,
        approver=approver,
        passed=tuple(f.words for f in verdict.findings if f.passed or f.severity == "blocks"),
        displaced=displaced,
    )


def _news(release: Release, verdict: Verdict) -> list[Finding]:
    """The warnings about a slot, without what is done: stages that were left, a notice that went out."""
    from relui.domain.dossier.notices import last_sent
    from relui.domain.outline import Outline
    from relui.domain.progress import stage_of

    stage = stage_of(release, Outline(release))
    here = STAGES.index(stage) if stage in STAGES else len(STAGES)
    found = []
    for finding in verdict.warnings:
        ends = MILESTONES.get(finding.other) if finding.rule == "milestone" else None
        if ends and STAGES.index(ends) < here:
            continue
        sent = last_sent(release, "planned-release") if finding.rule == "notice" else None
        if sent is not None and sent.go_live in (None, verdict.slot.start):
            continue
        again = {"way_out": "It went out for another go-live: send it again."} if sent is not None else {}
        found.append(replace(finding, **again))
    return found


def refuse_impossible(release: Release, slot: Slot, at: datetime) -> None:
    """Raises Refused for a slot that is over at `at`, and for a release that is deployed or rolled back."""
    if final_outcome(release) == "rolled-back":
        raise Refused(
            f"{release.id} was rolled back: it is not deployed again. Create the release that follows it: "
            f"relui new --follows {release.id}."
        )
    if release.completed_at is not None:
        raise Refused(f"{release.id} is deployed already: its slot is past. Copy it as a new release.")
    if slot.end <= at:
        words = slot_words(slot.start, slot.duration, release.zone)
        raise Refused(f"{words} is over. Choose a slot that is still to come.")


def _reserved(release: Release, booking: Booking, at: datetime, told: tuple[str, ...]) -> Ruling:
    before = release.booking
    words = slot_words(booking.at, booking.duration, release.zone)
    text = f"booked {words}"
    bookings = release.bookings
    if before is not None:
        text = f"moved the booking from {slot_words(before.at, before.duration, release.zone)} to {words}"
        why = f"gave way to booking {booking.counter}" if before.held == "booked" else before.why
        bookings = (*bookings[:-1], replace(before, held="moved", why=why))
    if booking.environment != "production":
        text += f" in {booking.environment}"
    if booking.displaced:
        text += f", in place of {', '.join(booking.displaced)}"
    if booking.exception:
        text += f", by an exception, {booking.asked_of}"
    edited = retitled(
        release,
        replace(
            release,
            go_live=booking.at,
            duration=booking.duration,
            environment=booking.environment,
            bookings=(*bookings, booking),
        ),
    )
    act = Act("book", text, booking.exception, reversible=False)
    return Ruling(edited, act, ("go-live", "duration"), told=told)


def edit_booked(
    release: Release,
    ruling: Ruling,
    verdict: Verdict,
    before: Verdict,
    *,
    counter: int,
    by: str,
    at: datetime,
) -> Ruling:
    """An edit of a release that holds a slot: another date, duration, environment or service books anew.

    `ruling` is the edit's, `verdict` that of the slot as edited, `before` that of the slot as it was. Raises
    SlotRefused when the edited slot conflicts; what conflicted before does not hinder other fields.
    """
    edited, act = ruling.release, ruling.act
    if act is None or edited.booking is None:
        return ruling
    words = tuple(finding_words(finding) for finding in _news(release, verdict))
    ruling = replace(ruling, told=(*ruling.told, *words))
    if not any(getattr(release, field) != getattr(edited, field) for field in _SLOT_FIELDS):
        known = {(finding.rule, finding.other) for finding in before.blocks}
        if any((finding.rule, finding.other) not in known for finding in verdict.blocks):
            refuse_blocked(verdict)
        return ruling
    refuse_impossible(release, verdict.slot, at)
    refuse_blocked(verdict)
    booked = _reserved(edited, _booking(verdict, counter=counter, by=by, at=at), at, ruling.told)
    assert booked.act is not None
    return replace(
        booked, act=replace(booked.act, text=f"{act.text}; {booked.act.text}"), changed=ruling.changed
    )


_SLOT_FIELDS = ("go_live", "duration", "environment", "service")


def refuse_blocked(verdict: Verdict) -> None:
    """Raises SlotRefused, with every finding and its way out, when a rule forbids the slot."""
    slot, blocks = verdict.slot, verdict.blocks
    if not blocks:
        return
    rules = "A rule forbids" if len(blocks) == 1 else f"{len(blocks)} rules forbid"
    words = slot_words(slot.start, slot.duration, slot.zone)
    lines = [f"{rules} {words} for {slot.release or slot.service}:"]
    lines += [f"- {finding_words(finding)}" for finding in blocks]
    raise SlotRefused("\n".join(lines), verdict)


def give_back(release: Release, reason: str, at: datetime) -> Ruling:
    """Give the slot back, with a reason; the go-live stays as a plan. Without a slot nothing changes.

    Raises BadInput without a reason, Refused for an archived release.
    """
    refuse_closed(release)
    if release.booking is None:
        return Ruling(release, None, told=(f"{release.id} holds no slot.",))
    reason = reason_given(reason, f"Giving the slot of {release.id} back")
    text = f"gave the slot back: {booked_words(release)}"
    given = _now_held(release, "released", reason)
    return Ruling(given, Act("give-back", text, reason, reversible=False))


def displace(release: Release, by: str, why: str, at: datetime) -> Ruling:
    """The release `by`, which goes first, takes the slot: the booking is to be moved, and says why."""
    refuse_closed(release)
    now = release.booking
    if now is None or now.held != "booked":
        return Ruling(release, None, told=(f"{release.id} holds no slot that could be taken.",))
    text = f"lost its slot to {by}, which goes first: {booked_words(release)}"
    moved = _now_held(release, "to-be-moved", why, displaced_by=by)
    return Ruling(moved, Act("displace", text, why, reversible=False))


def withdrawn(release: Release, reason: str) -> Release:
    """The release without its slot: what cancelling does to it."""
    return release if release.booking is None else _now_held(release, "released", reason)


def _now_held(release: Release, held: Held, why: str, displaced_by: str = "") -> Release:
    last = replace(release.bookings[-1], held=held, why=why)
    if displaced_by:
        last = replace(last, displaced_by=displaced_by)
    return replace(release, bookings=(*release.bookings[:-1], last))


def refuse_moving(before: Release, after: Release) -> None:
    """Raises Refused when a reversal would take a booked release out of the slot that was checked."""
    if before.booking is None or before.closed:
        return
    named = {
        "go_live": "go-live",
        "duration": "duration",
        "environment": "environment",
        "service": "service",
        "people": "people",
    }
    moved = [words for field, words in named.items() if getattr(before, field) != getattr(after, field)]
    if moved or before.bookings != after.bookings:
        raise Refused(
            f"{before.id} holds a slot ({booked_words(before)}), and that would change its "
            f"{' and '.join(moved) or 'booking'} unchecked. A booking is not undone: book another slot, or "
            "give it back."
        )
