"""`relui info` and `relui doctor`: where everything is, and whether it is well."""

from __future__ import annotations

from relui.cli.command import command, switch
from relui.cli.session import Session
from relui.cli.wording import count, moment
from relui.desk.health import Finding
from relui.errors import BadInput, Refused

PARTS = ("textual", "tinydb", "msgspec", "pydantic", "click", "filelock", "platformdirs", "tzdata")
"""The libraries whose versions a report of a fault should name."""


@command("info")
def info_command(session: Session) -> None:
    """Say where everything is, who you are, and which versions run."""
    facts = _facts(session)
    if session.json:
        session.out.document(facts)
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
        "active_releases": len(session.desk.files.active_ids()),
        "config": str(places.config),
        "settings": str(places.settings),
        "keymap": str(places.keymap),
        "own_templates": str(places.own_templates),
        "own_themes": str(places.own_themes),
        "bundled": str(places.bundled),
        "account": actor.account,
        "name": actor.name,
        "zone": session.desk.display_zone(),
        "now": session.clock.now(),
        "simulated_clock": session.clock.simulated,
        "versions": {"Python": platform.python_version(), **_versions()},
    }


def _versions() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found: dict[str, str] = {}
    for part in PARTS:
        try:
            found[part] = version(part)
        except PackageNotFoundError:
            found[part] = "missing"
    return found


@command("doctor")
def doctor_command(
    session: Session,
    repair: bool = switch("Set damaged files aside, remove left-overs, finish what was cut short."),
) -> int:
    """Look at every file of relui: records, settings, keys, themes, templates.

    Returns 1 for errors, 3 when the data folder cannot be read.
    """
    if repair and session.readonly:
        raise BadInput("--repair writes, and --readonly forbids it. Choose one.")
    found = session.desk.examine(repair=repair, progress=session.out.progress("Reading the archive"))
    found += [
        Finding("warning", text, "Correct it; until then it is passed over.")
        for text in session.own_file_problems()
    ]
    if session.json:
        rows = [{"level": one.level, "text": one.text, "fix": one.fix} for one in found]
        session.out.document({"findings": rows})
    else:
        for one in found:
            session.out.line(f"{one.level}: {one.text}{f' -> {one.fix}' if one.fix else ''}")
    errors = [one for one in found if one.level == "error"]
    session.out.word(f"{count(len(errors), 'error')}." if errors else "No errors.")
    return Refused.exit_code if errors else 0
