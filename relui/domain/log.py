"""The log of a release: append-only entries, each sealed by a SHA-256 over itself and its predecessor.

State and entry are written together; replaying the patches from the first entry must give the state, so
an edit of either is found. Order comes from `seq`, never from the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct, to_builtins

from relui.domain.instants import Moment, within_reach
from relui.domain.patches import Document, Patch, PatchMismatch, diff, replay
from relui.domain.text import first_of


class Actor(Struct, frozen=True):
    """The person behind an act. Both are kept, because the name is chosen and the account is not.

    `account` is the login on the host; `name` is what people call them.
    """

    account: str
    name: str

    @property
    def words(self) -> str:
        """How a log line names them: `ada`, or `Ada (deploy)` when the account differs."""
        return self.name if self.name == self.account else f"{self.name} ({self.account})"


GENESIS = "0" * 64
"""What the first entry names as its predecessor."""


class Entry(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One act: when (UTC), who (account on the host, and the name acted under), what, why.

    `reverses` is the seq that an undo or a redo reverses. `reversible` acts can be undone. `simulated`
    entries were made under a clock set by hand, and stay marked so.
    """

    seq: int
    at: Moment
    account: str
    name: str
    act: str
    text: str
    reason: str = ""
    patches: tuple[Patch, ...] = ()
    reversible: bool = False
    reverses: int | None = None
    simulated: bool = False
    previous: str
    hash: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError for an instant that no zone can show."""
        within_reach(at=self.at)

    @property
    def actor(self) -> Actor:
        """Who did it."""
        return Actor(account=self.account, name=self.name)


class Act(Struct, frozen=True):
    """What a rule says it did, for the log.

    A verb (`tick`), a sentence, a reason, and whether undo may take it back.
    """

    verb: str
    text: str
    reason: str = ""
    reversible: bool = True
    reverses: int | None = None


class Head(Struct, frozen=True):
    """The end of a log: all that writing the next entry needs."""

    seq: int = 0
    hash: str = GENESIS


def canonical(value: Any) -> bytes:
    """The bytes that are hashed: JSON with sorted keys, no blanks, UTF-8.

    Python's own encoder, so that a few lines of a script without relui can check a log. Raises ValueError
    for a text that is no Unicode, which only a foreign file can hold.
    """
    import json

    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sealed(entry: Entry) -> Entry:
    """`entry` with its hash: SHA-256 over the canonical JSON of everything else in it."""
    return msgspec.structs.replace(entry, hash=hash_of(to_builtins(entry)))


def hash_of(entry: Document) -> str:
    """The hash that an entry, as stored, should bear."""
    import hashlib

    return hashlib.sha256(
        canonical({key: value for key, value in entry.items() if key != "hash"})
    ).hexdigest()


def next_entry(
    head: Head, act: Act, actor: Actor, at: datetime, patches: tuple[Patch, ...], *, simulated: bool
) -> Entry:
    """The sealed entry that follows `head`."""
    return sealed(
        Entry(
            seq=head.seq + 1,
            at=at.astimezone(UTC),
            account=actor.account,
            name=actor.name,
            act=act.verb,
            text=act.text,
            reason=act.reason,
            patches=patches,
            reversible=act.reversible,
            reverses=act.reverses,
            simulated=simulated,
            previous=head.hash,
        )
    )


class Seal(Struct, frozen=True):
    """What somebody noted of a log: the hash of an entry, and its number when that was noted too."""

    hash: str
    entries: int | None = None


class IntegrityCheck(Struct, frozen=True):
    """The answer of a verification: `problems` is empty when the record is intact."""

    id: str
    entries: int
    seal: str
    problems: tuple[str, ...] = ()
    simulated: int = 0
    not_delivered: tuple[str, ...] = ()
    """Files of evidence that an import did not bring: no fault of the record, and no proof either."""

    @property
    def intact(self) -> bool:
        """Nothing was altered outside the tool."""
        return not self.problems


def verify(
    release_id: str,
    state: Document,
    entries: Sequence[Document],
    seal: str | None = None,
    *,
    seals: Sequence[Seal] = (),
) -> IntegrityCheck:
    """Check a stored log against itself and against the state [section 7 of the domain].

    `seal` is the hash of an entry that must be in the log, and so is each of `seals`, at the place that it
    names: they prove that no tail was cut since. Never raises: what is wrong is in `problems`, in words.
    """
    problems: list[str] = []
    previous: object = GENESIS
    replayed: Document = {}
    for position, entry in enumerate(entries, start=1):
        try:
            problems += _chain_problems(position, entry, previous)
            previous = entry.get("hash")
            patches = msgspec.convert(entry.get("patches", []), tuple[Patch, ...])
            replayed = replay(replayed, patches)
        except PatchMismatch as mismatch:
            problems.append(f"entry {position} does not fit what was there at '{'.'.join(mismatch.path)}'")
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            problems.append(f"entry {position} cannot be read: {error}")
    if not entries:
        problems.append("the log is empty")
    elif not problems:
        problems += _state_problems(replayed, state)
    for noted in (*seals, *([Seal(seal)] if seal is not None else [])):
        problems += _seal_problems(noted, entries)
    simulated = sum(1 for entry in entries if isinstance(entry, dict) and entry.get("simulated"))
    return IntegrityCheck(release_id, len(entries), str(previous), tuple(problems), simulated)


def _seal_problems(seal: Seal, entries: Sequence[Document]) -> list[str]:
    places = [
        at
        for at, entry in enumerate(entries, 1)
        if isinstance(entry, dict) and entry.get("hash") == seal.hash
    ]
    if not places:
        return ["the sealed entry is not in the log: its end was cut off or rewritten"]
    if seal.entries is not None and seal.entries not in places:
        return [f"the seal is that of {seal.entries} entries, but its hash is that of entry {places[0]}"]
    return []


def _chain_problems(position: int, entry: Document, previous: object) -> list[str]:
    """What is wrong with an entry's number, its predecessor and its hash."""
    found: list[str] = []
    if entry.get("seq") != position:
        found.append(f"entry {position} bears the number {entry.get('seq')}: one was removed or added")
    if entry.get("previous") != previous:
        found.append(f"entry {position} does not follow the one before it")
    if entry.get("hash") != hash_of(entry):
        found.append(f"entry {position} was altered: its hash does not fit its text")
    return found


def _state_problems(replayed: Document, state: Document) -> list[str]:
    """Where the state is not what replaying the log leads to."""
    try:
        if canonical(replayed) == canonical(state):
            return []
        places = [".".join(patch.path) for patch in diff(replayed, state)]
    except (ValueError, TypeError, RecursionError) as error:
        return [f"the state cannot be read: {error}"]
    return [f"the state is not what the log leads to: {first_of(places, 5)}"]


def entries_from(documents: Iterable[Document]) -> list[Entry]:
    """Stored entries as structs. Raises msgspec.ValidationError for one that is none."""
    return [msgspec.convert(document, Entry) for document in documents]
