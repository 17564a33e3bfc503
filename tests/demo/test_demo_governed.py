"""The demo's governed release: everything up to the go decision is met, on whatever day it is built."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest

from relui.clock import Clock
from relui.demo.build import build_demo
from relui.demo.governed import lead_governed
from relui.desk.desk import Desk
from relui.domain.checklist import State
from relui.domain.log import Actor, verify
from relui.domain.outline import Outline
from relui.errors import BadInput
from relui.loading.message_templates import MessageLibrary
from relui.store.file_store import FileStore
from tests.demo.test_demo import NIGHTS, NOW, TOP, built, library

OPEN_AT_GO = {"window-confirmed", "readiness-reviewed", "go-decided", "handed-off"}


@pytest.mark.parametrize("now", [NOW, NIGHTS[2], datetime(2026, 12, 20, 9, tzinfo=UTC)], ids=str)
def test_only_readiness_and_go_are_open(tmp_path: Path, now: datetime) -> None:
    built(tmp_path, Clock(now, frozen=True), archived=0)
    bundled, messages = library(), MessageLibrary(TOP / "templates" / "messages", None)
    libraries = {"library": lambda: bundled, "messages": lambda: messages, "host_zone": lambda: "UTC"}
    release = lead_governed(tmp_path, TOP / "data", clock=Clock(now, frozen=True), **libraries)

    def desk_of(who: str, at: datetime) -> Desk:
        return Desk(
            FileStore(tmp_path),
            data=tmp_path,
            clock=Clock(at, frozen=True),
            actor=Actor(who, who),
            **libraries,
        )

    desk = desk_of("mara", now)
    gates = {gate.name: gate for gate in desk.record.gates(release)}
    assert all(gates[name].met for name in ("plan", "build", "test", "stage"))
    assert {line.criterion.id for line in gates["go"].judgements if line.why} == OPEN_AT_GO
    opened = desk.journal.open(release)
    assert opened.release.booking is not None and opened.release.go_live - now >= timedelta(hours=30)
    assert verify(release, opened.record.state, opened.record.log).intact
    done = {node.path: node.mark.state for node in Outline(opened.release).leaves()}
    past = ("planning.", "pre-release.", "staging-test.", "communication.")
    assert {state for path, state in done.items() if path.startswith(past)} == {State.DONE}
    assert all(entry.simulated for entry in opened.entries)
    day = opened.release.go_live - timedelta(hours=2)
    desk_of("mara", day).record.confirm(release, ["window", "readiness"], note="each of them")
    desk_of("jonas", day).record.sign(release, "readiness")
    desk_of("ingrid", day).deployment.carry_out(release, "go", confirmed=["all"])
    assert desk_of("mara", day).journal.open(release).release.dossier.decisions


@pytest.mark.parametrize(
    ("file", "key", "mistyped"),
    [
        ("governed.yaml", "leave:", "leaves:"),
        ("releases.yaml", "service:", "servise:"),
        ("archive.yaml", "shares:", "share:"),
        ("calendar.yaml", "blackouts:", "blackout:"),
    ],
)
def test_a_mistyped_key_in_the_demos_data_is_refused(
    tmp_path: Path, file: str, key: str, mistyped: str
) -> None:
    """What the demo is made of is checked like any file that people write: nothing is passed over."""
    inputs = Path(copytree(TOP / "data", tmp_path / "inputs"))
    text = (inputs / file).read_text(encoding="utf-8")
    (inputs / file).write_text(text.replace(key, mistyped, 1), encoding="utf-8")
    messages = MessageLibrary(TOP / "templates" / "messages", None)
    bundled, clock = library(), Clock(NOW, frozen=True)
    desk = {"clock": clock, "library": lambda: bundled, "host_zone": lambda: "UTC"}
    with pytest.raises(BadInput, match=mistyped[:-1]):
        build_demo(tmp_path / "data", inputs, archived=0, **desk)
        lead_governed(tmp_path / "data", inputs, messages=lambda: messages, **desk)
