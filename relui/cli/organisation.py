"""`relui org`: the services, people and policy that hold for all releases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from relui.cli.amending import preview_option, tell_amended, tell_preview
from relui.cli.calendar_entries import away_command, entry_command, entry_rows
from relui.cli.completing import person_names
from relui.cli.options import global_options, pairs, pass_session
from relui.cli.session import Session
from relui.cli.wording import count, table, terminal_width

if TYPE_CHECKING:
    from relui.domain.organisation import Organisation


@click.group("org", help="Import, export, show or change the organisation.")
@global_options
def org_command() -> None:
    """The organisation's commands."""


@org_command.command("import", help="Replace the organisation by what FILE.yaml says.")
@click.argument("file", metavar="FILE.yaml", type=click.Path())
@preview_option
@global_options
@pass_session
def import_organisation(session: Session, file: str, preview: bool) -> int:
    """Import an organisation file, whole or not at all."""
    path, desk = Path(file), session.desk
    before = desk.organisation()
    read = desk.read_organisation(path)
    effect = desk.preview_organisation(lambda _: read) if read != before else ()
    organisation = read if preview else desk.import_organisation(path)
    changed = organisation != before
    problems = desk.lint(organisation)
    if session.json:
        told = {"changed": changed and not preview, "effect": effect, "lint": problems}
        session.out.document({"organisation": organisation, **told})
        return 0
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
    return 0


@org_command.command("export", help="Print the organisation as organisation.yaml, or write it to a file.")
@click.option("--to", metavar="FILE.yaml", default="", type=click.Path(), help="Write it here.")
@global_options
@pass_session
def export_organisation(session: Session, to: str) -> int:
    """Print or write what `org import` reads back. Nothing is overwritten."""
    text = session.desk.organisation_yaml()
    if to:
        session.desk.export_organisation(Path(to))
        session.out.word(f"Wrote {to}.")
    if session.json:
        session.out.document({"file": to} if to else {"yaml": text})
    elif not to:
        session.out.line(text.rstrip("\n"))
    return 0


@org_command.command("import-calendar", help="Take events, or a person's absences, from an ICS file.")
@click.argument("file", metavar="FILE.ics", type=click.Path())
@click.option("--services", metavar="S,S", default="", help="The events concern these; all of them without.")
@click.option("--person", metavar="NAME", default="", shell_complete=person_names,
              help="They are absences of this person.")  # fmt: skip
@preview_option
@global_options
@pass_session
def import_calendar(session: Session, file: str, services: str, person: str, preview: bool) -> int:
    """Import another calendar; a second import replaces the first. 1 when events had to be passed over."""
    if services and person:
        raise click.UsageError("Choose --services or --person.", click.get_current_context())
    path, desk = Path(file), session.desk
    named = [name for name in services.split(",") if name.strip()]
    found = desk.read_calendar(path, named, person)
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
        change = desk.calendar_imported(found, person)
        tell_preview(session, desk.preview_organisation(change), told)
    else:
        tell_amended(session, desk.import_calendar(found, path.name, person), told)
    return 1 if found.passed_over else 0


@org_command.command("set", help="Set fields: zone, name, holidays.country, policy.pir_days ...")
@click.argument("given", metavar="FIELD=VALUE...", nargs=-1, required=True)
@preview_option
@global_options
@pass_session
def set_fields(session: Session, given: tuple[str, ...], preview: bool) -> int:
    """Set all of the fields or none; an empty value is the default."""
    fields = pairs(given, "org set")
    if preview:
        return tell_preview(session, session.desk.preview_organisation(session.desk.fields_set(fields)))
    return tell_amended(session, session.desk.set_fields(fields))


@org_command.command("show", help="Show the organisation.")
@global_options
@pass_session
def show_organisation(session: Session) -> int:
    """Print zone, services, people and policy."""
    organisation = session.desk.organisation()
    if session.json:
        session.out.document({"organisation": organisation})
        return 0
    _print(session, organisation)
    if not organisation.services and not organisation.people:
        session.out.word(
            "No organisation was imported: any service and any name is taken. See `relui org import`."
        )
    return 0


def _print(session: Session, organisation: Organisation) -> None:
    line, width = session.out.line, terminal_width()
    if organisation.name:
        line(organisation.name)
    line(f"Zone: {organisation.zone or f'none, so {session.desk.input_zone()}'}")
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
