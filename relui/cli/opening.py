"""Opening the app, or telling whoever has no terminal what it would show. This module imports no click."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relui.cli.session import Session


def open_app(session: Session, note: str = "") -> int:
    """Open the app; without a terminal print the list of releases and a word on how to open it."""
    if on_a_terminal():
        return session.start_app(note)
    from relui.cli.listing import print_list

    code = print_list(session)
    session.out.word("This is no terminal: here are the releases. Run relui in a terminal to open the app.")
    return code


def on_a_terminal() -> bool:
    """Whether a person can be shown the app: it reads stdin and draws on stderr."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return all(stream is not None and stream.isatty() for stream in streams)
