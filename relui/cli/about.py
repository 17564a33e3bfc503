"""`relui info`, `doctor`, `demo` and `completion`: relui itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from relui.cli.command import FILE, argument, command, option, switch
from relui.cli.opening import open_app
from relui.cli.output import count, moment
from relui.cli.session import Session
from relui.cli.shapes import picked
from relui.errors import BadInput, Refused
from relui.store.seam import Finding

PARTS = ("textual", "tinydb", "msgspec", "pydantic", "click", "filelock", "platformdirs", "tzdata")
"""The libraries whose versions a report of a fault should name."""


@command("info")
def info_command(session: Session) -> None:
    """Say where everything is, who you are, and which versions run."""
    facts = _facts(session)
    if session.answers(facts):
        return
    facts["now"] = moment(session.clock.now(), str(facts["zone"]), seconds=True)
    for name, value in facts.items():
        parts = [f"{part} {version}" for part, version in value.items()] if isinstance(value, dict) else []
        session.out.line(f"{name.replace('_', ' ')}: {', '.join(parts) or value}")


def _facts(session: Session) -> dict[str, object]:
    import platform

    from relui import __version__

    places, actor = session.locations, session.actor
    return {
        "version": __version__,
        "data": str(places.data),
        "data_exists": places.data.is_dir(),
        "active_releases": len(session.desk.store.releases.active_ids()),
        **{
            name: str(path)
            for name, path in picked(
                places, "config settings keymap own_templates own_themes bundled"
            ).items()
        },
        **picked(actor, "account name"),
        "zone": session.desk.organisation.display_zone(),
        "now": session.clock.now(),
        "simulated_clock": session.clock.simulated,
        "versions": {"Python": platform.python_version(), **_versions()},
    }


def _versions() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    versions: dict[str, str] = {}
    for part in PARTS:
        try:
            versions[part] = version(part)
        except PackageNotFoundError:
            versions[part] = "missing"
    return versions


@command("doctor")
def doctor_command(
    session: Session,
    repair: bool = switch("Set damaged files aside, remove left-overs, finish what was cut short."),
) -> int:
    """Look at every file of relui: records, settings, keys, themes, templates. Exit code 1 for errors, 3 when
    the data folder cannot be read.
    """
    if repair and session.readonly:
        raise BadInput("--repair writes, and --readonly forbids it. Choose one.")
    findings = session.desk.health.examine(
        repair=repair, progress=session.out.progress("Reading the archive")
    )
    findings += [
        Finding("warning", text, "Correct it; until then it is passed over.")
        for text in session.own_file_problems()
    ]
    if not session.answers({"findings": [picked(one, "level text fix") for one in findings]}):
        for one in findings:
            session.out.line(f"{one.level}: {one.text}{f' -> {one.fix}' if one.fix else ''}")
    errors = [one for one in findings if one.level == "error"]
    session.out.word(f"{count(len(errors), 'error')}." if errors else "No errors.")
    return Refused.exit_code if errors else 0


SHELLS = {
    "bash": 'eval "$(relui completion bash)"      in ~/.bashrc',
    "zsh": 'eval "$(relui completion zsh)"       in ~/.zshrc',
    "fish": "relui completion fish | source      in ~/.config/fish/config.fish",
}


@command("completion")
def completion_command(
    session: Session, shell: str = argument("SHELL", type=click.Choice(list(SHELLS)))
) -> None:
    """Print the completion script of a shell: bash, zsh or fish."""
    from click.shell_completion import get_completion_class

    from relui.cli.root import COMPLETING, relui

    completing = get_completion_class(shell)
    assert completing is not None
    script = completing(relui, {}, "relui", COMPLETING).source()
    if session.answers({"shell": shell, "script": script}):
        return
    session.out.line(script.rstrip("\n"))
    session.out.word(f"To keep it: {SHELLS[shell]}")


@command("demo")
def demo_command(
    session: Session,
    keep: str | None = option("Build it in this folder and keep it.", "DIR", type=FILE),
) -> int:
    """Open the app on the demo organisation, in a temporary folder."""
    if session.data is not None:
        raise BadInput("The demo has a folder of its own: use --keep DIR instead of --data.")
    if session.readonly:
        raise BadInput("The demo is built first, so --readonly cannot be kept. Leave it out.")
    from relui.files import disk_errors

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
    from relui.demo.governed import lead_governed
    from relui.loading.message_templates import MessageLibrary
    from relui.loading.templates import TemplateLibrary

    places, bundled = session.locations, TemplateLibrary(session.locations.templates, None)
    data, inputs, clock, zone = places.data, places.demo, session.clock, session.host_zone
    build_demo(data, inputs, clock=clock, library=lambda: bundled, host_zone=zone)
    messages = MessageLibrary(places.messages, None)
    lead_governed(
        data, inputs, clock=clock, library=lambda: bundled, messages=lambda: messages, host_zone=zone
    )


@contextmanager
def _folder(keep: str | None) -> Iterator[Path]:
    """The folder to build in: the person's own, if it is empty or a demo built before, or a temporary one."""
    from tempfile import TemporaryDirectory

    if keep is None:
        with TemporaryDirectory(prefix="relui-demo-") as folder:
            yield Path(folder)
        return
    from relui.files import disk_errors, ensure_folder
    from relui.locations import chosen_folder

    path = chosen_folder("--keep", keep)
    if path is None:
        raise BadInput("--keep is empty. Name the folder to build the demo in.")
    ensure_folder(path)
    with disk_errors(path, "read"):
        foreign = any(path.iterdir()) and not (path / "organisation.json").is_file()
    if foreign:
        raise BadInput(f"{path} holds something else. Name an empty folder, or one that a demo was kept in.")
    yield path
