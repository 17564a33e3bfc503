"""Ordered migrations of a release document, one schema to the next, with a backup before the first write.

A migration is a pure function from a state to the next schema's state. What it changed becomes a log
entry, so that a migrated record still verifies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from msgspec import structs

from relui.domain.log import Act, Actor, next_entry
from relui.domain.patches import Document, diff
from relui.errors import StoreError
from relui.regular_files import read_regular
from relui.store.atomic import disk_errors, ensure_folder, write_atomic
from relui.store.records import SCHEMA, Record, document_of

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


def back_up(path: Path, backups: Path, schema: int) -> Path:
    """Copy a file aside before its first write under a new schema. Raises StoreError.

    The same content is kept once; another one, such as an export that was put back, gets a number.
    """
    ensure_folder(backups)
    with disk_errors(path, "back up"):
        content = read_regular(path)
        target, number = backups / f"{path.stem}.schema-{schema}{path.suffix}", 1
        while target.exists():
            if read_regular(target) == content:
                return target
            number += 1
            target = backups / f"{path.stem}.schema-{schema}.{number}{path.suffix}"
    write_atomic(target, content)
    return target
