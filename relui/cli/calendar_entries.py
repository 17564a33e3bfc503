"""`relui org entry` and `relui org away`: windows, blackouts, maintenance, events and absences."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from relui.cli.amending import preview_option, tell_amended, tell_preview
from relui.cli.completing import entry_ids, person_names
from relui.cli.options import Function, global_options, pass_session
from relui.cli.session import Session
from relui.cli.wording import table, terminal_width
from relui.domain.calendar.entries import KINDS, Entry, Kind

if TYPE_CHECKING:
    from datetime import date

    from relui.domain.organisation import Absence

_KEYS = (
    ("--name", "name", "T", "What people call it; its id, when nothing is said."),
    ("--weekly", "weekly", "DAYS", "On these weekdays: sat,sun, with --from and --to as 18:00."),
    ("--monthly", "monthly", "N..N", "Whole days of every month: 28..2."),
    ("--yearly", "yearly", "M-D..M-D", "Whole days of every year: 12-15..01-05."),
    ("--rrule", "rrule", "RULE", "An RFC 5545 rule, with --from (its first start) and --duration."),
    (
        "--from",
        "from",
        "T",
        "A time of day, of a week or of a date, or a day: 18:00, fri 23:00, 2026-11-16T20:00.",
    ),
    ("--to", "to", "T", "Likewise; the last day counts."),
    ("--duration", "duration", "D", "How long each lasts, with --rrule or --weekly: 2h."),
    ("--except", "except", "T,T", "Starts of an --rrule that do not take place."),
    ("--in-zone", "zone", "ZONE", "Where its hours are meant; the organisation's zone without."),
    ("--services", "services", "S,S", "For these services; all of them without."),
    ("--environments", "environments", "E,E", "In these environments; every one without."),
    ("--note", "note", "T", "What to know about it."),
)
"""Option, key of organisation.yaml, placeholder, help."""


def _entry_options(function: Function) -> Function:
    for option, key, metavar, words in reversed(_KEYS):
        parameter = f"key_{key}"
        function = click.option(option, parameter, metavar=metavar, default=None, help=words)(function)
    return function


def _given(keys: dict[str, str | None]) -> dict[str, str]:
    """The options that were given, under organisation.yaml's keys."""
    return {name.removeprefix("key_"): text for name, text in keys.items() if text is not None}


@click.group("entry", help="List, add, change and remove windows, blackouts, maintenance and events.")
@global_options
def entry_command() -> None:
    """The calendar entries' commands."""


@entry_command.command("list", help="List what stands in the calendar.")
@click.option("--kind", type=click.Choice(KINDS), help="Of this kind only.")
@global_options
@pass_session
def list_entries(session: Session, kind: str | None) -> int:
    """Print the entries."""
    entries = [one for one in session.desk.organisation().entries if kind in (None, one.kind)]
    if session.json:
        session.out.document({"entries": entries})
    elif entries:
        session.out.lines(table(entry_rows(entries), terminal_width()))
    else:
        session.out.word("There is no such entry." if kind else "Nothing stands in the calendar.")
    return 0


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


@entry_command.command(
    "add", help="Put an entry of KIND into the calendar: window, blackout, maintenance, event."
)
@click.argument("kind", metavar="KIND", type=click.Choice(KINDS))
@click.argument("entry", metavar="ENTRY")
@_entry_options
@preview_option
@global_options
@pass_session
def add_entry(session: Session, /, kind: Kind, entry: str, preview: bool, **keys: str | None) -> int:
    """Add an entry; one of that id must not be there."""
    from functools import partial

    from relui.domain.calendar.editing import with_entry

    added = session.desk.read_entry(kind, {"id": entry, **_given(keys)})
    if preview:
        return tell_preview(session, session.desk.preview_organisation(partial(with_entry, entry=added)))
    return tell_amended(session, session.desk.add_entry(added))


@entry_command.command("change", help="Change the entry ENTRY; an empty value takes a key away.")
@click.argument("entry", metavar="ENTRY", shell_complete=entry_ids)
@_entry_options
@preview_option
@global_options
@pass_session
def change_entry(session: Session, /, entry: str, preview: bool, **keys: str | None) -> int:
    """Change some of an entry's keys; another kind of pattern replaces all that says when."""
    from functools import partial

    from relui.domain.calendar.editing import with_entry

    given = _given(keys)
    if not given:
        raise click.UsageError("Say what to change, such as --name T.", click.get_current_context())
    changed = session.desk.entry_changed(entry, given)
    if preview:
        change = partial(with_entry, entry=changed, replaces=changed.id)
        return tell_preview(session, session.desk.preview_organisation(change))
    return tell_amended(session, session.desk.change_entry(changed.id, changed))


@entry_command.command("remove", help="Take the entry ENTRY out of the calendar.")
@click.argument("entry", metavar="ENTRY", shell_complete=entry_ids)
@preview_option
@global_options
@pass_session
def remove_entry(session: Session, entry: str, preview: bool) -> int:
    """Remove an entry; the log keeps it."""
    from functools import partial

    from relui.domain.calendar.editing import without_entry

    if preview:
        change = partial(without_entry, id=entry)
        return tell_preview(session, session.desk.preview_organisation(change))
    return tell_amended(session, session.desk.remove_entry(entry))


@click.group("away", help="List, add and remove absences of people.")
@global_options
def away_command() -> None:
    """The absences' commands."""


@away_command.command("list", help="List who is away when.")
@global_options
@pass_session
def list_absences(session: Session) -> int:
    """Print the absences."""
    found = [(person, away) for person in session.desk.organisation().people for away in person.away]
    if session.json:
        rows = [{"id": p.id, "from": a.first, "to": a.last, "reason": a.reason} for p, a in found]
        session.out.document({"away": rows})
    elif found:
        lines = [("PERSON", "FROM", "TO", "DELEGATE", "REASON")]
        lines += [(p.id, str(a.first), str(a.last), p.delegate or "-", a.reason or "-") for p, a in found]
        session.out.lines(table(lines, terminal_width()))
    else:
        session.out.word("Nobody is away.")
    return 0


def _away_options(function: Function) -> Function:
    for option in (
        click.argument("person", metavar="PERSON", shell_complete=person_names),
        click.option("--from", "first", metavar="D", required=True, help="The first day: 2026-11-16."),
        click.option("--to", "last", metavar="D", default="", help="The last day; the first, without."),
    ):
        function = option(function)
    return function


@away_command.command("add", help="PERSON is away on whole days.")
@_away_options
@click.option("--reason", metavar="T", default="", help="Why.")
@preview_option
@global_options
@pass_session
def add_absence(session: Session, person: str, first: str, last: str, reason: str, preview: bool) -> int:
    """Add an absence; one that is there already is left."""
    from relui.domain.calendar.editing import with_absence

    absence = _absence(first, last, reason)
    if preview:
        return _preview(session, with_absence, person, absence)
    return tell_amended(session, session.desk.add_absence(person, absence))


@away_command.command("remove", help="PERSON is there after all.")
@_away_options
@preview_option
@global_options
@pass_session
def remove_absence(session: Session, person: str, first: str, last: str, preview: bool) -> int:
    """Remove the absence of exactly these days."""
    from relui.domain.calendar.editing import without_absence

    absence = session.desk.absence_of(person, *_days(first, last))
    if preview:
        return _preview(session, without_absence, person, absence)
    return tell_amended(session, session.desk.remove_absence(person, absence))


def _preview(session: Session, rule: Callable[..., Any], person: str, absence: Absence) -> int:
    from functools import partial

    change = partial(rule, person=person, absence=absence)
    return tell_preview(session, session.desk.preview_organisation(change))


def _absence(first: str, last: str, reason: str) -> Absence:
    from relui.domain.organisation import Absence
    from relui.domain.text import one_line

    return Absence(*_days(first, last), one_line(reason, what="The reason"))


def _days(first: str, last: str) -> tuple[date, date]:
    from relui.cli.calendar import day

    begins = day(first)
    return begins, day(last) if last else begins
