"""What every store promises of all beside the releases (relui/store/seam.py); run on each implementation."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from hashlib import sha256

import pytest

from relui.domain.learning.actions import Learned
from relui.domain.log import Act, Entry, Head, entries_from, next_entry, verify
from relui.domain.organisation import Organisation
from relui.domain.patches import Document, diff
from relui.errors import Refused, StoreError
from relui.store.seam import BulkRecord, StateChange, StateStore, Store
from tests.store.samples import ADA, NOW, begun, closed, keep, release_of, ticking


def naming(name: str) -> StateChange:
    """A change of an organisation, or of what was learned, that leaves nothing but a name."""

    def apply(state: Document, head: Head) -> tuple[Document, Entry]:
        after = {"schema": 1, "name": name} if name else {"schema": 1}
        act = Act("organisation", f"named {name}", reversible=False)
        return after, next_entry(head, act, ADA, NOW, diff(state, after), simulated=False)

    return apply


def test_a_read_only_store_refuses_whatever_writes(sealed: Store) -> None:
    state, log = begun(release_of(1))
    name, files = "REL-2026-11-001", sealed.releases
    acts: list[Callable[[], object]] = [
        lambda: files.create(state, log),
        lambda: files.create_archived(state, log),
        lambda: files.change(name, ticking(), NOW),
        lambda: files.add(name, ticking(), NOW),
        lambda: files.archive(name),
        lambda: files.bring_back(name),
        lambda: files.remove(name),
        lambda: files.set_aside(name),
        lambda: sealed.catalogue.set_aside(name),
        sealed.catalogue.renew,
        lambda: sealed.organisation.change(naming("Acme")),
        lambda: sealed.organisation.next_number("2026-11", 0),
        lambda: sealed.organisation.next_booking(0),
        lambda: sealed.organisation.reach("2026-11", 5),
        sealed.organisation.set_aside,
        lambda: sealed.learned.change(naming("")),
        sealed.learned.set_aside,
        lambda: sealed.evidence.keep(b"output"),
        lambda: sealed.drafts("ada").keep("note", {"note": "text"}),
        lambda: sealed.bulk.write([]),
        lambda: sealed.bulk.write_learned({}, []),
        lambda: sealed.bulk.spend_numbers({"2026-11": 1}),
        lambda: sealed.calendar_lock().__enter__(),
    ]
    assert sealed.read_only
    for act in acts:
        with pytest.raises(StoreError, match="read-only") as caught:
            act()
        assert caught.value.title == "Read-only"
    sealed.drafts("ada").drop("note")
    sealed.holidays("de", "").keep({2026: [date(2026, 12, 25)]})
    assert sealed.upkeep.sweep() == []
    assert not sealed.upkeep.begun()


@pytest.fixture(params=["organisation", "learned"])
def document(request: pytest.FixtureRequest, everything: Store) -> StateStore:
    found: StateStore = getattr(everything, request.param)
    return found


def test_a_document_that_was_never_written_is_empty(everything: Store, document: StateStore) -> None:
    assert document.state() == {} and document.log() == []
    assert everything.organisation.load() == Organisation()
    assert everything.learned.load() == Learned()
    assert document.stamp() == document.stamp()


def test_a_document_and_its_entry_are_kept_together(document: StateStore) -> None:
    before = document.stamp()
    assert document.change(naming("one"))["name"] == "one"
    between = document.stamp()
    document.change(naming("two"))
    assert before != between != document.stamp()
    assert document.state()["name"] == "two"
    assert [entry["seq"] for entry in document.log()] == [1, 2]
    assert verify("it", document.state(), document.log()).intact


def test_a_change_of_a_document_that_refuses_or_changes_nothing_writes_nothing(document: StateStore) -> None:
    document.change(naming("one"))
    before = document.stamp()

    def refuse(state: Document, head: Head) -> None:
        assert state["name"] == "one" and head.seq == 1
        raise Refused("no")

    with pytest.raises(Refused, match="no"):
        document.change(refuse)
    assert document.change(lambda state, head: None)["name"] == "one"
    assert document.stamp() == before and len(document.log()) == 1


def test_whoever_spoils_a_document_spoils_only_their_own(document: StateStore) -> None:
    document.change(naming("one"))
    document.state()["name"] = "spoilt"
    document.log().clear()
    assert document.state()["name"] == "one" and len(document.log()) == 1


def test_a_document_that_was_set_aside_is_empty_and_may_be_written_again(document: StateStore) -> None:
    document.change(naming("one"))
    before = document.stamp()
    assert document.set_aside()
    assert document.state() == {} and document.log() == [] and document.stamp() != before
    document.change(naming("two"))
    assert len(document.log()) == 1


def test_what_was_learned_is_read_back(everything: Store) -> None:
    everything.learned.change(naming(""))
    assert everything.learned.read(everything.learned.state()) == everything.learned.load() == Learned()


def test_a_number_is_given_out_once_and_above_what_is_used(everything: Store) -> None:
    organisation = everything.organisation
    organisation.change(naming("Acme"))
    assert [organisation.next_number("2026-11", 0) for _ in range(2)] == [1, 2]
    assert organisation.next_number("2026-11", 9) == 10
    assert organisation.next_number("2026-12", 0) == 1
    assert organisation.next_booking(0) == 1 and organisation.next_booking(5) == 6
    organisation.reach("2026-12", 7)
    organisation.reach("2026-12", 3)
    assert organisation.counters() == {"2026-11": 10, "2026-12": 7, "bookings": 6}
    assert organisation.load().name == "Acme"
    assert verify("organisation", organisation.state(), organisation.log()).intact


def test_numbers_that_several_take_at_once_are_all_different(everything: Store) -> None:
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda _: everything.organisation.next_number("2026-11", 0), range(20)))
    assert sorted(numbers) == list(range(1, 21))


def test_the_calendar_is_held_by_one_at_a_time(everything: Store) -> None:
    inside: list[str] = []

    def hold(name: str) -> None:
        with everything.calendar_lock():
            inside.append(name)
            time.sleep(0.01)
            assert inside.pop() == name and not inside

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(hold, "abc"))


def test_other_locks_are_free_while_the_calendar_is_held(everything: Store) -> None:
    """Locks are taken in that order: calendar, one release, the organisation."""
    release_id = keep(everything.releases, 1)
    with everything.calendar_lock():
        everything.releases.change(release_id, ticking(), NOW)
        everything.organisation.change(naming("Acme"))
        everything.learned.change(naming(""))
        assert everything.organisation.next_booking(0) == 1


def test_a_calendar_that_was_left_by_an_error_is_free(everything: Store) -> None:
    with pytest.raises(Refused), everything.calendar_lock():
        raise Refused("no")
    with everything.calendar_lock():
        pass


def test_a_draft_is_its_writers_own_until_it_is_dropped(everything: Store) -> None:
    ada, grace = everything.drafts("ada"), everything.drafts("grace")
    ada.keep("note of ../../x", {"note": "half"})
    ada.keep("note of ../../x", {"note": "half a sent"})
    ada.keep("another", {"note": ""})
    assert everything.drafts("ada").find("note of ../../x") == {"note": "half a sent"}
    assert grace.find("note of ../../x") == {}
    grace.drop("note of ../../x")
    ada.drop("another")
    ada.drop("another")
    assert ada.find("another") == {} and ada.find("note of ../../x") == {"note": "half a sent"}


def test_evidence_is_kept_once_by_its_content(everything: Store) -> None:
    evidence = everything.evidence
    digest = evidence.keep(b"output")
    assert digest == sha256(b"output").hexdigest() == evidence.keep(b"output")
    assert (
        evidence.holds(digest) and evidence.read(digest) == b"output" and evidence.read(digest, 3) == b"out"
    )
    assert evidence.trouble(digest) == "" and digest in evidence.where(digest)


def test_evidence_that_is_not_there_is_told(everything: Store) -> None:
    other = sha256(b"another").hexdigest()
    assert not everything.evidence.holds(other)
    assert everything.evidence.trouble(other).startswith("is gone")
    assert other in everything.evidence.where(other)
    with pytest.raises(StoreError):
        everything.evidence.read(other)


def test_holidays_are_those_of_one_country(everything: Store) -> None:
    keep(everything.releases, 1)
    christmas, whole = date(2026, 12, 25), everything.holidays("DE", "BY")
    whole.keep({2026: [christmas]})
    whole.keep({2027: [date(2027, 12, 25)]})
    assert everything.holidays("DE", "BY").read() == {
        2026: frozenset({christmas}),
        2027: frozenset({date(2027, 12, 25)}),
    }
    assert everything.holidays("FR", "").read() == {}


def test_a_store_is_begun_by_what_is_first_kept_and_nothing_is_wrong_with_it(everything: Store) -> None:
    assert not everything.upkeep.begun() and everything.where
    keep(everything.releases, 1)
    assert everything.upkeep.begun()
    assert everything.upkeep.examine() == everything.upkeep.examine(repair=True) == []
    assert everything.upkeep.sweep() == []


def bulk_record(number: int, *, done: bool) -> BulkRecord:
    release = closed(release_of(number)) if done else release_of(number)
    state, log = begun(release)
    return BulkRecord(state=state, log=tuple(entries_from(log)), release=release)


def test_many_releases_at_once_are_kept_as_if_one_by_one(everything: Store) -> None:
    everything.bulk.refuse_occupied()
    made = [bulk_record(1, done=True), bulk_record(2, done=False)]
    assert everything.bulk.write(made) == 2
    state, entry = naming("")({}, Head()) or pytest.fail("it changes something")
    everything.bulk.write_learned(state, [entry])
    everything.bulk.spend_numbers({"2026-11": 4})
    assert everything.releases.active_ids() == ["REL-2026-11-002"]
    assert [row.id for row in everything.catalogue.summaries()] == ["REL-2026-11-001"]
    for each in made:
        loaded = everything.releases.load(each.release.id)
        assert loaded.release == each.release and verify(each.release.id, loaded.state, loaded.log).intact
    assert everything.learned.state() == state and len(everything.learned.log()) == 1
    assert everything.organisation.next_number("2026-11", 0) == 5
    with pytest.raises(Refused):
        everything.bulk.refuse_occupied()
