"""`relui item` and `relui note`: one release's own checklist changed, and things recorded on open items."""

from __future__ import annotations

from typing import Any

import click

from relui.cli.acting import tell
from relui.cli.completing import item_paths
from relui.cli.items import record_given, recording
from relui.cli.options import global_options, pass_session, release_argument
from relui.cli.session import Session

one_item = click.argument("item", metavar="ITEM", shell_complete=item_paths)


@click.command("note", help="Record a note, evidence or field values on ITEM of the release ID.")
@release_argument
@one_item
@recording
@global_options
@pass_session
def note_command(session: Session, /, release: str, item: str, **given: Any) -> int:
    """Record without changing the item's state; an empty note removes the note."""
    record = record_given(session, release, [item], **given)
    tell(session, session.desk.annotate(release, item.strip(), record), "nothing changed.")
    return 0


@click.group("item", help="Add, remove and move items of one release; its template stays as it is.")
@global_options
def item_command() -> None:
    """The commands on a release's own checklist."""


@item_command.command("add", help="Add an item with TEXT behind ITEM, or at the end of the phase ITEM.")
@release_argument
@one_item
@click.argument("text", metavar="TEXT")
@click.option("--optional", is_flag=True, help="It may be left out without a reason.")
@global_options
@pass_session
def add_item(session: Session, release: str, item: str, text: str, optional: bool) -> int:
    """Add an item to this release alone."""
    tell(session, session.desk.add_item(release, item.strip(), text, optional=optional), "nothing changed.")
    return 0


@item_command.command("remove", help="Remove the open ITEM from the release ID; its log keeps it.")
@release_argument
@one_item
@click.option("--reason", metavar="T", default="", help="Why; required items need one.")
@global_options
@pass_session
def remove_item(session: Session, release: str, item: str, reason: str) -> int:
    """Remove an item on which nothing is recorded."""
    tell(session, session.desk.remove_item(release, item.strip(), reason), "nothing changed.")
    return 0


@item_command.command("move", help="Move ITEM up or down among its siblings.")
@release_argument
@one_item
@click.option("--by", "places", metavar="N", type=int, required=True, help="Places; negative is up.")
@global_options
@pass_session
def move_item(session: Session, release: str, item: str, places: int) -> int:
    """Move an item; at the end it stays where it is."""
    tell(session, session.desk.move_item(release, item.strip(), places), "it stands there already.")
    return 0
