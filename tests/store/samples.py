"""Releases, records and desks for the tests of store and desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from relui.clock import Clock
from relui.desk.desk import Desk
from relui.domain.checklist import Item, Mark, Phase, State
from relui.domain.closing import close
from relui.domain.log import Act, Actor, Entry, Head, next_entry
from relui.domain.patches import Document, diff
from relui.domain.release import Release
from relui.store.file_store import FileStore
from relui.store.records import Record, document_of, state_of
from relui.store.seam import Change, ReleaseStore, Store

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
ADA = Actor("ada", "Ada")
BEN = Actor("ben", "Ben")
TEMPLATES = Path(__file__).parents[2] / "templates"


def release_of(number: int = 1, *, items: int = 3, month: str = "2026-11") -> Release:
    """A release with `items` items below one phase, all open."""
    phase = Phase("work", "Work", "build", items=tuple(Item(f"i{n}", f"Item {n}") for n in range(items)))
    return Release(
        id=f"REL-{month}-{number:03d}",
        title=f"{number}.0.0",
        service="shop",
        version=f"{number}.0.0",
        owner="Ada",
        go_live=datetime(2026, 11, 20, 20, tzinfo=UTC),
        zone="Europe/Berlin",
        template="standard",
        phases=(phase,),
        created_at=NOW,
        created_by="Ada",
    )


def begun(release: Release) -> tuple[Document, list[Document]]:
    """State and log of a release as it is created."""
    state = state_of(release)
    act = Act("create", f"created {release.id}", reversible=False)
    return state, [document_of(next_entry(Head(), act, ADA, NOW, diff({}, state), simulated=False))]


def closed(release: Release) -> Release:
    """The release, closed."""
    return close(release, "Ada", NOW, reason="done elsewhere").release


def ticking(item: str = "work.i0", state: State = State.DONE) -> Change:
    """A change that marks one item."""

    def apply(record: Record) -> tuple[Document, Entry]:
        release = record.release
        marks = {**release.marks, item: Mark(state=state, by="Ada", at=NOW)}
        after = {**state_of(replace(release, marks=marks)), "schema": record.state["schema"]}
        act = Act("tick", f"ticked {item}")
        return after, next_entry(record.head, act, ADA, NOW, diff(record.state, after), simulated=False)

    return apply


def closing(record: Record) -> tuple[Document, Entry]:
    """A change that closes the release, without archiving it."""
    after = state_of(closed(record.release))
    act = Act("close", "closed", reversible=False)
    return after, next_entry(record.head, act, ADA, NOW, diff(record.state, after), simulated=False)


def keep(store: ReleaseStore, number: int = 1, **shape: Any) -> str:
    """Create a release in the store, and return its identifier."""
    release = release_of(number, **shape)
    store.create(*begun(release))
    return release.id


@cache
def _library() -> Any:
    from relui.loading.templates import TemplateLibrary

    return TemplateLibrary(TEMPLATES, None)


def desk_on(
    data: Path,
    actor: Actor = ADA,
    *,
    clock: Clock | None = None,
    read_only: bool = False,
    store: Store | None = None,
    library: Callable[[], Any] = _library,
) -> Desk:
    """A desk over a data folder, at a clock that stands still."""
    return Desk(
        store or FileStore(data, read_only=read_only),
        data=data,
        clock=clock or Clock(NOW, frozen=True),
        actor=actor,
        library=library,
        host_zone=lambda: "Europe/Berlin",
    )


def every_file(folder: Path) -> dict[str, bytes]:
    """The content of every file below a folder, without locks: to see that nothing changed."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "locks" not in path.parts
    }
