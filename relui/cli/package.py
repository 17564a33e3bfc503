"""`relui component`, `environment`, `config-item` and `contact`: what a release consists of and runs on."""

from __future__ import annotations

from pathlib import Path

import click

from relui.cli.acting import tell_record
from relui.cli.booking import instant
from relui.cli.command import RELEASE, argument, command, once, option, switch
from relui.cli.completing import part_ids
from relui.cli.parts import part_argument, part_group
from relui.cli.session import Session
from relui.domain.dossier.fields import COMPONENT, CONFIG_ITEM, CONTACT, ENVIRONMENT

component_command = part_group(COMPONENT)
environment_command = part_group(ENVIRONMENT)
config_item_command = part_group(CONFIG_ITEM)
contact_command = part_group(CONTACT)


@command("checksum", component_command)
def checksum(
    session: Session,
    release: str = RELEASE,
    part: str = part_argument(COMPONENT),
    file: str = argument("FILE", type=click.Path()),
) -> None:
    """Record the SHA-256 of a component, computed from FILE."""
    tell_record(session, session.desk.component_checksum(release, part, Path(file)), "is so already.")


@command("move", component_command)
def move(
    session: Session,
    release: str = RELEASE,
    part: str = part_argument(COMPONENT),
    places: int = option("Places; negative is up.", "N", "--by", type=int, required=True),
) -> None:
    """Move a component of the release ID: the order is that of the deployment.

    At the end it stays where it is.
    """
    done = session.desk.move_part(release, COMPONENT.name, part, places)
    tell_record(session, done, "nothing changed: it stands there already.")


@command("import", component_command)
def import_sums(
    session: Session,
    /,
    release: str = RELEASE,
    sums: str = option(
        "The manifest.", "FILE", type=click.Path(), required=True, multiple=True, callback=once
    ),
    add: bool = switch("What no component ends in becomes a component."),
    kind: str = option("The kind of what is added; else its name tells.", "KIND"),
    where: str = option("Where the added files are; where the package is, without it.", flag="--at"),
) -> None:
    """Give components of the release ID the checksums of a manifest, such as SHA256SUMS.

    A file is known by what a location or a name ends in.
    """
    if (kind or where) and not add:
        raise click.UsageError("--kind and --at belong to --add.")
    done = session.desk.import_checksums(release, Path(sums), add=add, kind=kind, where=where)
    tell_record(session, done, "has all of these checksums already.")


@command("not-needed", component_command)
def not_needed(
    session: Session,
    release: str = RELEASE,
    kinds: tuple[str, ...] = argument("KIND..."),
    reason: str = option("Why this release needs none.", required=True),
) -> None:
    """Declare KINDs of component as not needed in the release ID; `all`: the rest."""
    done = session.desk.declare_not_needed(release, kinds, reason)
    tell_record(session, done, "all of these are declared already.")


@command("carry-over", component_command)
def carry_over(
    session: Session, release: str = RELEASE, names: tuple[str, ...] = argument("NAME...")
) -> None:
    """Say that NAMEs are in this build of the release ID as before; `all`: every component.

    `package-tag` and `build-logs` are such names too.
    """
    tell_record(session, session.desk.carry_over(release, names), "all of these are of this build already.")


@command("promote", environment_command)
def promote(
    session: Session,
    release: str = RELEASE,
    part: str = argument("NAME", part_ids),
    access_verified: bool = switch("Access was verified beforehand: needed."),
    when: str = option("When; now, when nothing is said.", "INSTANT"),
    baseline: str = option("What comparing it with its documented configuration found."),
) -> None:
    """Record that the release ID was promoted to an environment."""
    desk = session.desk
    at = instant(session, when, desk.open(release).release.zone)
    done = desk.promote(release, part, access_verified=access_verified, when=at, baseline=baseline)
    tell_record(session, done, "is recorded there already.")
