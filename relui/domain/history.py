"""Undo and redo over the log: new entries that reverse earlier ones, and persist over restarts.

Undo takes back one's own last reversible act; another's only when it is chosen by number. Acts of one's own
that came later and cannot be undone stand: they are named, so that nobody thinks them gone. It refuses
when somebody changed the same field since.

What an act would overwrite that somebody else wrote since it was shown is told, never lost silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import UNSET, Struct

from relui.domain.log import Act, Actor, Entry
from relui.domain.patches import Document, Patch, PatchMismatch, apply, same, value_at
from relui.errors import BadInput, Refused, WrittenMeanwhile


class Reversal(Struct, frozen=True):
    """The state after an entry was reversed, and the act for the log."""

    state: Document
    act: Act
    reversed: Entry
    passed: tuple[str, ...] = ()
    """A sentence for each later act of one's own that stands, because undo cannot take it back."""


def undone_by(entries: Sequence[Entry]) -> dict[int, int]:
    """The acts that are undone now: seq of the act -> seq of the undo that took it back."""
    undone: dict[int, int] = {}
    by_seq = {entry.seq: entry for entry in entries}
    for entry in entries:
        if entry.act == "undo" and entry.reverses is not None:
            undone[entry.reverses] = entry.seq
        elif entry.act == "redo" and entry.reverses in by_seq:
            target = by_seq[entry.reverses].reverses
            if target is not None:
                undone.pop(target, None)
    return undone


def _own(entry: Entry, actor: Actor) -> bool:
    return entry.name == actor.name and entry.account == actor.account


def undoable(entries: Sequence[Entry], actor: Actor) -> Entry | None:
    """The actor's own last reversible act that is not undone, or None."""
    undone = undone_by(entries)
    return next(
        (e for e in reversed(entries) if e.reversible and _own(e, actor) and e.seq not in undone),
        None,
    )


def passed_over(entries: Sequence[Entry], actor: Actor) -> tuple[Entry, ...]:
    """The actor's own acts since the one that undo takes back, which undo cannot take back: latest first."""
    reached = undoable(entries, actor)
    after = reached.seq if reached is not None else 0
    return tuple(
        e
        for e in reversed(entries)
        if e.seq > after
        and not e.reversible
        and _own(e, actor)
        and e.act not in {*_RELUIS, "create", "import"}
    )


def way_out(entry: Entry) -> str:
    """What takes back an act that undo cannot."""
    return _WAYS.get(entry.act, _BY_A_NEW_ACT)


def redoable(entries: Sequence[Entry], actor: Actor) -> Entry | None:
    """The actor's own last undo that still stands, or None; a newer act of theirs ends the chance."""
    undone = {undo: act for act, undo in undone_by(entries).items()}
    for entry in reversed(entries):
        if not _own(entry, actor) or entry.act == "redo":
            continue
        if entry.seq in undone:
            return entry
        if entry.reversible:
            return None
    return None


Told = Callable[[datetime], str]
"""An instant in words, in the zone that the person reads times in."""


def _in_utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def undo(
    state: Document, entries: Sequence[Entry], actor: Actor, seq: int | None = None, told: Told = _in_utc
) -> Reversal:
    """Take back one's own last act, or the act number `seq`, whoever did it. `told` words instants.

    Raises Refused when the release is closed, there is nothing to undo, the act cannot be undone, or a
    field changed since; BadInput for a number that the log does not have.
    """
    _refuse_closed(state)
    passed: tuple[str, ...] = ()
    if seq is None:
        entry = undoable(entries, actor)
        if entry is None:
            raise Refused(
                f"There is nothing of {actor.name}'s to undo in this release.{_last(entries, actor)}"
            )
        passed = tuple(
            f"Entry {each.seq} stands ({each.text}): undo does not take it back; {way_out(each)}."
            for each in passed_over(entries, actor)
        )
    else:
        found = [entry for entry in entries if entry.seq == seq]
        if not found:
            raise BadInput(f"The log has no entry {seq}; it has 1 to {len(entries)}.")
        entry = found[0]
        if why := irreversible(entry, entries):
            raise Refused(f"Entry {seq} ({entry.text}) {why}.")
    act = Act("undo", f"undid: {entry.text}", reversible=False, reverses=entry.seq)
    return Reversal(_reverse(state, entry, entries, told), act, entry, passed)


def irreversible(entry: Entry, entries: Sequence[Entry]) -> str:
    """Why undo cannot take an entry back, whoever asks and whatever happened since; empty when it can."""
    if entry.seq in undone_by(entries):
        return "is undone already"
    if entry.reversible:
        return ""
    return f"cannot be undone; {way_out(entry)}"


_RELUIS = frozenset(("migrate", "carry", "settle", "may-deploy", "undo", "redo"))
"""Acts that nobody means by their last one: what relui does and answers, and undo itself."""

_BY_A_NEW_ACT = "it can only be withdrawn by a new act"

_WAYS = {
    "undo": "redo does again what it took back",
    "redo": "undo takes back the act itself, further down",
    "create": "close the release as cancelled instead",
    "override": "it stays in the record for ever, with its reason",
    "book": "give the slot back instead (`relui book ID --give-back --reason WHY`)",
    "send": "withdraw the message instead (`relui message ID NAME --withdraw REASON`)",
    "sign": "withdraw the sign-off instead (`relui sign ID SUBJECT --decision withdraw`)",
    **dict.fromkeys(
        ("decide", "start", "complete", "rollback"),
        "withdraw the decision instead (`relui decide ID WHY --withdraw D-N`)",
    ),
}
"""The way out, by act, where undo is none; what a person reads after a semicolon."""


def _last(entries: Sequence[Entry], actor: Actor) -> str:
    """What the actor did last that cannot be undone, and its way out: a sentence, or nothing."""
    kept = [e for e in entries if not e.reversible and _own(e, actor) and e.act not in _RELUIS]
    if not kept:
        return ""
    return f" Your last act, entry {kept[-1].seq} ({kept[-1].text}), {irreversible(kept[-1], entries)}."


def redo(state: Document, entries: Sequence[Entry], actor: Actor, told: Told = _in_utc) -> Reversal:
    """Do again what the actor's last undo took back. Raises Refused as `undo` does."""
    _refuse_closed(state)
    entry = redoable(entries, actor)
    if entry is None:
        raise Refused(f"There is nothing of {actor.name}'s to redo in this release.")
    original = next(e for e in entries if e.seq == entry.reverses)
    act = Act("redo", f"redid: {original.text}", reversible=False, reverses=entry.seq)
    return Reversal(_reverse(state, entry, entries, told), act, original)


def _refuse_closed(state: Document) -> None:
    if state.get("closing") is not None:
        raise Refused("The release is closed: nothing in it can be undone or redone.")


def _reverse(state: Document, entry: Entry, entries: Sequence[Entry], told: Told) -> Document:
    """The document without the entry. What only followed from it and differs since is left: whoever writes
    the document settles bound items by the facts as they are then."""
    patches, following = list(reversed(entry.patches)), _following(state, entry)
    while True:
        try:
            return apply(state, [patch.reversed() for patch in patches])
        except PatchMismatch as mismatch:
            rest = [patch for patch in patches if patch.path[:2] != mismatch.path[:2]]
            if mismatch.path[:2] in following and len(rest) < len(patches):
                patches = rest
                continue
            since = _changed_since(entry, entries, mismatch.path, told)
            raise Refused(f"'{entry.text}' cannot be reversed: {since}. Change it by hand instead.") from None


_SETTLED = {"state", "by", "at", "bound", "late", "reason"}
"""What settling writes of a mark; all else is a person's."""


def _following(state: Document, entry: Entry) -> set[tuple[str, ...]]:
    """Where the entry has marks of bound items that no person set."""
    bound = {("marks", path) for path in _bound_paths(state.get("phases", ()))}
    own = {patch.path[:2] for patch in entry.patches if not _is_settling(patch)}
    return {patch.path[:2] for patch in entry.patches} & bound - own


def _bound_paths(holders: Iterable[Document], above: str = "") -> Iterator[str]:
    for holder in holders:
        path = f"{above}{holder['id']}"
        if holder.get("when_done"):
            yield path
        yield from _bound_paths(holder.get("items", ()), f"{path}.")


def _is_settling(patch: Patch) -> bool:
    for value in (patch.before, patch.after):
        fields = value if isinstance(value, dict) else {patch.path[2]: value} if len(patch.path) > 2 else {}
        if not fields.keys() <= _SETTLED or fields.get("state") in ("not-applicable", "failed"):
            return False
    return True


def _changed_since(entry: Entry, entries: Sequence[Entry], path: tuple[str, ...], told: Told) -> str:
    """Who changed the field at `path` after `entry`, in words."""
    later = _last_writing(path, [each for each in entries if each.seq > entry.seq])
    if later is not None:
        return f"{later.name} changed the same field since ({later.text}, {told(later.at)})"
    return f"'{'.'.join(path)}' is not what it was"


def refuse_overwriting(seen: Document, patches: Sequence[Patch], log: Callable[[], Sequence[Entry]]) -> None:
    """Refuse patches of fields that are not any more as they were `seen`.

    `log` gives the log of the document that the patches change, read only when it has to say who wrote.
    Raises WrittenMeanwhile with what stands there now.
    """
    lost = [patch for patch in patches if not _same(value_at(seen, patch.path), patch.before)]
    if not lost:
        return
    entries = log()
    told = []
    for patch in lost[:4]:
        writer = _last_writing(patch.path, entries)
        who = writer.name if writer is not None else "Somebody"
        told.append(f"{who} changed {_what(patch.path)}. It is now:\n{_words(patch.before)}")
    raise WrittenMeanwhile("\n\n".join(told))


def _same(one: Any, other: Any) -> bool:
    return one is other if UNSET in (one, other) else same(one, other)


def _last_writing(path: tuple[str, ...], entries: Sequence[Entry]) -> Entry | None:
    """The last entry that wrote at this path, above it or below it."""
    for entry in reversed(entries):
        for patch in entry.patches:
            short = min(len(patch.path), len(path))
            if patch.path[:short] == path[:short]:
                return entry
    return None


def _what(path: tuple[str, ...]) -> str:
    """`the note of pre-deploy.backup`, `the risk`."""
    name = path[-1].replace("_", " ")
    if path[0] == "marks" and len(path) > 1:
        return f"what is recorded on {path[1]}" if len(path) == 2 else f"the {name} of {path[1]}"
    return f"the {name}" if len(path) < 3 else f"the {name} of {path[-2]}"


def _words(value: Any) -> str:
    if value is UNSET or value in ("", None):
        return "(empty)"
    if isinstance(value, dict):
        return "\n".join(f"{key}: {each}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
