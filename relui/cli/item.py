"""`relui item` and `relui note`: one release's own checklist changed, and things recorded on open items."""

from __future__ import annotations

from typing import Any

from relui.cli.acting import tell
from relui.cli.command import ITEM, RELEASE, argument, command, group, option, switch
from relui.cli.items import RECORDING, record_given
from relui.cli.session import Session


@command("note", more=RECORDING)
def note_command(session: Session, /, release: str = RELEASE, item: str = ITEM, **given: Any) -> None:
    """Record a note, evidence or field values on ITEM of the release ID.

    The item's state stays; an empty note removes the note.
    """
    record = record_given(session, release, [item], **given)
    tell(session, session.desk.annotate(release, item.strip(), record), "nothing changed.")


item_command = group("item", "Add, remove and move items of one release; its template stays as it is.")


@command("add", item_command)
def add_item(
    session: Session,
    release: str = RELEASE,
    item: str = ITEM,
    text: str = argument("TEXT"),
    optional: bool = switch("It may be left out without a reason."),
) -> None:
    """Add an item with TEXT behind ITEM, or at the end of the phase ITEM."""
    tell(session, session.desk.add_item(release, item.strip(), text, optional=optional), "nothing changed.")


@command("remove", item_command)
def remove_item(
    session: Session,
    release: str = RELEASE,
    item: str = ITEM,
    reason: str = option("Why; required items need one."),
) -> None:
    """Remove the open ITEM from the release ID; its log keeps it.

    Nothing may be recorded on it.
    """
    tell(session, session.desk.remove_item(release, item.strip(), reason), "nothing changed.")


@command("move", item_command)
def move_item(
    session: Session,
    release: str = RELEASE,
    item: str = ITEM,
    places: int = option("Places; negative is up.", "N", "--by", type=int, required=True),
) -> None:
    """Move ITEM up or down among its siblings."""
    tell(session, session.desk.move_item(release, item.strip(), places), "it stands there already.")
