"""When relui itself is at fault: an apology, and the traceback in a file for whoever mends it."""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import gettempdir

from relui.cli.session import Session
from relui.errors import ReluiError, StoreError


class Crash(StoreError):
    """A fault in relui. What was acknowledged before is durable. Exit code 3."""

    title = "A fault in relui"


def report(error: Exception, session: Session, *, json: bool) -> int:
    """Say sorry, save the traceback, return the exit code. With RELUI_DEBUG=1 the traceback is shown too."""
    text = "".join(traceback.format_exception(error))
    if session.env.get("RELUI_DEBUG") == "1" and sys.stderr is not None:
        session.out.word(text.rstrip())
    saved = _saved(text, session)
    where = f"The details are in {saved}." if saved else f"{type(error).__name__}: {error}"
    return session.out.error(
        Crash(
            "Something went wrong inside relui; this is a fault of the program, not yours. "
            f"What was recorded before is safe. {where} With RELUI_DEBUG=1 they are shown here."
        ),
        json=json,
    )


def refused_by_the_system(error: OSError) -> StoreError:
    """What the system would not let us do, in words: no fault of relui, so nothing is saved."""
    from relui.files import words_of

    what = f"Cannot use {os.fsdecode(error.filename)}" if isinstance(error.filename, (str, bytes)) else ""
    return StoreError(f"{what or 'The system did not permit it'}: {words_of(error)}.")


def _saved(text: str, session: Session) -> Path | None:
    """Write the traceback into `crash/` of the data folder, or else where temporary files go.

    None when neither can be written: a fault must never hide behind another one.
    """
    name = f"relui-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    for folder in _folders(session):
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            path = folder / name
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
            with open(os.open(path, flags, 0o600), "w", encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - a descriptor
                file.write(text)
        except OSError:
            continue
        return path
    return None


def _folders(session: Session) -> list[Path]:
    folders: list[Path] = []
    try:
        data = session.locations.data
        if data.is_dir() and not session.readonly:
            folders.append(data / "crash")
    except (ReluiError, OSError, ValueError):
        pass  # that the data cannot be reached is told by whoever needed them
    with suppress(OSError):  # there may be no folder at all that can be written
        folders.append(Path(gettempdir()))
    return folders
