"""`relui undo`, `redo`, `log`, `verify` and `seal`: what was done, taking it back, proofs that it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from relui.cli.acting import tell
from relui.cli.command import RELEASE, argument, command, option
from relui.cli.completing import release_ids
from relui.cli.output import count, moment, table
from relui.cli.session import Session
from relui.cli.shapes import entries, picked, verification
from relui.domain.history import undone_by
from relui.domain.log import Entry, IntegrityCheck, Seal
from relui.domain.text import quoted
from relui.errors import BadInput, Refused, StoreError
from relui.files import read_regular


@command("undo")
def undo_command(
    session: Session,
    release: str = RELEASE,
    entry: int | None = option("Which act; anybody's.", "N", type=click.IntRange(min=1)),
) -> None:
    """Take back your own last act on the release ID, or the act number N of its log."""
    tell(session, session.desk.releases.undo(release, entry), "")


@command("redo")
def redo_command(session: Session, release: str = RELEASE) -> None:
    """Do again what your last undo on the release ID took back."""
    tell(session, session.desk.releases.redo(release), "")


@command("log")
def log_command(session: Session, release: str = RELEASE) -> None:
    """Print the log of the release ID, oldest first. Every act: when, who (the account beside the name),
    what, why.
    """
    opened = session.desk.journal.open(release)
    if session.json:
        session.out.document(entries(opened.release.id, opened.entries))
        return
    zone, undone = session.desk.organisation.display_zone(), undone_by(opened.entries)
    rows = [("#", f"WHEN ({zone})", "WHO", "WHAT")]
    rows += [_row(entry, zone, undone.get(entry.seq)) for entry in opened.entries]
    session.out.lines(table(rows, None))


def _row(entry: Entry, zone: str, undone: int | None) -> tuple[str, str, str, str]:
    what = entry.text + (f": {entry.reason}" if entry.reason else "")
    if undone is not None:
        what += f" [undone by {undone}]"
    if entry.simulated:
        what += " [simulated clock]"
    return str(entry.seq), moment(entry.at, zone, seconds=True), entry.actor.words, what


ORGANISATION = "organisation"
"""The name under which the organisation's own log is verified and sealed."""
ACTIONS = "actions"
"""The name of the log of what was learned."""
_SEALS_LIMIT = 16 * 1024 * 1024
"""Bytes that a file of seals may have: some 180,000 lines."""


@command("verify")
def verify_command(
    session: Session,
    release: str | None = argument("[ID]", release_ids, default=None),
    seal: str | None = option(
        "What `relui seal` printed, or @FILE: no end was cut since.", "TEXT", default=None
    ),
) -> int:
    """Check the log of the release ID, or of everything, against itself and the state. Exit code 1 when one
    does not verify, 3 when one cannot be read.
    """
    seals = _seals(seal) if seal is not None else {}
    unreadable: list[str] = []
    ids = [session.desk.journal.resolve(release)] if release else _everything(session, unreadable)
    if release:
        seals = _seals_of(ids[0], seals)
    elif "" in seals:
        raise BadInput("--seal: a hash alone needs the ID of its record.")
    missing = [] if release else sorted(set(seals) - set(ids))
    verdicts = _verdicts(session, ids, seals, unreadable)
    gone = "it is sealed, but its record is not here"
    verdicts += [IntegrityCheck(name, 0, "", (gone,)) for name in missing]
    if not release:
        unreadable += [error.message for error in session.desk.store.catalogue.unreadable().values()]
    unreadable = list(dict.fromkeys(unreadable))
    if not session.answers({"records": [verification(each) for each in verdicts], "unreadable": unreadable}):
        _print(session, verdicts, one=bool(release))
    return _code(session, verdicts, unreadable)


@command("seal")
def seal_command(session: Session, releases: tuple[str, ...] = argument("[ID]...", release_ids)) -> int:
    """Print the seal of the releases ID..., or of every record: ID, entries, hash. Only a record that
    verifies is sealed.
    """
    unreadable: list[str] = []
    ids = [session.desk.journal.resolve(name) for name in releases] or _everything(session, unreadable)
    verdicts = _verdicts(session, ids, {}, unreadable)
    good = [each for each in verdicts if each.intact]
    if not session.answers({"seals": [picked(each, "id entries hash=seal") for each in good]}):
        for each in good:
            session.out.line(f"{each.id} {each.entries} {each.seal}")
    bad = [each for each in verdicts if not each.intact]
    session.out.words(f"relui: {each.id} is not sealed: {each.problems[0]}." for each in bad)
    return _code(session, verdicts, unreadable)


def _code(session: Session, verdicts: Iterable[IntegrityCheck], unreadable: Iterable[str]) -> int:
    """Tell what could not be read. Returns 3 for that, 1 when a record does not verify."""
    problems = [f"relui: {problem}" for problem in unreadable]
    session.out.words(problems)
    if problems:
        return StoreError.exit_code
    return 0 if all(each.intact for each in verdicts) else Refused.exit_code


def _everything(session: Session, unreadable: list[str]) -> list[str]:
    """Every record; a part that cannot be read adds its sentence to `unreadable`, and the rest goes on."""
    desk = session.desk
    names: list[str] = []

    def archived() -> list[str]:
        return sorted(
            row.id for row in desk.store.catalogue.summaries(session.out.progress("Reading the archive"))
        )

    def organisation() -> list[str]:
        file = desk.store.organisation
        return [ORGANISATION] if file.state() or file.log() else []

    def actions() -> list[str]:
        return [ACTIONS] if desk.store.learned.state() or desk.store.learned.log() else []

    for part in (desk.store.releases.active_ids, archived, organisation, actions):
        try:
            names += part()
        except StoreError as error:
            unreadable.append(error.message)
    return list(dict.fromkeys(names))


Seals = dict[str, list[Seal]]
"""Identifier -> what was noted of its log; a hash alone stands under an empty identifier."""


def _seals(text: str) -> Seals:
    """What `relui seal` printed, on the command line or in a `@FILE`. Raises BadInput for anything else."""
    if text.startswith("@"):
        text = _content(text[1:])
    seals: Seals = {}
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        counted = len(words) == 3 and words[1].isascii() and words[1].isdigit() and len(words[1]) < 10
        if not re.fullmatch("[0-9a-f]{64}", words[-1].lower()) or not (counted or len(words) == 1):
            raise BadInput(f"--seal: {quoted(line)} is no line of `relui seal`: ID, entries, hash.")
        name = words[0] if words[0] in (ORGANISATION, ACTIONS) else words[0].upper()
        name = name if counted else ""
        seals.setdefault(name, []).append(Seal(words[-1].lower(), int(words[1]) if counted else None))
    if not seals:
        raise BadInput("--seal holds no seal. Give what `relui seal` printed, or @FILE with it.")
    return seals


def _seals_of(release_id: str, seals: Seals) -> Seals:
    """Those of the record that is verified. Raises BadInput when there are only seals of others."""
    if not seals:
        return {}
    own = [*seals.get(release_id, ()), *seals.get("", ())]
    if not own:
        others = ", ".join(sorted(seals)[:3])
        raise BadInput(f"--seal names {others}, not {release_id}: nothing was checked.")
    return {release_id: own}


def _content(name: str) -> str:
    try:
        content = read_regular(Path(name), _SEALS_LIMIT + 1)
        if len(content) > _SEALS_LIMIT:
            raise ValueError("it is too large for a list of seals")
        return content.decode()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInput(f"--seal: {name} cannot be read: {reason}.") from None


def _verdicts(
    session: Session, ids: Sequence[str], seals: Seals, unreadable: list[str]
) -> list[IntegrityCheck]:
    """The verdict on each record; one that cannot be read adds its sentence to `unreadable`."""
    verdicts: list[IntegrityCheck] = []
    known: dict[str, str] = {}
    progress = session.out.progress("Verifying") if len(ids) > 50 else None
    for number, name in enumerate(ids, start=1):
        noted = seals.get(name, ())
        try:
            if name == ORGANISATION:
                verdicts.append(session.desk.organisation.verify(seals=noted))
            elif name == ACTIONS:
                verdicts.append(session.desk.learning.verify(seals=noted))
            else:
                verdicts.append(session.desk.health.proven(name, seals=noted, known=known).verdict)
        except (StoreError, BadInput) as error:  # BadInput: it went away a moment ago
            unreadable.append(error.message)
        if progress is not None and (number % 50 == 0 or number == len(ids)):
            progress(number, len(ids))
    return verdicts


def _print(session: Session, verdicts: Sequence[IntegrityCheck], *, one: bool) -> None:
    for verdict in verdicts:
        if verdict.intact and not one and not verdict.not_delivered:
            continue
        marked = f", {verdict.simulated} under a simulated clock" if verdict.simulated else ""
        state = "intact" if verdict.intact else "NOT INTACT"
        session.out.line(f"{verdict.id}: {state}, {count(verdict.entries, 'entry', 'entries')}{marked}")
        for problem in verdict.problems:
            session.out.line(f"    {problem}")
        for name in verdict.not_delivered:
            session.out.line(f"    its evidence {name} was not delivered with the import")
        if one and verdict.intact:
            session.out.line(f"    seal: {verdict.seal}")
    if not one:
        bad = sum(1 for verdict in verdicts if not verdict.intact)
        session.out.line(f"{count(len(verdicts), 'record')} verified, {bad or 'none'} altered.")
