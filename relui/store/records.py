"""A release as a document: the state with its schema version, and its log, turned into structs and back."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import msgspec
from msgspec import Struct

from relui.domain.checklist import Item
from relui.domain.instants import parse_offset, zone_named
from relui.domain.log import Entry, Head, entries_from
from relui.domain.patches import Document
from relui.domain.release import Release
from relui.errors import BadInput
from relui.store.storage import DamagedFileError, Tables, damaged, documents

SCHEMA = 1
"""The schema that this version writes. Older ones are migrated, newer ones open read-only."""

_TABLES = ("release", "log")

DEPTH_LIMIT = 32
"""Levels of items below a phase. Templates stay far below; what is deeper would exhaust the stack."""


Stamp = tuple[int, int]
"""What differs after every write of a file: its modification time (ns) and its inode."""


class Record(Struct, frozen=True, kw_only=True, dict=True):
    """One release as stored: its state, its log in order, and where it was read from.

    Nobody changes what is in it: it is shared, and each part of it is decoded once, when it is asked for.
    `stamp` is that of the file it was read from, or written to; None where it is not known. `read_only` says
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
    stamp: Stamp | None = None

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
            raise DamagedFileError(f"The log in {self.where} cannot be read: {error}.") from None

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


def record_from(
    tables: Tables, where: str, *, archived: bool = False, release_id: str = "", schema: int = SCHEMA
) -> Record:
    """The record in a TinyDB file's tables, of the release `release_id` if that is given.

    Raises StoreError when it holds none, several, or another one.
    """
    states = documents(tables, "release", where)
    if not states:
        raise damaged(where, "it holds no release")
    if len(states) > 1:
        raise damaged(where, f"it holds {len(states)} releases where one belongs")
    state = states[0]
    written_in = schema_of(state, where)
    if release_id and state.get("id") != release_id:
        named = str(state.get("id"))[:40]
        raise damaged(where, f"it holds {named}, not what its name says: was it copied or renamed by hand?")
    newer = (
        f"{where} was written by a newer relui (schema {written_in}, this one knows {schema}): "
        "it opens read-only. Update relui to change it."
        if written_in > schema
        else ""
    )
    log = documents(tables, "log", where)
    foreign = tuple(sorted(name for name in tables if name not in _TABLES and tables[name]))
    return Record(
        state=state, log=log, where=where, archived=archived, read_only=newer, foreign=foreign
    )  # fmt: skip
