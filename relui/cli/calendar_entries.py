"""`relui org entry` and `relui org away`: windows, blackouts, maintenance, events and absences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from relui.cli.acting import PREVIEW, tell_amended, tell_preview
from relui.cli.command import Given, argument, choice, command, group, option
from relui.cli.completing import entry_ids, person_names
from relui.cli.output import table, terminal_width
from relui.cli.session import Session
from relui.cli.shapes import picked
from relui.domain.calendar.entries import KINDS, Entry, Kind

if TYPE_CHECKING:
    from datetime import date

    from relui.domain.organisation import Absence

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
    if session.json:
        session.out.document({"entries": entries})
    elif entries:
        session.out.lines(table(entry_rows(entries), terminal_width()))
    else:
        session.out.word("There is no such entry." if kind else "Nothing stands in the calendar.")


def entry_rows(entries: Iterable[Entry]) -> list[tuple[str, ...]]:
    """Entries as rows of a table."""
    from relui.documents.organisation_yaml import pattern_plain

    rows: list[tuple[str, ...]] = [("ENTRY", "KIND", "SERVICES", "NAME", "WHEN")]
    for entry in entries:
        zone = f" {entry.zone}" if entry.zone else ""
        when = ", ".join(f"{key} {_plain(value)}" for key, value in pattern_plain(entry.when).items()) + zone
        rows.append((entry.id, entry.kind, ", ".join(entry.services) or "all", entry.name, when))
    return rows


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
) -> int:
    """Put an entry of KIND into the calendar: window, blackout, maintenance, event."""
    from functools import partial

    from relui.domain.calendar.editing import with_entry

    added = session.desk.organisation.read_entry(kind, {"id": entry, **_given(keys)})
    if preview:
        return tell_preview(session, session.desk.organisation.preview(partial(with_entry, entry=added)))
    return tell_amended(session, session.desk.organisation.add_entry(added))


@command("change", entry_command, more=_KEYS)
def change_entry(
    session: Session,
    /,
    entry: str = argument("ENTRY", entry_ids),
    preview: bool = PREVIEW,
    **keys: str | None,
) -> int:
    """Change the entry ENTRY; an empty value takes a key away.

    Another kind of pattern replaces all that says when.
    """
    from functools import partial

    from relui.domain.calendar.editing import with_entry

    given = _given(keys)
    if not given:
        raise click.UsageError("Say what to change, such as --name T.", click.get_current_context())
    changed = session.desk.organisation.entry_changed(entry, given)
    if preview:
        change = partial(with_entry, entry=changed, replaces=changed.id)
        return tell_preview(session, session.desk.organisation.preview(change))
    return tell_amended(session, session.desk.organisation.change_entry(changed.id, changed))


@command("remove", entry_command)
def remove_entry(session: Session, entry: str = argument("ENTRY", entry_ids), preview: bool = PREVIEW) -> int:
    """Take the entry ENTRY out of the calendar."""
    from functools import partial

    from relui.domain.calendar.editing import without_entry

    if preview:
        change = partial(without_entry, id=entry)
        return tell_preview(session, session.desk.organisation.preview(change))
    return tell_amended(session, session.desk.organisation.remove_entry(entry))


away_command = group("away", "List, add and remove absences of people.")


@command("list", away_command)
def list_absences(session: Session) -> None:
    """List who is away when."""
    found = [(person, away) for person in session.desk.organisation.read().people for away in person.away]
    if session.json:
        rows = [{"id": p.id, **picked(a, "from=first to=last reason")} for p, a in found]
        session.out.document({"away": rows})
    elif found:
        lines = [("PERSON", "FROM", "TO", "DELEGATE", "REASON")]
        lines += [(p.id, str(a.first), str(a.last), p.delegate or "-", a.reason or "-") for p, a in found]
        session.out.lines(table(lines, terminal_width()))
    else:
        session.out.word("Nobody is away.")


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
) -> int:
    """PERSON is away on whole days.

    One that is there already is left.
    """
    from relui.domain.calendar.editing import with_absence

    absence = _absence(first, last, reason)
    if preview:
        return _preview(session, with_absence, person, absence)
    return tell_amended(session, session.desk.organisation.add_absence(person, absence))


@command("remove", away_command)
def remove_absence(
    session: Session,
    person: str = PERSON,
    first: str = FIRST,
    last: str = LAST,
    preview: bool = PREVIEW,
) -> int:
    """PERSON is there after all.

    It is the absence of exactly these days that goes.
    """
    from relui.domain.calendar.editing import without_absence

    absence = session.desk.organisation.absence_of(person, *_days(first, last))
    if preview:
        return _preview(session, without_absence, person, absence)
    return tell_amended(session, session.desk.organisation.remove_absence(person, absence))


def _preview(session: Session, rule: Callable[..., Any], person: str, absence: Absence) -> int:
    from functools import partial

    change = partial(rule, person=person, absence=absence)
    return tell_preview(session, session.desk.organisation.preview(change))


def _absence(first: str, last: str, reason: str) -> Absence:
    from relui.domain.organisation import Absence
    from relui.domain.text import one_line

    return Absence(*_days(first, last), one_line(reason, what="The reason"))


def _days(first: str, last: str) -> tuple[date, date]:
    from relui.cli.calendar import day

    begins = day(first)
    return begins, day(last) if last else begins
