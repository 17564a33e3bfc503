"""`relui demo`: the app on an organisation that is full of life, in a folder that is thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from relui.cli.command import command, option
from relui.cli.opening import open_app
from relui.cli.session import Session
from relui.errors import BadInput


@command("demo")
def demo_command(
    session: Session,
    keep: str | None = option("Build it in this folder and keep it.", "DIR", type=click.Path()),
) -> int:
    """Open the app on the demo organisation, in a temporary folder."""
    if session.data is not None:
        raise BadInput("The demo has a folder of its own: use --keep DIR instead of --data.")
    if session.readonly:
        raise BadInput("The demo is built first, so --readonly cannot be kept. Leave it out.")
    from relui.store.atomic import disk_errors

    with _folder(keep) as folder:
        session.choose("data", str(folder))
        with disk_errors(folder, "read"):
            empty = not any(folder.iterdir())
        if empty:
            _build(session)
        note = f"Demo data in {folder}" + ("." if keep else ", removed when you leave.")
        if session.acting_as is None and not session.env.get("RELUI_USER", "").strip():
            from relui.demo.build import FOUNDER

            session.choose("acting_as", FOUNDER.name)
            note += f" You act as {FOUNDER.name.capitalize()}, a release owner; --as is for another."
        return open_app(session, note)


def _build(session: Session) -> None:
    from relui.demo.build import build_demo
    from relui.demo.governed import Course, lead_governed
    from relui.loading.message_templates import MessageLibrary
    from relui.loading.templates import TemplateLibrary

    places, bundled = session.locations, TemplateLibrary(session.locations.templates, None)
    build_demo(
        places.data,
        places.demo,
        clock=session.clock,
        library=lambda: bundled,
        host_zone=session.host_zone,
    )
    messages = MessageLibrary(places.messages, None)
    lead_governed(
        Course(places.data, session.clock.now(), lambda: bundled, lambda: messages, session.host_zone)
    )


@contextmanager
def _folder(keep: str | None) -> Iterator[Path]:
    """The folder to build in: the person's own, if it is empty or a demo built before, or a temporary one."""
    from tempfile import TemporaryDirectory

    if keep is None:
        with TemporaryDirectory(prefix="relui-demo-") as folder:
            yield Path(folder)
        return
    from relui.locations import chosen_folder
    from relui.store.atomic import disk_errors, ensure_folder

    path = chosen_folder("--keep", keep)
    if path is None:
        raise BadInput("--keep is empty. Name the folder to build the demo in.")
    ensure_folder(path)
    with disk_errors(path, "read"):
        foreign = any(path.iterdir()) and not (path / "organisation.json").is_file()
    if foreign:
        raise BadInput(f"{path} holds something else. Name an empty folder, or one that a demo was kept in.")
    yield path
