"""`relui edit`: fields of a release, set from text."""

from __future__ import annotations

from relui.cli.acting import tell
from relui.cli.command import RELEASE, argument, command, option, pairs
from relui.cli.session import Session
from relui.domain.editing import FIELDS


@command("edit", words=f"Set fields of the release ID, all of them or none: {', '.join(FIELDS)}.")
def edit_command(
    session: Session,
    release: str = RELEASE,
    more: tuple[str, ...] = argument("[FIELD=VALUE]..."),
    given: tuple[str, ...] = option(
        "A field's new value.", "FIELD=VALUE", "--set", multiple=True, required=True
    ),
) -> None:
    """Set fields; `--set a=1 b=2` and `--set a=1 --set b=2` are the same."""
    done = session.desk.edit(release, pairs((*given, *more), "--set"))
    tell(session, done, "is so already. Nothing changed.")
