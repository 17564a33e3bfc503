"""The record's first tabs: the definition with schedule and contacts, and the changes [S1.1, S1.3, S1.7]."""

from __future__ import annotations

from relui.domain.dossier.changes import USUAL, advice, carried, verify_change
from relui.domain.dossier.environments import promoted
from relui.domain.dossier.parts import Change, Environment
from relui.domain.dossier.signers import ready_words
from relui.domain.instants import format_duration
from relui.domain.release import HOLD_WORDS
from relui.domain.slot_hold import finished, hold_of
from relui.ui.kit.rows import Row, RowState, section
from relui.ui.one_release.places import DEFINITION_LABELS
from relui.ui.record.view import View, field_rows, point_rows

"""Fields of the definition, in their order, with what people call them."""

_COMPLETE = ("rationale", "resources", "risk", "rollback", "rollback-minutes", "rollback-limit")
_RECORDED = ("rationale", "rollback")


def definition_rows(view: View) -> list[Row]:
    """The definition: its fields, the slot, the promotion schedule, contacts, prerequisites."""
    asked: set[str] = set()
    asked |= set(_COMPLETE) if view.asks("definition-complete") else set()
    asked |= set(_RECORDED) if view.asks("definition-recorded") else set()
    asked |= {"version"} if view.asks("version-set") else set()
    asked |= {"needs"} if view.asks("needed-releases-out") and view.release.dossier.needs else set()
    rows = section("field", "Definition", field_rows(view, DEFINITION_LABELS, frozenset(asked)))
    rows += section("slot", "Slot", [_slot_row(view)])
    rows += section(
        "environment",
        "Promotion schedule",
        [_environment_row(view, each) for each in view.release.dossier.environments],
        _none(view.release.dossier.environments, "none planned; c adds one"),
    )
    rows += section("contact", "Contacts", _contact_rows(view), _none(view.release.dossier.contacts, "none"))
    return rows + point_rows(view, "prerequisite")


def _none(parts: object, words: str) -> str:
    return "" if parts else words


def _slot_row(view: View) -> Row:
    booking = view.release.booking
    line = view.lines.get("slot-booked")
    length = format_duration(view.release.duration)
    if ended := finished(view.release):
        at = booking.at if booking is not None else view.release.go_live
        return Row("slot", "", f"Slot: {HOLD_WORDS[ended]}", view.when(at), "plain", "")
    if booking is None:
        state: RowState = "unmet" if line is not None and not line.passes else "plain"
        return Row("slot", "", "No slot is booked", f"planned {view.when(view.release.go_live)}", state, "")
    words = f"{view.when(booking.at)} for {format_duration(booking.duration) or length}"
    if booking.held == "to-be-moved":
        return Row("slot", "", "Slot lost", f"{words}, to {booking.displaced_by}", "bad", "to be moved")
    hold = hold_of(view.release, view.context.now)
    if hold == "missed":
        return Row("slot", "", "Slot missed", f"{words}, passed unused", "bad", "missed")
    if hold == "requested":
        return Row("slot", "", "Slot requested", f"{words}, an exception", "unmet", "to approve")
    state = "plain" if line is None else "met" if line.passes else "bad"
    return Row("slot", "", "Slot booked", words, state, "" if state != "bad" else "forbidden now")


def _environment_row(view: View, environment: Environment) -> Row:
    done = promoted(view.release, environment.id)
    state: RowState = "met" if done else "plain"
    if ("environment", environment.id) in view.owed:
        state = "unmet"
    planned = f"planned {view.when(environment.planned)}" if environment.planned else "no planned time"
    words = f"{planned}; baseline: {environment.baseline}" if environment.baseline else planned
    tail = f"promoted {view.when(environment.promoted)}" if done else "not promoted yet"
    if environment.promoted and not done:
        tail = f"promoted with build {environment.iteration} only"
    return Row("environment", environment.id, environment.id, words, state, tail)


def _contact_rows(view: View) -> list[Row]:
    rows = []
    for each in view.release.dossier.contacts:
        person = view.context.organisation.person(each.person)
        reach = each.reach or (person.contact if person else "")
        name = person.name if person else each.person
        asked = view.asks("incident-response-named") and each.id.casefold() == "incident-response"
        state = view.state("contact", each.id, asked=asked)
        rows.append(
            Row("contact", each.id, each.id, ", ".join(part for part in (name, reach) if part), state, "")
        )
    gap = view.owed.get(("contact", "incident-response"))
    if gap is not None and not any(row.id.casefold() == "incident-response" for row in rows):
        rows.append(
            Row("missing-contact", "incident-response", "incident-response", gap.text, "unmet", "missing")
        )
    return rows


def change_rows(view: View) -> list[Row]:
    """The changes, each with its four verifications [S1.3]."""
    changes = view.release.dossier.changes
    count = len(carried(view.release))
    words = advice(view.release) if view.lines or changes else "none; c adds one, i brings some in"
    odd = bool(changes) and count not in USUAL
    return section(
        "change",
        "Changes",
        [_change_row(view, each) for each in changes],
        words,
        "" if not odd else f"{count}",
    )


def _change_row(view: View, change: Change) -> Row:
    when = f"by {change.target}" if change.target else ""
    extra = "  ".join(part for part in (change.owner, when) if part)
    words = f"breaking: {change.summary}" if change.breaking else change.summary
    if change.status == "withdrawn":
        return Row("change", change.id, change.id, words, "left-out", "withdrawn", extra)
    wrong = [each for each in verify_change(view.release, change, view.context.earlier) if not each.holds]
    asked = view.asks("changes-approved", "changes-new", "changes-timely", "changes-ready")
    if not asked:
        tail = change.status + (f", ready {ready_words(change)}".rstrip() if change.ready else "")
        return Row("change", change.id, change.id, words, "plain", tail, extra)
    if change.status == "rejected":
        return Row("change", change.id, change.id, words, "bad", "rejected", extra)
    if not wrong:
        tail = ", ".join(part for part in ("verified", ready_words(change)) if part)
        return Row("change", change.id, change.id, words, "met", tail, extra)
    first = {"approved": "not approved", "first": "released before", "date": "date", "ready": "not ready"}
    more = f" +{len(wrong) - 1}" if len(wrong) > 1 else ""
    state: RowState = "unmet" if ("change", change.id) in view.owed else "overridden"
    return Row("change", change.id, change.id, words, state, first[wrong[0].check] + more, extra)
