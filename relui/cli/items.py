"""`relui tick`, `untick`, `skip`, `fail`, `note` and `item`: a checklist's items, named by their paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from relui.cli.acting import named, tell
from relui.cli.command import (
    ITEM,
    ITEMS,
    PLACES,
    RELEASE,
    Given,
    argument,
    command,
    group,
    option,
    pairs,
    switch,
)
from relui.cli.session import Session
from relui.desk.act import Done
from relui.domain.marking import NOT_RECORDED, Details
from relui.errors import Refused

RECORDING: Mapping[str, Given] = {
    "note": option("A note on each of the items.", default=None),
    "evidence": option(
        "A link or a text; @FILE keeps the content of a file, 5 MB at most.", "E", multiple=True
    ),
    "fields": option("A value it asks for.", "NAME=VALUE", "--field", multiple=True),
}
"""What can be recorded with a mark."""


@command("tick", more=RECORDING)
def tick_command(
    session: Session,
    /,
    release: str = RELEASE,
    items: tuple[str, ...] = ITEMS,
    override: str = option("Tick though a requirement is not met; it is kept.", "REASON"),
    early: bool = switch("Tick also what belongs after a go-live that is still to come."),
    **given: Any,
) -> int:
    """Tick ITEMs of the release ID. A parent ticks everything in it that is open. What is recorded is also
    added to items that are ticked already.
    """

    def tick(record: Details) -> Done:
        return session.desk.items.tick(release, items, record, override, early=early)

    return _mark(session, release, items, given, tick, "ticked already. Nothing changed.")


@command("untick", more=RECORDING)
def untick_command(
    session: Session, /, release: str = RELEASE, items: tuple[str, ...] = ITEMS, **given: Any
) -> int:
    """Open ITEMs of the release ID again. Notes, evidence and fields stay."""

    def untick(record: Details) -> Done:
        return session.desk.items.untick(release, items)

    return _mark(session, release, items, given, untick, "open already. Nothing changed.", recorded=False)


@command("skip", more=RECORDING)
def skip_command(
    session: Session,
    /,
    release: str = RELEASE,
    items: tuple[str, ...] = ITEMS,
    reason: str = option("Why; optional items need none."),
    **given: Any,
) -> int:
    """Set ITEMs of the release ID to not applicable. Required ones need a reason."""

    def skip(record: Details) -> Done:
        return session.desk.items.skip(release, items, reason, record)

    return _mark(session, release, items, given, skip, "not applicable already. Nothing changed.")


@command("fail", more=RECORDING)
def fail_command(
    session: Session,
    /,
    release: str = RELEASE,
    items: tuple[str, ...] = ITEMS,
    reason: str = option("What failed.", required=True),
    **given: Any,
) -> int:
    """Mark ITEMs of the release ID as failed."""

    def fail(record: Details) -> Done:
        return session.desk.items.fail(release, items, reason, record)

    return _mark(session, release, items, given, fail, "marked so already. Nothing changed.")


def _mark(
    session: Session,
    release: str,
    items: Iterable[str],
    given: Mapping[str, Any],
    act: Callable[[Details], Done],
    already: str,
    *,
    recorded: bool = True,
) -> int:
    """Mark items and tell it. A leaf that was named and left as it was is a no.

    What the act has not `recorded` itself is recorded on the items that it changed, too.
    """
    record = record_given(session, release, items, **given)
    first = act(record)
    also = () if recorded else first.ruling.changed
    done = _annotated(session, release, first, record, also=also)
    ruling = done.ruling
    if ruling.act is None and ruling.already:
        already = f"{named(ruling.already)} {'is' if len(ruling.already) == 1 else 'are'} {already}"
    tell(session, done, already)
    asked = {item.strip() for item in items}
    return Refused.exit_code if any(path in asked for path, _ in ruling.left) else 0


def record_given(
    session: Session,
    release: str,
    items: Iterable[str],
    *,
    note: str | None,
    evidence: tuple[str, ...],
    fields: tuple[str, ...],
) -> Details:
    """What is to be recorded. Files are kept only when the release and the items are there."""
    values = pairs(fields, "--field")
    if any(text.startswith("@") for text in evidence):
        _check(session, release, items)
    kept = tuple(session.desk.evidence.reference(text) for text in evidence)
    return Details(note=note, evidence=kept, fields=values)


def _check(session: Session, release: str, items: Iterable[str]) -> None:
    from relui.domain.outline import Outline
    from relui.domain.ruling import refuse_closed

    opened = session.release(release)
    refuse_closed(opened)
    outline = Outline(opened)
    for path in items:
        outline[path.strip()]


def _annotated(
    session: Session, release: str, done: Done, record: Details, *, also: tuple[str, ...] = ()
) -> Done:
    """Record on items that were so already, too: a pipeline that runs again must lose no evidence."""
    if record.empty:
        return done
    from msgspec.structs import replace

    changed: list[str] = []
    latest = done
    for path in (*done.ruling.already, *also):
        annotated = session.desk.items.annotate(release, path, _fitting(done, path, record))
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


def _fitting(done: Done, path: str, record: Details) -> Details:
    """`record` for one of several items: values of fields that only others have are left away."""
    from msgspec.structs import replace

    from relui.domain.outline import Outline

    ruling = done.ruling
    if len({*ruling.changed, *ruling.already, *(path for path, _ in ruling.left)}) == 1:
        return record
    item = Outline(done.release)[path].item
    has = {field.id for field in item.fields} if item else set()
    return replace(record, fields={name: value for name, value in record.fields.items() if name in has})


@command("note", more=RECORDING)
def note_command(session: Session, /, release: str = RELEASE, item: str = ITEM, **given: Any) -> None:
    """Record a note, evidence or field values on ITEM of the release ID. The item's state stays; an empty
    note removes the note.
    """
    record = record_given(session, release, [item], **given)
    tell(session, session.desk.items.annotate(release, item.strip(), record))


item_command = group("item", "Add, remove and move items of one release; its template stays as it is.")


@command("add", item_command)
def add_item(
    session: Session,
    release: str = RELEASE,
    item: str = ITEM,
    text: str = argument("TEXT"),
    optional: bool = switch("It may be set to not applicable without a reason."),
) -> None:
    """Add an item with TEXT behind ITEM, or at the end of the phase ITEM."""
    tell(session, session.desk.items.add(release, item.strip(), text, optional=optional))


@command("remove", item_command)
def remove_item(
    session: Session,
    release: str = RELEASE,
    item: str = ITEM,
    reason: str = option("Why; required items need one."),
) -> None:
    """Remove the open ITEM from the release ID; its log keeps it. Nothing may be recorded on it."""
    tell(session, session.desk.items.remove(release, item.strip(), reason))


@command("move", item_command)
def move_item(
    session: Session,
    release: str = RELEASE,
    item: str = ITEM,
    places: int = PLACES,
) -> None:
    """Move ITEM up or down among its siblings."""
    tell(session, session.desk.items.move(release, item.strip(), places), "it stands there already.")
