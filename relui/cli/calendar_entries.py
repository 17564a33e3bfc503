"""`relui org entry` and `relui org away`: windows, blackouts, maintenance, events and absences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial

import click

from relui.cli.acting import PREVIEW, amend
from relui.cli.calendar import day
from relui.cli.command import Given, argument, choice, command, group, option
from relui.cli.completing import entry_ids, person_names
from relui.cli.session import Session
from relui.cli.shapes import picked
from relui.domain.calendar.editing import with_absence, with_entry, without_absence, without_entry
from relui.domain.calendar.entries import KINDS, CalendarEntry, Kind
from relui.domain.organisation import Absence
from relui.domain.text import one_line

_KEYS: Mapping[str, Given] = {
    f"key_{flag.removeprefix('--').replace('in-zone', 'zone')}": option(words, metavar, flag, default=None)
    for flag, metavar, words in (
        ("--name", "T", "What people call it; its id, when nothing is said."),
        ("--weekly", "DAYS", "On these weekdays: sat,sun, with --from and --to as 18:00."),
        ("--monthly", "N..N", "Whole days of every month: 28..2."),
        ("--yearly", "M-D..M-D", "Whole days of every year: 12-15..01-05."),
        ("--rrule", "RULE", "An RFC 5545 rule, with --from (its first start) and --duration."),
        (
            "--from",
            "T",
            "A time of day, of a week or of a date, or a day: 18:00, fri 23:00, 2026-11-16T20:00.",
        ),
        ("--to", "T", "Likewise; the last day counts."),
        ("--duration", "D", "How long each lasts, with --rrule or --weekly: 2h."),
        ("--except", "T,T", "Starts of an --rrule that do not take place."),
        ("--in-zone", "ZONE", "Where its hours are meant; the organisation's zone without."),
        ("--services", "S,S", "For these services; all of them without."),
        ("--environments", "E,E", "In these environments; every one without."),
        ("--note", "T", "What to know about it."),
    )
}
"""An entry's keys in organisation.yaml, as options: flag, placeholder, help."""


def _given(keys: dict[str, str | None]) -> dict[str, str]:
    """The options that were given, under organisation.yaml's keys."""
    return {name.removeprefix("key_"): text for name, text in keys.items() if text is not None}


entry_command = group("entry", "List, add, change and remove windows, blackouts, maintenance and events.")


@command("list", entry_command)
def list_entries(session: Session, kind: str | None = choice("Of this kind only.", KINDS)) -> None:
    """List what stands in the calendar."""
    entries = [one for one in session.desk.organisation.read().entries if kind in (None, one.kind)]
    if not session.answers({"entries": entries}):
        nothing = "There is no such entry." if kind else "Nothing stands in the calendar."
        session.out.table(ENTRY_HEAD, entry_rows(entries), nothing)


ENTRY_HEAD = ("ENTRY", "KIND", "SERVICES", "NAME", "WHEN")


def entry_rows(entries: Iterable[CalendarEntry]) -> Iterator[tuple[str, ...]]:
    """Entries as rows of a table."""
    from relui.documents.organisation_yaml import pattern_plain

    for entry in entries:
        zone = f" {entry.zone}" if entry.zone else ""
        when = ", ".join(f"{key} {_plain(value)}" for key, value in pattern_plain(entry.when).items()) + zone
        yield entry.id, entry.kind, ", ".join(entry.services) or "all", entry.name, when


def _plain(value: object) -> str:
    """A value of organisation.yaml as its option takes it: lists with commas, ranges with dots."""
    if isinstance(value, list):
        return ",".join(map(str, value))
    return f"{value['from']}..{value['to']}" if isinstance(value, dict) else str(value)


@command("add", entry_command, more=_KEYS)
def add_entry(
    session: Session,
    /,
    kind: Kind = argument("KIND", type=click.Choice(KINDS)),  # noqa: B008 - a declaration
    entry: str = argument("ENTRY"),
    preview: bool = PREVIEW,
    **keys: str | None,
) -> None:
    """Put an entry of KIND into the calendar: window, blackout, maintenance, event."""
    desk = session.desk
    added = desk.organisation.read_entry(kind, {"id": entry, **_given(keys)})
    amend(session, preview, partial(with_entry, entry=added), partial(desk.organisation.add_entry, added))


@command("change", entry_command, more=_KEYS)
def change_entry(
    session: Session,
    /,
    entry: str = argument("ENTRY", entry_ids),
    preview: bool = PREVIEW,
    **keys: str | None,
) -> None:
    """Change the entry ENTRY; an empty value takes a key away.

    Another kind of pattern replaces all that says when.
    """
    given = _given(keys)
    if not given:
        raise click.UsageError("Say what to change, such as --name T.", click.get_current_context())
    desk = session.desk
    changed = desk.organisation.entry_changed(entry, given)
    change = partial(with_entry, entry=changed, replaces=changed.id)
    amend(session, preview, change, partial(desk.organisation.change_entry, changed.id, changed))


@command("remove", entry_command)
def remove_entry(
    session: Session, entry: str = argument("ENTRY", entry_ids), preview: bool = PREVIEW
) -> None:
    """Take the entry ENTRY out of the calendar."""
    amend(
        session,
        preview,
        partial(without_entry, id=entry),
        partial(session.desk.organisation.remove_entry, entry),
    )


away_command = group("away", "List, add and remove absences of people.")


@command("list", away_command)
def list_absences(session: Session) -> None:
    """List who is away when."""
    found = [(person, away) for person in session.desk.organisation.read().people for away in person.away]
    rows = [{"id": person.id, **picked(away, "from=first to=last reason")} for person, away in found]
    if not session.answers({"away": rows}):
        session.out.table(
            ("PERSON", "FROM", "TO", "DELEGATE", "REASON"),
            ((p.id, str(a.first), str(a.last), p.delegate or "-", a.reason or "-") for p, a in found),
            "Nobody is away.",
        )


PERSON = argument("PERSON", person_names)
FIRST = option("The first day: 2026-11-16.", "D", "--from", required=True)
LAST = option("The last day; the first, without.", "D", "--to")


@command("add", away_command)
def add_absence(
    session: Session,
    person: str = PERSON,
    first: str = FIRST,
    last: str = LAST,
    reason: str = option("Why."),
    preview: bool = PREVIEW,
) -> None:
    """PERSON is away on whole days.

    One that is there already is left.
    """
    absence = Absence(*_days(first, last), one_line(reason, what="The reason"))
    change = partial(with_absence, person=person, absence=absence)
    amend(session, preview, change, partial(session.desk.organisation.add_absence, person, absence))


@command("remove", away_command)
def remove_absence(
    session: Session,
    person: str = PERSON,
    first: str = FIRST,
    last: str = LAST,
    preview: bool = PREVIEW,
) -> None:
    """PERSON is there after all.

    It is the absence of exactly these days that goes.
    """
    absence = session.desk.organisation.absence_of(person, *_days(first, last))
    change = partial(without_absence, person=person, absence=absence)
    amend(session, preview, change, partial(session.desk.organisation.remove_absence, person, absence))


def _days(first: str, last: str) -> tuple[date, date]:
    begins = day(first)
    return begins, day(last) if last else begins
