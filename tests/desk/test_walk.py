"""What each act costs: its release is read once, decoded once, and nothing is read again to show it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from relui.desk.act import Done
from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.log import Entry
from relui.domain.marking import Details
from relui.domain.release import Release


def looked_at(desk: Desk, release_id: str) -> int:
    """What a screen does before and after an act; how many entries there are."""
    opened = desk.journal.open(release_id)
    return opened.outline.total + len(opened.entries)


ACTS: dict[str, Callable[[Desk, str], Done]] = {
    "a tick": lambda desk, name: desk.items.tick(name, ["pre-release.branches"]),
    "a note": lambda desk, name: desk.items.annotate(name, "pre-release.pipeline", Details(note="green")),
    "an item added": lambda desk, name: desk.items.add(name, "pre-release", "Water the plants"),
    "a form saved": lambda desk, name: desk.releases.edit(name, {"risk": "None that we know of"}),
    "a part added": lambda desk, name: desk.record.add_part(name, "change", {"id": "C-1", "summary": "x"}),
    "a booking": lambda desk, name: desk.calendar.book(name),
    "a new time for a booked slot": lambda desk, name: desk.releases.edit(name, {"duration": "90m"}),
    "a retrospective saved": lambda desk, name: desk.learning.write_retrospective(name, {"well": "calm"}),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_an_act_reads_its_release_once_and_showing_it_reads_nothing(
    desk: Desk, release_id: str, act: Callable[[Desk, str], Done], counting: Callable[[], Any]
) -> None:
    if act is ACTS["a new time for a booked slot"]:
        desk.calendar.book(release_id)
    looked_at(desk, release_id)
    with counting() as cost:
        done = act(desk, release_id)
        assert done.changed
    assert cost[f"read {release_id}"] == 1
    assert cost[f"decode {release_id}"] == 0, "what was decoded to show it is known to be the same"
    assert not [what for what in cost if what.startswith("decode log")]
    with counting() as cost:
        shown = done.opened.outline.total + len(done.opened.entries)
        assert shown == looked_at(desk, release_id)
        assert desk.store.releases.fingerprint()[release_id] == done.stamp
    assert set(cost) <= {f"outline {release_id}"}, "the next look at the disk knows what was written"


@pytest.mark.parametrize("act", [ACTS[name] for name in ("a tick", "a booking", "a form saved")])
def test_on_the_command_line_an_act_reads_and_decodes_its_release_once(
    desk: Desk, release_id: str, act: Callable[[Desk, str], Done], counting: Callable[[], Any], data: Path
) -> None:
    from tests.store.samples import desk_on

    fresh = desk_on(data)
    with counting() as cost:
        act(fresh, release_id)
    assert cost[f"read {release_id}"] == cost[f"decode {release_id}"] == 1
    assert not [what for what in cost if what.startswith("decode log")]


def test_a_tick_builds_its_outline_once(desk: Desk, release_id: str, counting: Callable[[], Any]) -> None:
    with counting() as cost:
        done = desk.items.tick(release_id, ["pre-release.branches"])
        assert done.opened.outline["pre-release.branches"].mark == done.release.mark("pre-release.branches")
    assert cost[f"outline {release_id}"] == 1


def test_a_booking_reads_each_other_release_once(
    desk: Desk, release_id: str, counting: Callable[[], Any]
) -> None:
    other = desk.releases.new(Request(service="ledger", version="1.0.0")).release.id
    with counting() as cost:
        desk.calendar.book(release_id)
    assert {what: count for what, count in cost.items() if what.startswith("read REL")} == {
        f"read {release_id}": 1,
        f"read {other}": 1,
    }


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_what_is_known_of_a_record_is_what_it_says(
    desk: Desk, release_id: str, act: Callable[[Desk, str], Done]
) -> None:
    """A record that decodes nothing must not differ from one that was read."""
    if act is ACTS["a new time for a booked slot"]:
        desk.calendar.book(release_id)
    looked_at(desk, release_id)
    record = act(desk, release_id).record
    anew = desk.store.releases.load(release_id)
    assert (record.state, record.log) == (anew.state, anew.log)
    assert record.release == msgspec.convert(anew.state, Release) == anew.release
    assert record.entries == msgspec.convert(anew.log, list[Entry]) == anew.entries


def test_what_somebody_else_wrote_is_read(desk: Desk, release_id: str, data: Path) -> None:
    from tests.store.samples import BEN, desk_on

    looked_at(desk, release_id)
    desk_on(data, BEN).items.tick(release_id, ["pre-release.branches"])
    assert desk.journal.open(release_id).release.mark("pre-release.branches").by == BEN.name
    desk.items.untick(release_id, ["pre-release.branches"])
    assert desk_on(data, BEN).journal.open(release_id).entries == desk.journal.open(release_id).entries


def test_what_was_seen_is_known_to_its_own_act_alone(desk: Desk, release_id: str, data: Path) -> None:
    """A field that others changed since is not overwritten by who saw it before; by others it can be."""
    from relui.errors import WrittenMeanwhile
    from tests.store.samples import BEN, desk_on

    seen = desk.journal.open(release_id).record
    other = desk.releases.new(Request(service="ledger", version="1.0.0")).release.id
    for name in (release_id, other):
        desk_on(data, BEN).releases.edit(name, {"risk": "Some"})
    with desk.journal.seeing(seen):
        with pytest.raises(WrittenMeanwhile):
            desk.releases.edit(release_id, {"risk": "None"})
        assert desk.releases.edit(other, {"risk": "A little"}).changed
        assert in_a_thread(lambda: desk.releases.edit(release_id, {"risk": "A lot"}).changed)
    assert desk.releases.edit(release_id, {"risk": "None"}).changed


def test_what_follows_from_an_act_is_by_nobody_who_saw_anything(
    desk: Desk, release_id: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.store.samples import BEN, desk_on

    seen = desk.journal.open(release_id).record
    desk_on(data, BEN).releases.edit(release_id, {"risk": "Some"})
    monkeypatch.setattr(desk.journal, "_learn", lambda made: desk.releases.edit(made.id, {"risk": "Learned"}))
    with desk.journal.seeing(seen):
        desk.learning.write_retrospective(release_id, {"well": "calm"})
    assert desk.journal.open(release_id).release.risk == "Learned"


def in_a_thread(do: Callable[[], Any]) -> Any:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(do).result()
