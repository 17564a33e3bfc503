"""`relui component`, `environment`, `config-item` and `contact`: what a release consists of and runs on."""

from __future__ import annotations

from pathlib import Path

import click

from relui.cli.acting import tell_record
from relui.cli.booking import instant
from relui.cli.completing import part_ids
from relui.cli.options import global_options, once, pass_session, release_argument
from relui.cli.parts import part_argument, part_group
from relui.cli.session import Session
from relui.domain.dossier.fields import COMPONENT, CONFIG_ITEM, CONTACT, ENVIRONMENT

component_command = part_group(COMPONENT)
environment_command = part_group(ENVIRONMENT)
config_item_command = part_group(CONFIG_ITEM)
contact_command = part_group(CONTACT)


@component_command.command("checksum", help="Record the SHA-256 of a component, computed from FILE.")
@release_argument
@part_argument(COMPONENT)
@click.argument("file", metavar="FILE", type=click.Path())
@global_options
@pass_session
def checksum(session: Session, release: str, part: str, file: str) -> int:
    """Compute and record a checksum."""
    tell_record(session, session.desk.component_checksum(release, part, Path(file)), "is so already.")
    return 0


@component_command.command(
    "move", help="Move a component of the release ID: the order is that of the deployment."
)
@release_argument
@part_argument(COMPONENT)
@click.option("--by", "places", metavar="N", type=int, required=True, help="Places; negative is up.")
@global_options
@pass_session
def move(session: Session, release: str, part: str, places: int) -> int:
    """Move a component among the others; at the end it stays where it is."""
    done = session.desk.move_part(release, COMPONENT.name, part, places)
    tell_record(session, done, "nothing changed: it stands there already.")
    return 0


@component_command.command(
    "import", help="Give components of the release ID the checksums of a manifest, such as SHA256SUMS."
)
@release_argument
@click.option("--sums", metavar="FILE", type=click.Path(), required=True, multiple=True, callback=once,
              help="The manifest.")  # fmt: skip
@click.option("--add", is_flag=True, help="What no component ends in becomes a component.")
@click.option("--kind", metavar="KIND", default="", help="The kind of what is added; else its name tells.")
@click.option("--at", "where", metavar="T", default="",
              help="Where the added files are; where the package is, without it.")  # fmt: skip
@global_options
@pass_session
def import_sums(session: Session, /, release: str, sums: str, add: bool, kind: str, where: str) -> int:
    """Take a manifest's checksums, by the file that a location or a name ends in."""
    if (kind or where) and not add:
        raise click.UsageError("--kind and --at belong to --add.")
    done = session.desk.import_checksums(release, Path(sums), add=add, kind=kind, where=where)
    tell_record(session, done, "has all of these checksums already.")
    return 0


@component_command.command(
    "not-needed", help="Declare KINDs of component as not needed in the release ID; `all`: the rest."
)
@release_argument
@click.argument("kinds", metavar="KIND...", nargs=-1, required=True)
@click.option("--reason", metavar="T", required=True, help="Why this release needs none.")
@global_options
@pass_session
def not_needed(session: Session, release: str, kinds: tuple[str, ...], reason: str) -> int:
    """Declare what the package does without."""
    done = session.desk.declare_not_needed(release, kinds, reason)
    tell_record(session, done, "all of these are declared already.")
    return 0


@component_command.command(
    "carry-over",
    help="Say that NAMEs are in this build of the release ID as before; `all`: every component.",
)
@release_argument
@click.argument("names", metavar="NAME...", nargs=-1, required=True)
@global_options
@pass_session
def carry_over(session: Session, release: str, names: tuple[str, ...]) -> int:
    """Carry what a package holds over to the present build; `package-tag` and `build-logs` by their names."""
    tell_record(session, session.desk.carry_over(release, names), "all of these are of this build already.")
    return 0


@environment_command.command("promote", help="Record that the release ID was promoted to an environment.")
@release_argument
@click.argument("part", metavar="NAME", shell_complete=part_ids)
@click.option("--access-verified", is_flag=True, help="Access was verified beforehand: needed.")
@click.option("--when", metavar="INSTANT", default="", help="When; now, when nothing is said.")
@click.option("--baseline", metavar="T", default="",
              help="What comparing it with its documented configuration found.")  # fmt: skip
@global_options
@pass_session
def promote(
    session: Session, release: str, part: str, access_verified: bool, when: str, baseline: str
) -> int:
    """Record a promotion."""
    desk = session.desk
    at = instant(session, when, desk.open(release).release.zone)
    done = desk.promote(release, part, access_verified=access_verified, when=at, baseline=baseline)
    tell_record(session, done, "is recorded there already.")
    return 0
