"""`relui org`: the services, people and policy that hold for all releases."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from relui.cli.acting import PREVIEW, amend
from relui.cli.calendar_entries import ENTRY_HEAD, away_command, entry_command, entry_rows
from relui.cli.command import FILE, argument, command, group, option, pairs
from relui.cli.completing import person_names
from relui.cli.output import count
from relui.cli.session import Session

org_command = group("org", "Import, export, show or change the organisation.")


@command("import", org_command)
def import_organisation(
    session: Session, file: str = argument("FILE.yaml", type=FILE), preview: bool = PREVIEW
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
    told = {"changed": changed and not preview, "effect": effect, "lint": problems}
    if session.answers({"organisation": organisation, **told}):
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
    """Print the organisation as organisation.yaml, or write it to a file.

    `org import` reads it back. Nothing is overwritten.
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
        session.out.words((*found.told, *found.passed_over))
        if found.passed_over:
            passed = count(len(found.passed_over), "event")
            session.out.word(f"{passed} passed over. Correct what is said above, and import again.")
    told = {"told": found.told, "passed_over": found.passed_over}
    change = desk.organisation.calendar_imported(found, person)
    amend(
        session, preview, change, partial(desk.organisation.import_calendar, found, path.name, person), told
    )
    return 1 if found.passed_over else 0


@command("set", org_command)
def set_fields(
    session: Session, given: tuple[str, ...] = argument("FIELD=VALUE..."), preview: bool = PREVIEW
) -> None:
    """Set fields: zone, name, holidays.country, policy.pir_days ...

    All of the fields or none; an empty value is the default.
    """
    desk, fields = session.desk, pairs(given, "org set")
    amend(
        session, preview, desk.organisation.fields_set(fields), partial(desk.organisation.set_fields, fields)
    )


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


org_command.add_command(entry_command)
org_command.add_command(away_command)
