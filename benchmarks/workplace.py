"""What is measured: the relui of this interpreter, and folders of made-up releases for it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.archive_generator import generate
from relui.clock import Clock
from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.fields import missing_fields
from relui.domain.log import Actor
from relui.domain.outline import Node, Outline
from relui.loading.templates import TemplateLibrary
from relui.locations import find_locations
from relui.store.file_store import FileStore

HERE = Path(__file__).parent


def relui_command(*arguments: str) -> list[str]:
    """How a person calls relui: the script beside this interpreter, the module without one."""
    script = Path(sys.executable).parent / "relui"
    return [*([str(script)] if script.exists() else [sys.executable, "-m", "relui"]), *arguments]


def reference_command(name: str, *arguments: str) -> list[str]:
    """A reference program in this folder."""
    return [sys.executable, str(HERE / name), *arguments]


@dataclass(frozen=True)
class HalfWay:
    """A release half-way through the standard checklist.

    `words` find it in the release list; `open` are its open leaves in order, `plain` those that a tick
    alone resolves.
    """

    id: str
    words: str
    open: tuple[str, ...]
    plain: frozenset[str]


class Workplace:
    """A data folder and a configuration folder of their own, and a desk over them."""

    def __init__(self, folder: Path, *, active: int, archived: int) -> None:
        """Make them up below `folder`; releases that are there already are used again."""
        self.data = folder / "data"
        self.config = folder / "config"
        self.config.mkdir(parents=True, exist_ok=True)
        if not (self.data / "organisation.json").exists():
            shutil.rmtree(self.data, ignore_errors=True)
            generate(self.data, count=archived, active=active, seed=1, now="")
        places = find_locations(str(self.data), {})
        library = TemplateLibrary(places.templates, None)
        self.desk = Desk(
            FileStore(self.data),
            data=self.data,
            clock=Clock(),
            actor=Actor("benchmark", "benchmark"),
            library=lambda: library,
            host_zone=lambda: "UTC",
        )

    @property
    def env(self) -> Mapping[str, str]:
        """The variables that relui finds this place by."""
        return {"RELUI_DATA": str(self.data), "RELUI_CONFIG": str(self.config)}

    def path_of(self, release_id: str) -> Path:
        """The file of an active release."""
        return self.data / "releases" / f"{release_id}.json"

    def listed(self) -> list[str]:
        """What the release list shows of the active releases' identifiers, in its order."""
        return [release.id.split("-", 2)[2] for release in self.desk.journal.active().releases]

    def begin_half_way(self, version: str) -> HalfWay:
        """A new standard release whose first half is ticked, item by item as people do.

        It went live days ago: every item can have happened, and a tick asks nothing.
        """
        gone_live = self.desk.signing.clock.now() - timedelta(days=4)
        made = self.desk.releases.new(
            Request(
                service="payments",
                version=version,
                template="standard",
                type="minor",
                go_live=gone_live.isoformat(timespec="minutes"),
            )
        )
        release = made.release
        plain = [leaf.path for leaf in Outline(release).leaves() if _plain(leaf)]
        for path in plain[: len(plain) // 2]:
            self.desk.items.tick(release.id, [path])
        outline = Outline(self.desk.journal.open(release.id).release)
        waiting = [leaf for leaf in outline.leaves() if not leaf.state.resolved]
        return HalfWay(
            id=release.id,
            words=f"{version} payments",
            open=tuple(leaf.path for leaf in waiting),
            plain=frozenset(leaf.path for leaf in waiting if _plain(leaf)),
        )


def _plain(leaf: Node) -> bool:
    return not (
        missing_fields(leaf, leaf.mark.fields)
        or leaf.requirements()
        or (leaf.item is not None and leaf.item.when_done)
    )
