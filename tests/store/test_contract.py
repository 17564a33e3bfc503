"""What every store promises of the releases and the archive's catalogue; run on each implementation."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from msgspec.structs import replace

from relui.domain.checklist import Mark, State
from relui.domain.dossier.parts import Defect, Dossier
from relui.domain.log import Act, Entry, next_entry, verify
from relui.domain.patches import Document, diff
from relui.domain.release import Release, Retrospective
from relui.errors import BadInput, Refused
from relui.store.records import Record, state_of
from relui.store.seam import CatalogueStore, Change, ReleaseStore
from tests.store.samples import ADA, NOW, begun, closed, closing, keep, release_of, ticking


def test_an_empty_store_holds_nothing_and_raises_nothing(
    store: ReleaseStore, catalogue: CatalogueStore
) -> None:
    assert store.active_ids() == []
    assert store.fingerprint() == {}
    assert catalogue.summaries() == []
    assert catalogue.unreadable() == {}
    assert store.highest_number("2026-11") == 0
    assert not store.exists("REL-2026-11-001")
    assert not store.is_archived("REL-2026-11-001")


def test_what_was_created_is_loaded_as_it_was(store: ReleaseStore) -> None:
    release = release_of(1)
    created = store.create(*begun(release))
    loaded = store.load(release.id)
    assert created.release == loaded.release == release
    assert loaded.log == created.log
    assert not loaded.archived
    assert not loaded.read_only
    assert store.exists(release.id)
    assert store.active_ids() == [release.id]


def test_a_taken_identifier_is_refused_and_the_first_release_stays(store: ReleaseStore) -> None:
    keep(store, 1, items=2)
    with pytest.raises(Refused, match="exists already"):
        keep(store, 1, items=5)
    assert len(store.load("REL-2026-11-001").release.phases[0].items) == 2


@pytest.mark.parametrize("name", ["../outside", "REL-2026-11-1", "", "REL-2026-11-001/x", "rel-2026-11-001"])
def test_what_is_no_identifier_is_never_created(store: ReleaseStore, name: str) -> None:
    state, log = begun(release_of(1))
    with pytest.raises(BadInput):
        store.create({**state, "id": name}, log)
    assert store.active_ids() == []


@pytest.mark.parametrize("name", ["REL-2026-11-009", "../releases/REL-2026-11-001", "", "organisation", "."])
def test_what_is_not_there_cannot_be_loaded_changed_archived_or_set_aside(
    store: ReleaseStore, name: str
) -> None:
    keep(store, 1)
    for act in (
        lambda: store.load(name),
        lambda: store.change(name, ticking(), NOW),
        lambda: store.archive(name),
        lambda: store.set_aside(name),
    ):
        with pytest.raises(BadInput):
            act()
    assert not store.exists(name)
    assert not store.is_archived(name)


def test_a_change_keeps_state_and_entry_together(store: ReleaseStore) -> None:
    release_id = keep(store, 1)
    returned = store.change(release_id, ticking("work.i1"), NOW)
    loaded = store.load(release_id)
    assert loaded.state == returned.state
    assert loaded.log == returned.log
    assert [entry["seq"] for entry in loaded.log] == [1, 2]
    assert verify(release_id, loaded.state, loaded.log).intact


def test_a_change_sees_the_latest(store: ReleaseStore) -> None:
    release_id = keep(store, 1)
    store.load(release_id)
    store.change(release_id, ticking("work.i0"), NOW)
    store.change(release_id, ticking("work.i1"), NOW)
    assert set(store.load(release_id).release.marks) == {"work.i0", "work.i1"}


def test_a_rule_that_refuses_or_changes_nothing_writes_nothing(store: ReleaseStore) -> None:
    release_id = keep(store, 1)
    before = store.fingerprint()

    def refuse(record: Record) -> None:
        raise Refused("no")

    with pytest.raises(Refused, match="no"):
        store.change(release_id, refuse, NOW)
    assert store.change(release_id, lambda record: None, NOW).log == store.load(release_id).log
    assert store.fingerprint() == before


def test_a_record_in_hand_is_not_touched_by_later_changes(store: ReleaseStore) -> None:
    release_id = keep(store, 1)
    early = store.load(release_id)
    store.change(release_id, ticking(), NOW)
    assert early.release.marks == {}
    assert len(early.log) == 1


def test_whoever_spoils_a_loaded_record_spoils_only_their_own(store: ReleaseStore) -> None:
    release_id = keep(store, 1)
    store.load(release_id).state["title"] = "spoilt"
    store.load(release_id).log.clear()
    assert store.load(release_id).state["title"] == "1.0.0"
    assert len(store.load(release_id).log) == 1


def test_the_fingerprint_differs_for_what_was_written_and_only_for_that(store: ReleaseStore) -> None:
    first, second = keep(store, 1), keep(store, 2)
    before = store.fingerprint()
    store.change(first, ticking(), NOW)
    after = store.fingerprint()
    assert before[first] != after[first]
    assert before[second] == after[second]


def test_only_a_closed_release_is_archived(store: ReleaseStore, catalogue: CatalogueStore) -> None:
    release_id = keep(store, 1)
    with pytest.raises(Refused, match="not closed"):
        store.archive(release_id)
    store.change(release_id, closing, NOW)
    store.archive(release_id)
    assert store.active_ids() == []
    assert store.is_archived(release_id)
    assert store.load(release_id).archived
    assert [row.id for row in catalogue.summaries()] == [release_id]


def test_archiving_twice_is_archiving_once(store: ReleaseStore, catalogue: CatalogueStore) -> None:
    release_id = keep(store, 1)
    store.change(release_id, closing, NOW)
    assert store.archive(release_id) == store.archive(release_id)
    assert len(catalogue.summaries()) == 1


def test_an_archived_release_never_changes(store: ReleaseStore) -> None:
    record = store.create_archived(*begun(closed(release_of(1))))
    assert record.archived
    with pytest.raises(Refused, match="archived"):
        store.change("REL-2026-11-001", ticking(), NOW)
    assert len(store.load("REL-2026-11-001").log) == 1


def adding(before: Release, after: Release) -> Change:
    """A change that writes `after` over what is there, as an addition."""

    def apply(record: Record) -> tuple[Document, Entry]:
        assert record.release == before
        state = {**state_of(after), "schema": record.state["schema"]}
        act = Act("add-retrospective", "added", reversible=False)
        return state, next_entry(record.head, act, ADA, NOW, diff(record.state, state), simulated=False)

    return apply


LATER = Retrospective("calm", "long", "sleep")
BUG = Defect(id="BUG-1", summary="wrong", severity="high", found="post-deploy")


def test_retrospective_and_defects_are_added_to_the_archive_as_entries_that_verify(
    store: ReleaseStore,
    catalogue: CatalogueStore,
) -> None:
    """[S1.29] The row of the catalogue follows; the release stays archived."""
    made = closed(release_of(1))
    store.create_archived(*begun(made))
    assert [row.escaped for row in catalogue.summaries()] == [0]
    told = replace(made, retrospective=LATER)
    store.add(made.id, adding(made, told), NOW)
    buggy = replace(told, dossier=replace(told.dossier, defects=(BUG,)))
    returned = store.add(made.id, adding(told, buggy), NOW)
    more = replace(buggy, dossier=replace(buggy.dossier, defects=(BUG, replace(BUG, id="BUG-2"))))
    returned = store.add(made.id, adding(buggy, more), NOW)
    loaded = store.load(made.id)
    assert loaded.release == returned.release == more
    assert loaded.archived and returned.archived and store.active_ids() == []
    assert [entry["seq"] for entry in loaded.log] == [1, 2, 3, 4]
    assert verify(made.id, loaded.state, loaded.log).intact
    assert store.oddities(loaded) == []
    assert [row.escaped for row in catalogue.summaries()] == [2]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "another"},
        {"marks": {"work.i0": Mark(state=State.DONE, by="Ada", at=NOW)}},
        {"closing": None},
        {"started_at": NOW},
        {"dossier": Dossier(iteration=2)},
        {"dossier": Dossier(iteration=2, defects=(BUG,))},
        {"retrospective": LATER, "satisfaction": 5},
    ],
)
def test_every_other_change_of_an_archived_release_is_refused(
    store: ReleaseStore, change: dict[str, Any]
) -> None:
    """[S1.29]"""
    made = closed(release_of(1))
    store.create_archived(*begun(made))
    with pytest.raises(Refused, match="cannot change any more"):
        store.add(made.id, adding(made, replace(made, **change)), NOW)
    assert store.load(made.id).release == made and len(store.load(made.id).log) == 1


def test_only_to_the_archive_is_added_and_a_closing_that_was_cut_short_is_finished_first(
    store: ReleaseStore,
) -> None:
    made = release_of(1)
    store.create(*begun(made))
    with pytest.raises(Refused, match="not closed"):
        store.add(made.id, adding(made, made), NOW)
    with pytest.raises(BadInput):
        store.add("REL-2026-11-009", adding(made, made), NOW)
    done = store.change(made.id, closing, NOW).release
    store.add(made.id, adding(done, replace(done, retrospective=LATER)), NOW)
    assert store.active_ids() == [] and store.load(made.id).release.retrospective == LATER


def test_an_archived_identifier_is_taken_too(store: ReleaseStore) -> None:
    store.create_archived(*begun(closed(release_of(1))))
    with pytest.raises(Refused, match="never reused"):
        keep(store, 1)
    with pytest.raises(Refused, match="never reused"):
        store.create_archived(*begun(closed(release_of(1))))


def test_the_highest_number_counts_active_archived_and_set_aside_ones_of_the_month(
    store: ReleaseStore,
) -> None:
    keep(store, 2)
    keep(store, 8, month="2026-12")
    assert store.highest_number("2026-11") == 2
    store.create_archived(*begun(closed(release_of(5))))
    assert store.highest_number("2026-11") == 5
    keep(store, 12)
    store.set_aside("REL-2026-11-012")
    assert store.highest_number("2026-11") == 12
    assert store.highest_number("2026-12") == 8
    assert store.highest_number("2025-11") == 0


def test_what_was_set_aside_is_gone_and_may_be_put_back(store: ReleaseStore) -> None:
    keep(store, 1)
    first = store.set_aside("REL-2026-11-001")
    assert not store.exists("REL-2026-11-001")
    keep(store, 1)
    assert store.set_aside("REL-2026-11-001") != first


def test_several_who_change_one_release_at_once_lose_nothing(store: ReleaseStore) -> None:
    release_id = keep(store, 1, items=20)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: store.change(release_id, ticking(f"work.i{n}"), NOW), range(20)))
    loaded = store.load(release_id)
    assert len(loaded.release.marks) == 20 and len(loaded.log) == 21
    assert verify(release_id, loaded.state, loaded.log).intact


def test_the_checklists_of_the_archive_are_read_by_their_identifiers(
    store: ReleaseStore, catalogue: CatalogueStore
) -> None:
    for number in (1, 2):
        store.create_archived(*begun(closed(release_of(number))))
    keep(store, 3)
    names = ["REL-2026-11-002", "REL-2026-11-003", "REL-2026-11-009"]
    assert [found.id for found in catalogue.checklists(names)] == ["REL-2026-11-002"]


def test_an_archived_release_is_removed_for_good_and_no_other(
    store: ReleaseStore, catalogue: CatalogueStore
) -> None:
    store.create_archived(*begun(closed(release_of(1))))
    keep(store, 2)
    store.remove("REL-2026-11-001")
    assert not store.exists("REL-2026-11-001") and catalogue.summaries() == []
    for name in ("REL-2026-11-001", "REL-2026-11-002"):
        with pytest.raises(Refused, match="not in the archive"):
            store.remove(name)
    assert store.exists("REL-2026-11-002")


def test_a_closed_release_stays_in_the_archive(store: ReleaseStore) -> None:
    store.create_archived(*begun(closed(release_of(1))))
    keep(store, 2)
    for name in ("REL-2026-11-001", "REL-2026-11-002"):
        with pytest.raises(Refused):
            store.bring_back(name)
    assert store.is_archived("REL-2026-11-001")


def test_what_is_not_damaged_in_the_archive_is_not_set_aside(
    store: ReleaseStore, catalogue: CatalogueStore
) -> None:
    store.create_archived(*begun(closed(release_of(1))))
    catalogue.summaries()
    with pytest.raises(BadInput):
        catalogue.set_aside("REL-2026-11-001")
    catalogue.renew()
    assert [row.id for row in catalogue.summaries()] == ["REL-2026-11-001"]


def test_a_record_that_nobody_wrote_since_is_the_one_that_is_known(store: ReleaseStore) -> None:
    release_id = keep(store, 1)
    known = store.load(release_id)
    assert store.load(release_id, known) is known
    written = store.change(release_id, ticking(), NOW)
    assert store.load(release_id, written) is written
    again = store.load(release_id, known)
    assert again is not known and again.state == written.state
