"""`relui org`: the services, people and policy that hold for all releases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path

import click

from relui.cli.acting import PREVIEW, amend
from relui.cli.calendar import day
from relui.cli.command import FILE, Given, argument, choice, command, group, option, pairs
from relui.cli.completing import entry_ids, person_names
from relui.cli.output import count
from relui.cli.session import Session
from relui.cli.shapes import picked
from relui.domain.calendar.editing import with_absence, with_entry, without_absence, without_entry
from relui.domain.calendar.entries import KINDS, CalendarEntry, Kind
from relui.domain.organisation import Absence
from relui.domain.text import one_line

org_command = group("org", "Import, export, show or change the organisation.")


@command("import", org_command)
def import_organisation(
    session: Session, file: str = argument("FILE.yaml", type=FILE), preview: bool = PREVIEW
) -> None:
    """Replace the organisation by what FILE.yaml says. All of it, or nothing."""
    path, desk = Path(file), session.desk.organisation
    before = desk.read()
    read = desk.read_file(path)
    effect = desk.preview(lambda _: read) if read != before else ()
    organisation = read if preview else desk.import_file(path)
    changed = organisation != before
    problems = desk.lint(organisation)
    document = {"changed": changed and not preview, "effect": effect, "lint": problems}
    if session.answers({"organisation": organisation, **document}):
        return
    if not changed:
        session.out.word("The organisation is so already.")
    else:
        services, people = len(organisation.services), len(organisation.people)
        did = "Nothing was written. It would import" if preview else "Imported"
        session.out.word(
            f"{did} {count(services, 'service')} and {count(people, 'person', 'people')}, with "
            f"{count(len(organisation.entries), 'calendar entry', 'calendar entries')}, from {path.name}."
        )
    session.out.words(effect)
    session.out.words(
        f"{each.severity}: {each.words} {each.way_out}".rstrip()
        for each in problems
        if each.severity != "note"
    )


@command("export", org_command)
def export_organisation(
    session: Session, to: str = option("Write it here.", "FILE.yaml", default="", type=FILE)
) -> None:
    """Print the organisation as organisation.yaml, or write it to a file. `org import` reads it back. Nothing
    is overwritten.
    """
    text = session.desk.organisation.as_yaml()
    if to:
        session.desk.organisation.export(Path(to))
        session.out.word(f"Wrote {to}.")
    if not session.answers({"file": to} if to else {"yaml": text}) and not to:
        session.out.line(text.rstrip("\n"))


@command("import-calendar", org_command)
def import_calendar(
    session: Session,
    file: str = argument("FILE.ics", type=FILE),
    services: str = option("The events concern these; all of them without.", "S,S"),
    person: str = option("They are absences of this person.", "NAME", completing=person_names),
    preview: bool = PREVIEW,
) -> int:
    """Take events, or a person's absences, from an ICS file. A second import replaces the first. Exit code 1
    when events had to be passed over.
    """
    if services and person:
        raise click.UsageError("Choose --services or --person.", click.get_current_context())
    path, desk = Path(file), session.desk.organisation
    named = [name for name in services.split(",") if name.strip()]
    events = desk.read_calendar(path, named, person)
    if not session.json:
        entries = count(len(events.entries), "event")
        session.out.word(f"{path.name}: {count(len(events.absences), 'absence') if person else entries}.")
        session.out.words((*events.told, *events.passed_over))
        if events.passed_over:
            passed = count(len(events.passed_over), "event")
            session.out.word(f"{passed} passed over. Correct what is said above, and import again.")
    document = {"told": events.told, "passed_over": events.passed_over}
    change = desk.calendar_imported(events, person)
    amend(session, preview, change, partial(desk.import_calendar, events, path.name, person), document)
    return 1 if events.passed_over else 0


@command("set", org_command)
def set_fields(
    session: Session, given: tuple[str, ...] = argument("FIELD=VALUE..."), preview: bool = PREVIEW
) -> None:
    """Set fields: zone, name, holidays.country, policy.pir_days ... All or none; an empty value is the
    default.
    """
    desk, fields = session.desk.organisation, pairs(given, "org set")
    amend(session, preview, desk.fields_set(fields), partial(desk.set_fields, fields))


@command("show", org_command)
def show_organisation(session: Session) -> None:
    """Show the organisation."""
    organisation = session.desk.organisation.read()
    if session.answers({"organisation": organisation}):
        return
    out = session.out
    if organisation.name:
        out.line(organisation.name)
    out.line(f"Zone: {organisation.zone or f'none, so {session.desk.organisation.input_zone()}'}")
    services = (
        (s.id, s.owner or "-", s.team or "-", ", ".join(s.depends_on) or "-", s.name)
        for s in organisation.services
    )
    out.table(("SERVICE", "OWNER", "TEAM", "DEPENDS ON", "NAME"), services)
    people = (
        (p.id, p.name, p.contact or "-", p.delegate or "-", ", ".join(p.roles) or "-")
        for p in organisation.people
    )
    out.table(("PERSON", "NAME", "CONTACT", "DELEGATE", "ROLES"), people)
    out.table(ENTRY_HEAD, entry_rows(organisation.entries))
    policy = organisation.policy
    out.line(f"Retention: {count(policy.retention_months, 'month')}.")
    out.line(f"PIR within {count(policy.pir_days, 'business day')}.")
    out.line(f"On time within {count(policy.on_time_tolerance, 'minute')}.")
    out.line(f"An emergency is: {', '.join(policy.emergency_criteria)}.")
    if policy.governed_emergencies:
        out.line("Emergencies are governed: they have the criteria of the template governed-emergency.")
    if not organisation.services and not organisation.people:
        out.word("No organisation was imported: any service and any name is taken. See `relui org import`.")


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


entry_command = group(
    "entry", "List, add, change and remove windows, blackouts, maintenance and events.", of=org_command
)


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
    desk = session.desk.organisation
    added = desk.read_entry(kind, {"id": entry, **_given(keys)})
    amend(session, preview, partial(with_entry, entry=added), partial(desk.add_entry, added))


@command("change", entry_command, more=_KEYS)
def change_entry(
    session: Session,
    /,
    entry: str = argument("ENTRY", entry_ids),
    preview: bool = PREVIEW,
    **keys: str | None,
) -> None:
    """Change the entry ENTRY; an empty value takes a key away. Another kind of pattern replaces all that says
    when.
    """
    given = _given(keys)
    if not given:
        raise click.UsageError("Say what to change, such as --name T.", click.get_current_context())
    desk = session.desk.organisation
    changed = desk.entry_changed(entry, given)
    change = partial(with_entry, entry=changed, replaces=changed.id)
    amend(session, preview, change, partial(desk.change_entry, changed.id, changed))


@command("remove", entry_command)
def remove_entry(
    session: Session, entry: str = argument("ENTRY", entry_ids), preview: bool = PREVIEW
) -> None:
    """Take the entry ENTRY out of the calendar."""
    remove = partial(session.desk.organisation.remove_entry, entry)
    amend(session, preview, partial(without_entry, id=entry), remove)


away_command = group("away", "List, add and remove absences of people.", of=org_command)


@command("list", away_command)
def list_absences(session: Session) -> None:
    """List who is away when."""
    absences = [(person, away) for person in session.desk.organisation.read().people for away in person.away]
    rows = [{"id": person.id, **picked(away, "from=first to=last reason")} for person, away in absences]
    if not session.answers({"away": rows}):
        session.out.table(
            ("PERSON", "FROM", "TO", "DELEGATE", "REASON"),
            ((p.id, str(a.first), str(a.last), p.delegate or "-", a.reason or "-") for p, a in absences),
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
    """PERSON is away on whole days."""
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
    """PERSON is there after all. Only the absence of exactly these days goes."""
    absence = session.desk.organisation.absence_of(person, *_days(first, last))
    change = partial(without_absence, person=person, absence=absence)
    amend(session, preview, change, partial(session.desk.organisation.remove_absence, person, absence))


def _days(first: str, last: str) -> tuple[date, date]:
    begins = day(first)
    return begins, day(last) if last else begins
