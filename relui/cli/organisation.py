"""`relui org`: the services, people and policy that hold for all releases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from relui.cli.acting import PREVIEW, tell_amended, tell_preview
from relui.cli.calendar_entries import away_command, entry_command, entry_rows
from relui.cli.command import argument, command, group, option, pairs
from relui.cli.completing import person_names
from relui.cli.output import count, table, terminal_width
from relui.cli.session import Session

if TYPE_CHECKING:
    from relui.domain.organisation import Organisation


org_command = group("org", "Import, export, show or change the organisation.")


@command("import", org_command)
def import_organisation(
    session: Session, file: str = argument("FILE.yaml", type=click.Path()), preview: bool = PREVIEW
) -> None:
    """Replace the organisation by what FILE.yaml says.

    Whole or not at all.
    """
    path, desk = Path(file), session.desk
    before = desk.organisation.read()
    read = desk.organisation.read_file(path)
    effect = desk.organisation.preview(lambda _: read) if read != before else ()
    organisation = read if preview else desk.organisation.import_file(path)
    changed = organisation != before
    problems = desk.organisation.lint(organisation)
    if session.json:
        told = {"changed": changed and not preview, "effect": effect, "lint": problems}
        session.out.document({"organisation": organisation, **told})
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
    for words in effect:
        session.out.word(words)
    for problem in problems:
        if problem.severity != "note":
            session.out.word(f"{problem.severity}: {problem.words} {problem.way_out}".rstrip())


@command("export", org_command)
def export_organisation(
    session: Session, to: str = option("Write it here.", "FILE.yaml", default="", type=click.Path())
) -> None:
    """Print the organisation as organisation.yaml, or write it to a file.

    `org import` reads it back. Nothing is overwritten.
    """
    text = session.desk.organisation.as_yaml()
    if to:
        session.desk.organisation.export(Path(to))
        session.out.word(f"Wrote {to}.")
    if session.json:
        session.out.document({"file": to} if to else {"yaml": text})
    elif not to:
        session.out.line(text.rstrip("\n"))


@command("import-calendar", org_command)
def import_calendar(
    session: Session,
    file: str = argument("FILE.ics", type=click.Path()),
    services: str = option("The events concern these; all of them without.", "S,S"),
    person: str = option("They are absences of this person.", "NAME", completing=person_names),
    preview: bool = PREVIEW,
) -> int:
    """Take events, or a person's absences, from an ICS file.

    A second import replaces the first. Returns 1 when events had to be passed over.
    """
    if services and person:
        raise click.UsageError("Choose --services or --person.", click.get_current_context())
    path, desk = Path(file), session.desk
    named = [name for name in services.split(",") if name.strip()]
    found = desk.organisation.read_calendar(path, named, person)
    if not session.json:
        entries = count(len(found.entries), "event")
        session.out.word(f"{path.name}: {count(len(found.absences), 'absence') if person else entries}.")
        for words in (*found.told, *found.passed_over):
            session.out.word(words)
        if found.passed_over:
            passed = count(len(found.passed_over), "event")
            session.out.word(f"{passed} passed over. Correct what is said above, and import again.")
    told = {"told": found.told, "passed_over": found.passed_over}
    if preview:
        change = desk.organisation.calendar_imported(found, person)
        tell_preview(session, desk.organisation.preview(change), told)
    else:
        tell_amended(session, desk.organisation.import_calendar(found, path.name, person), told)
    return 1 if found.passed_over else 0


@command("set", org_command)
def set_fields(
    session: Session, given: tuple[str, ...] = argument("FIELD=VALUE..."), preview: bool = PREVIEW
) -> int:
    """Set fields: zone, name, holidays.country, policy.pir_days ...

    All of the fields or none; an empty value is the default.
    """
    fields = pairs(given, "org set")
    if preview:
        return tell_preview(
            session, session.desk.organisation.preview(session.desk.organisation.fields_set(fields))
        )
    return tell_amended(session, session.desk.organisation.set_fields(fields))


@command("show", org_command)
def show_organisation(session: Session) -> None:
    """Show the organisation."""
    organisation = session.desk.organisation.read()
    if session.json:
        session.out.document({"organisation": organisation})
        return
    _print(session, organisation)
    if not organisation.services and not organisation.people:
        session.out.word(
            "No organisation was imported: any service and any name is taken. See `relui org import`."
        )


def _print(session: Session, organisation: Organisation) -> None:
    line, width = session.out.line, terminal_width()
    if organisation.name:
        line(organisation.name)
    line(f"Zone: {organisation.zone or f'none, so {session.desk.organisation.input_zone()}'}")
    if organisation.services:
        rows = [("SERVICE", "OWNER", "TEAM", "DEPENDS ON", "NAME")]
        rows += [
            (s.id, s.owner or "-", s.team or "-", ", ".join(s.depends_on) or "-", s.name)
            for s in organisation.services
        ]
        session.out.lines(table(rows, width))
    if organisation.people:
        rows = [("PERSON", "NAME", "CONTACT", "DELEGATE", "ROLES")]
        rows += [
            (p.id, p.name, p.contact or "-", p.delegate or "-", ", ".join(p.roles) or "-")
            for p in organisation.people
        ]
        session.out.lines(table(rows, width))
    if organisation.entries:
        session.out.lines(table(entry_rows(organisation.entries), width))
    policy = organisation.policy
    line(f"Retention: {count(policy.retention_months, 'month')}.")
    line(f"PIR within {count(policy.pir_days, 'business day')}.")
    line(f"On time within {count(policy.on_time_tolerance, 'minute')}.")
    line(f"An emergency is: {', '.join(policy.emergency_criteria)}.")
    if policy.governed_emergencies:
        line("Emergencies are governed: they have the criteria of the template governed-emergency.")


org_command.add_command(entry_command)
org_command.add_command(away_command)
