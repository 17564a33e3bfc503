"""A release as a document: the state with its schema version, and its log, turned into structs and back.

Also its ordered migrations, one schema to the next: pure functions from a state to the next schema's state.
What one changed becomes a log entry, so that a migrated record still verifies. Nothing here knows how or
where a record is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property

import msgspec
from msgspec import Struct, structs

from relui.domain.checklist import Item
from relui.domain.instants import parse_offset, zone_named
from relui.domain.log import Act, Actor, Entry, Head, entries_from, next_entry
from relui.domain.patches import Document, diff
from relui.domain.release import Release
from relui.errors import BadInput, StoreError

SCHEMA = 1
"""The schema that this version writes. Older ones are migrated, newer ones open read-only."""

Stamp = object
"""What tells one state of something kept from another: it is compared with ==, and nothing else."""

REPAIR = "`relui doctor --repair` sets it aside; then put back a backup or an export."

DEPTH_LIMIT = 32
"""Levels of items below a phase. Templates stay far below; what is deeper would exhaust the stack."""


class DamagedError(StoreError):
    """What is kept cannot be understood. What only cannot be read now is a plain StoreError."""

    title = "Damaged file"


def damaged(where: object, why: object) -> DamagedError:
    """The error of what cannot be understood, with the way out."""
    return DamagedError(f"{where} is damaged ({why}). Nothing was written to it. {REPAIR}")


class Record(Struct, frozen=True, kw_only=True, dict=True):
    """One release as stored: its state, its log in order, and where it was read from.

    Nobody changes what is in it: it is shared, and each part of it is decoded once, when it is asked for.
    `stamp` tells it from what is kept later; None where it is not known. `read_only` says
    why nothing may be written, or is empty. `foreign` names tables that relui does not write. `upgrade` turns
    a state of an older schema into today's, for reading; None when the state is of today's.
    """

    state: Document
    log: list[Document]
    where: str
    archived: bool = False
    read_only: str = ""
    foreign: tuple[str, ...] = ()
    upgrade: Callable[[Document], Document] | None = None
    stamp: Stamp = None

    @cached_property
    def release(self) -> Release:
        """The state as a struct. Raises StoreError, naming the file and field, when it is none."""
        state = self.state if self.upgrade is None else self.upgrade(self.state)
        return release_from(state, self.where)

    @cached_property
    def entries(self) -> list[Entry]:
        """The log as structs. Raises StoreError when an entry is none."""
        try:
            return entries_from(self.log)
        except msgspec.ValidationError as error:
            raise DamagedError(f"The log in {self.where} cannot be read: {error}.") from None

    @property
    def head(self) -> Head:
        """The end of the log. Raises StoreError when nothing can follow it."""
        return head_of(self.log, self.where)

    def knowing(self, earlier: Record) -> Record:
        """This record, with what is decoded in an earlier one and is the same here."""
        if "release" in vars(earlier) and earlier.state == self.state and earlier.upgrade is self.upgrade:
            vars(self).setdefault("release", earlier.release)
        if "entries" in vars(earlier) and earlier.log == self.log:
            vars(self).setdefault("entries", earlier.entries)
        return self

    def followed(self, before: Record, release: Release, entry: Entry) -> Record:
        """This record, which is `before` with one more entry, and the release that it holds."""
        vars(self)["release"] = release
        if "entries" in vars(before) and len(self.log) == len(before.log) + 1:
            vars(self)["entries"] = [*before.entries, entry]
        return self


def head_of(log: list[Document], where: object) -> Head:
    """The end of a stored log. Raises StoreError when its last entry is damaged: nothing can follow it."""
    if not log:
        return Head()
    seq, hash_ = log[-1].get("seq"), log[-1].get("hash")
    if not isinstance(seq, int) or isinstance(seq, bool) or not isinstance(hash_, str):
        raise damaged(where, "the last entry of its log bears no number or no hash")
    return Head(seq=seq, hash=hash_)


def digest_of(content: bytes) -> str:
    """SHA-256, as a file of evidence is named."""
    import hashlib

    return hashlib.sha256(content).hexdigest()


def document_of(struct: Struct) -> Document:
    """A struct as the JSON document that a file would hold: lists, not tuples, and instants as text."""
    document: Document = msgspec.json.decode(msgspec.json.encode(struct))
    return document


def state_of(release: Release) -> Document:
    """The document of a release, with the schema version that it is written in."""
    return {"schema": SCHEMA, **document_of(release)}


def release_from(state: Document, where: str) -> Release:
    """The release in a document. Raises StoreError naming `where` and the field that is wrong."""
    try:
        release = msgspec.convert(state, Release)
    except msgspec.ValidationError as error:
        raise damaged(where, f"it is not a readable release: {error}") from None
    except RecursionError:
        raise damaged(where, "it is nested too deep") from None
    try:
        zone_named(release.zone)
        for phase in release.phases:
            parse_offset(phase.due)
    except BadInput as error:
        raise damaged(where, f"it is not a readable release: {error.message}") from None
    if any(_deeper(phase.items, DEPTH_LIMIT) for phase in release.phases):
        raise damaged(where, "its checklist is nested too deep")
    return release


def _deeper(items: tuple[Item, ...], levels: int) -> bool:
    return any(not levels or _deeper(item.items, levels - 1) for item in items if item.items)


def schema_of(state: Document, where: object) -> int:
    """The schema version of a stored document. Raises StoreError when it bears none."""
    schema = state.get("schema")
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        raise damaged(where, "it bears no schema version")
    return schema


Migration = Callable[[Document], Document]

MIGRATIONS: Mapping[int, Migration] = {}
"""From schema -> how to reach the next one. Schema 1 is the first, so there is none yet."""

MIGRATOR = Actor(account="relui", name="relui")


def migrated(
    record: Record,
    at: datetime,
    migrations: Mapping[int, Migration] = MIGRATIONS,
    target: int = SCHEMA,
    *,
    simulated: bool = False,
) -> Record:
    """`record` at the `target` schema, with one log entry per step; the same record when it is there.

    `simulated` says that `at` comes from a clock set by hand. Raises StoreError when a step is not known.
    """
    schema = record.state["schema"]
    while schema < target:
        after = _next(record.state, schema, migrations)
        act = Act("migrate", f"migrated from schema {schema} to {schema + 1}", reversible=False)
        patches = diff(record.state, after)
        entry = next_entry(record.head, act, MIGRATOR, at, patches, simulated=simulated)
        record = structs.replace(record, state=after, log=[*record.log, document_of(entry)], upgrade=None)
        schema += 1
    return record


def upgraded(
    state: Document, migrations: Mapping[int, Migration] = MIGRATIONS, target: int = SCHEMA
) -> Document:
    """A state as the `target` schema would hold it, for reading: nothing is written.

    Raises StoreError when a step is not known.
    """
    schema = state["schema"]
    while schema < target:
        state = _next(state, schema, migrations)
        schema += 1
    return state


def _next(state: Document, schema: int, migrations: Mapping[int, Migration]) -> Document:
    step = migrations.get(schema)
    if step is None:
        raise StoreError(
            f"{state.get('id', 'A record')} was written in schema {schema}, which this relui cannot read.",
            title="Unknown schema",
        )
    return {**step(state), "schema": schema + 1}
