"""`relui tick`, `untick`, `skip` and `fail`: acts on items of a checklist, named by their paths."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from relui.cli.acting import named, tell
from relui.cli.options import Function, global_options, items_argument, pairs, pass_session, release_argument
from relui.cli.session import Session
from relui.desk.core import Done
from relui.domain.marking import NOT_RECORDED
from relui.domain.ticking import Record
from relui.errors import Refused


def recording(function: Function) -> Function:
    """Give a command the options for what is recorded with a mark."""
    for option in (
        click.option("--field", "fields", metavar="NAME=VALUE", multiple=True, help="A value it asks for."),
        click.option(
            "--evidence", metavar="E", multiple=True,
            help="A link or a text; @FILE keeps the content of a file, 5 MB at most.",
        ),
        click.option("--note", metavar="T", help="A note on each of the items."),
    ):  # fmt: skip
        function = option(function)
    return function


@click.command("tick", help="Tick ITEMs of the release ID. A parent ticks everything in it that is open.")
@release_argument
@items_argument
@recording
@click.option(
    "--override", metavar="REASON", default="", help="Tick though a requirement is not met; it is kept."
)
@click.option("--early", is_flag=True, help="Tick also what belongs after a go-live that is still to come.")
@global_options
@pass_session
def tick_command(
    session: Session, /, release: str, items: tuple[str, ...], override: str, early: bool, **given: Any
) -> int:
    """Tick items; what is recorded is also added to items that are ticked already."""
    record = record_given(session, release, items, **given)
    done = session.desk.tick(release, items, record, override, early=early)
    return _answer(
        session, items, _annotated(session, release, done, record), "ticked already. Nothing changed."
    )


@click.command("untick", help="Open ITEMs of the release ID again. Notes, evidence and fields stay.")
@release_argument
@items_argument
@recording
@global_options
@pass_session
def untick_command(session: Session, /, release: str, items: tuple[str, ...], **given: Any) -> int:
    """Open items again."""
    record = record_given(session, release, items, **given)
    done = session.desk.untick(release, items)
    annotated = _annotated(session, release, done, record, also=done.ruling.changed)
    return _answer(session, items, annotated, "open already. Nothing changed.")


@click.command("skip", help="Set ITEMs of the release ID to not applicable. Required ones need a reason.")
@release_argument
@items_argument
@click.option("--reason", metavar="T", default="", help="Why; optional items need none.")
@recording
@global_options
@pass_session
def skip_command(session: Session, /, release: str, items: tuple[str, ...], reason: str, **given: Any) -> int:
    """Leave items out."""
    record = record_given(session, release, items, **given)
    done = _annotated(session, release, session.desk.skip(release, items, reason, record), record)
    return _answer(session, items, done, "not applicable already. Nothing changed.")


@click.command("fail", help="Mark ITEMs of the release ID as failed.")
@release_argument
@items_argument
@click.option("--reason", metavar="T", required=True, help="What failed.")
@recording
@global_options
@pass_session
def fail_command(session: Session, /, release: str, items: tuple[str, ...], reason: str, **given: Any) -> int:
    """Mark items as failed."""
    record = record_given(session, release, items, **given)
    done = _annotated(session, release, session.desk.fail(release, items, reason, record), record)
    return _answer(session, items, done, "marked so already. Nothing changed.")


def record_given(
    session: Session,
    release: str,
    items: Iterable[str],
    *,
    note: str | None,
    evidence: tuple[str, ...],
    fields: tuple[str, ...],
) -> Record:
    """What is to be recorded. Files are kept only when the release and the items are there."""
    values = pairs(fields, "--field")
    if any(text.startswith("@") for text in evidence):
        _check(session, release, items)
    kept = tuple(session.desk.evidence_reference(text) for text in evidence)
    return Record(note=note, evidence=kept, fields=values)


def _check(session: Session, release: str, items: Iterable[str]) -> None:
    from relui.domain.outline import Outline
    from relui.domain.ruling import refuse_closed

    opened = session.desk.open(release).release
    refuse_closed(opened)
    outline = Outline(opened)
    for path in items:
        outline[path.strip()]


def _annotated(
    session: Session, release: str, done: Done, record: Record, *, also: tuple[str, ...] = ()
) -> Done:
    """Record on items that were so already, too: a pipeline that runs again must lose no evidence."""
    if record.empty:
        return done
    from msgspec.structs import replace

    changed: list[str] = []
    latest = done
    for path in (*done.ruling.already, *also):
        annotated = session.desk.annotate(release, path, _fitting(done, path, record))
        if annotated.changed:
            latest = annotated
            changed.append(path)
    told = tuple(word for word in done.ruling.told if word != NOT_RECORDED or not done.ruling.already)
    if latest is done:
        return replace(done, ruling=replace(done.ruling, told=told))
    ruling = replace(
        done.ruling,
        told=told,
        release=latest.release,
        act=done.ruling.act or latest.ruling.act,
        changed=tuple(dict.fromkeys((*done.ruling.changed, *changed))),
        already=tuple(path for path in done.ruling.already if path not in changed),
    )
    return replace(latest, ruling=ruling)


def _fitting(done: Done, path: str, record: Record) -> Record:
    """`record` for one of several items: values of fields that only others have are left away."""
    from msgspec.structs import replace

    from relui.domain.outline import Outline

    ruling = done.ruling
    if len({*ruling.changed, *ruling.already, *(path for path, _ in ruling.left)}) == 1:
        return record
    item = Outline(done.release)[path].item
    has = {field.id for field in item.fields} if item else set()
    return replace(record, fields={name: value for name, value in record.fields.items() if name in has})


def _answer(session: Session, items: Iterable[str], done: Done, already: str) -> int:
    """Tell what was done. A leaf that was named and left as it was is a no."""
    ruling = done.ruling
    if ruling.act is None and ruling.already:
        already = f"{named(ruling.already)} {'is' if len(ruling.already) == 1 else 'are'} {already}"
    tell(session, done, already)
    asked = {item.strip() for item in items}
    return Refused.exit_code if any(path in asked for path, _ in ruling.left) else 0
