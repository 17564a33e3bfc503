"""`relui edit`: fields of a release, set from text."""

from __future__ import annotations

import click

from relui.cli.acting import tell
from relui.cli.options import global_options, pairs, pass_session, release_argument
from relui.cli.session import Session
from relui.domain.editing import FIELDS


@click.command("edit", help=f"Set fields of the release ID, all of them or none: {', '.join(FIELDS)}.")
@release_argument
@click.argument("more", metavar="[FIELD=VALUE]...", nargs=-1)
@click.option(
    "--set", "given", metavar="FIELD=VALUE", multiple=True, required=True, help="A field's new value."
)
@global_options
@pass_session
def edit_command(session: Session, release: str, more: tuple[str, ...], given: tuple[str, ...]) -> int:
    """Set fields; `--set a=1 b=2` and `--set a=1 --set b=2` are the same."""
    done = session.desk.edit(release, pairs((*given, *more), "--set"))
    tell(session, done, "is so already. Nothing changed.")
    return 0
