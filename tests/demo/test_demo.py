"""The demo and the archive generator: made-up releases that are real records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.archive_generator import generate
from relui.clock import Clock
from relui.demo.build import build_demo
from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.checklist import State
from relui.domain.identifiers import parts, semantic
from relui.domain.instants import local_day
from relui.domain.log import Actor, verify
from relui.domain.outline import Outline
from relui.domain.progress import owes, standing
from relui.domain.summary import Summary, on_time
from relui.errors import Refused
from relui.loading.templates import TemplateLibrary
from relui.store.file_store import FileStore
from relui.store.records import Record, state_of
from relui.store.releases import ReleaseFiles

TOP = Path(__file__).parents[2]
NOW = datetime(2026, 11, 20, 19, 12, tzinfo=UTC)
NIGHTS = [
    datetime(2028, 2, 29, 23, 30, tzinfo=UTC),  # a leap day, already March in Berlin
    datetime(2027, 3, 28, 0, 59, tzinfo=UTC),  # the minute before the clocks go forward
    datetime(2027, 3, 28, 1, 20, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # the first half past two
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # the second
    datetime(2026, 12, 31, 23, 5, tzinfo=UTC),  # New Year's night in Berlin
    datetime(2027, 3, 31, 21, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 10, 27, 7, 0, tzinfo=UTC),  # two days after a change of the clocks
]


def library() -> TemplateLibrary:
    return TemplateLibrary(TOP / "templates", None)


def built(data: Path, clock: Clock, archived: int = 120) -> Mapping[str, str]:
    bundled = library()
    return build_demo(
        data, TOP / "data", clock=clock, library=lambda: bundled, host_zone=lambda: "UTC", archived=archived
    )


def desk_at(data: Path, now: datetime) -> Desk:
    clock = Clock(now, frozen=True)
    actor = Actor("mara", "mara")
    return Desk(
        FileStore(data), data=data, clock=clock, actor=actor, library=library, host_zone=lambda: "UTC"
    )


def records(data: Path) -> dict[str, Record]:
    files = ReleaseFiles(data)
    found = sorted([*data.glob("releases/*.json"), *data.glob("archive/*/*.json")])
    return {path.stem: files.load(path.stem) for path in found}


def contents(data: Path) -> dict[str, bytes]:
    """Every file but locks, which any act may leave."""
    found = (path for path in data.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {str(path.relative_to(data)): path.read_bytes() for path in found}


class Demo:
    def __init__(self, data: Path) -> None:
        self.data = data
        self.ids = built(data, Clock(NOW, frozen=True))
        self.records = records(data)
        self.rows: list[Summary] = ReleaseFiles(data).catalogue.summaries()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return Demo(tmp_path_factory.mktemp("demo") / "data")


def test_the_same_moment_gives_the_same_bytes(demo: Demo, tmp_path: Path) -> None:
    """A demo, a screenshot or a measurement can be repeated exactly."""
    built(tmp_path / "again", Clock(NOW, frozen=True))
    assert contents(tmp_path / "again") == contents(demo.data)


def test_every_record_verifies_and_is_marked_as_made_up(demo: Demo) -> None:
    for release_id, record in demo.records.items():
        verdict = verify(release_id, record.state, record.log)
        assert verdict.problems == ()
        assert verdict.simulated == verdict.entries
        assert record.state == state_of(record.release)


def test_entries_are_marked_simulated_under_the_hosts_clock_too(tmp_path: Path) -> None:
    built(tmp_path / "data", Clock(), archived=3)
    log = [entry for record in records(tmp_path / "data").values() for entry in record.log]
    assert log and all(entry["simulated"] for entry in log)
    assert desk_at(tmp_path / "data", NOW).organisation.verify().simulated == 2


def test_the_organisation_was_imported_before_the_first_release(demo: Demo) -> None:
    desk = desk_at(demo.data, NOW)
    assert desk.organisation.verify().intact
    first = desk.store.organisation.log()[0]
    assert first["act"] == "organisation"
    assert first["at"] < min(record.log[0]["at"] for record in demo.records.values())


def test_services_owners_and_people_of_releases_are_the_organisations(demo: Demo) -> None:
    organisation = desk_at(demo.data, NOW).organisation.read()
    assert (len(organisation.services), len(organisation.people)) == (8, 10)
    for record in demo.records.values():
        release = record.release
        assert organisation.service(release.service) and organisation.person(release.owner)
        assert all(organisation.person(entry["name"]) for entry in record.log)


def test_there_are_six_active_and_120_archived_releases(demo: Demo) -> None:
    assert len(demo.ids) == len(list(demo.data.glob("releases/*.json"))) == 6
    assert len(demo.rows) == 120
    age = NOW - min(row.go_live for row in demo.rows)
    assert timedelta(days=500) < age < timedelta(days=560)


def test_nothing_happened_in_the_future_or_out_of_order(demo: Demo) -> None:
    for record in demo.records.values():
        times = [entry.at for entry in record.entries]
        assert times == sorted(times)
        assert times[-1] < NOW


def test_outcomes_and_types_are_spread_as_in_life(demo: Demo) -> None:
    outcomes = Counter(row.outcome for row in demo.rows)
    assert outcomes == {"successful": 106, "rolled-back": 7, "partial": 5, "cancelled": 2}
    types = Counter(row.type for row in demo.rows)
    assert types["emergency"] == 8
    assert types["minor"] > types["patch"] > types["major"] > 5
    started = [on_time(row) for row in demo.rows if on_time(row) is not None]
    assert 0.65 < started.count(True) / len(started) < 0.9
    lengths = {row.completed_at - row.started_at for row in demo.rows if row.started_at and row.completed_at}
    assert len(lengths) > 30
    overrun = [row for row in demo.rows if row.completed_at and row.started_at
               and row.completed_at - row.started_at > timedelta(minutes=row.duration)]  # fmt: skip
    assert 2 < len(overrun) < 40


def test_archived_releases_hold_what_went_otherwise(demo: Demo) -> None:
    archived = [record.release for record in demo.records.values() if record.archived]
    marks = [mark for release in archived for mark in release.marks.values()]
    assert sum(1 for mark in marks if mark.state is State.NOT_APPLICABLE and mark.reason) > 50
    assert sum(1 for mark in marks if mark.state is State.NOT_APPLICABLE and not mark.reason) > 2
    assert sum(1 for mark in marks if mark.state is State.FAILED) > 12
    assert sum(1 for mark in marks if mark.note) > 100
    assert any(release.closing and release.closing.left_open for release in archived)
    acts = Counter(entry["act"] for record in demo.records.values() for entry in record.log)
    assert acts["fail"] > 20 and acts["edit"] > 50


def test_retrospectives_differ_and_follow_from_one_another(demo: Demo) -> None:
    written = [r.release for r in demo.records.values() if r.archived and r.release.retrospective.written]
    assert len(written) > 100
    assert len({(r.retrospective.well, r.retrospective.hard) for r in written}) == len(written)
    versions = {(row.service, row.version) for row in demo.rows}
    follow = [
        release
        for release in written
        if any(
            service == release.service and version != release.version and version in told
            for service, version in versions
            for told in [f"{release.retrospective.well} {release.retrospective.hard}"]
        )
    ]
    assert len(follow) > 30


def test_every_name_in_a_sentence_is_filled_in(demo: Demo) -> None:
    for release in (record.release for record in demo.records.values()):
        texts = [release.risk, release.rollback, release.closing.reason if release.closing else ""]
        texts += [release.retrospective.well, release.retrospective.hard, release.retrospective.next]
        texts += [text for mark in release.marks.values() for text in (mark.note, mark.reason)]
        assert not any("{" in text for text in texts)


def test_versions_of_a_service_rise_and_the_active_one_is_the_latest(demo: Demo) -> None:
    releases = sorted(
        (r.release for r in demo.records.values()), key=lambda r: (r.closing is None, r.go_live)
    )
    seen: dict[str, list[str]] = {}
    for release in releases:
        seen.setdefault(release.service, []).append(release.version)
    for service, versions in seen.items():
        numbers = [semantic(version) or version for version in versions]
        assert numbers == sorted(numbers) and len(set(numbers)) == len(numbers), service


def test_the_catalogue_fits_the_files_and_is_what_would_be_derived(demo: Demo) -> None:
    files = ReleaseFiles(demo.data, read_only=True)
    catalogue = files.catalogue.path
    kept = catalogue.read_bytes()
    fitting = {row.id: row for row in ReleaseFiles(demo.data).catalogue.summaries()}
    assert catalogue.read_bytes() == kept
    catalogue.unlink()
    assert {row.id: row for row in files.catalogue.summaries()} == fitting
    catalogue.write_bytes(kept)


def test_identifiers_count_up_in_each_month_in_the_order_of_creation(demo: Demo) -> None:
    by_creation = sorted(demo.records, key=lambda name: demo.records[name].release.created_at)
    spent: dict[str, int] = {}
    for release_id in by_creation:
        found = parts(release_id)
        assert found is not None
        assert found[1] == spent.get(found[0], 0) + 1
        spent[found[0]] = found[1]


def test_the_next_release_gets_a_fresh_number(demo: Demo) -> None:
    desk = desk_at(demo.data, NOW)
    highest = desk.store.releases.highest_number("2026-11")
    done = desk.releases.new(Request(service="payments", version="9.9.9", go_live="2026-11-28T20:00"))
    assert done.release.id == f"REL-2026-11-{highest + 1:03d}"
    (demo.data / "releases" / f"{done.release.id}.json").unlink()


def test_a_folder_that_holds_something_is_refused(demo: Demo) -> None:
    before = contents(demo.data)
    with pytest.raises(Refused, match="empty folder"):
        built(demo.data, Clock(NOW, frozen=True))
    assert contents(demo.data) == before


def test_the_archive_has_taught_a_few_actions_and_one_stands_on_an_active_release(demo: Demo) -> None:
    """[S0.9] Opening the demo has nothing to bring in line."""
    desk = desk_at(demo.data, NOW)
    actions = desk.learning.read().actions
    states = Counter(each.state for each in actions)
    assert states["open"] == 3 and states["done"] > 4 and states["dropped"] > 1
    assert all(each.reason for each in actions if each.state == "dropped")
    organisation = desk.organisation.read()
    for each in actions:
        raised = demo.records[each.release].release
        assert each.text.rstrip(".") in raised.retrospective.next and raised.closing is not None
        assert each.raised_at == raised.closing.at and each.raised_at < (each.settled_at or NOW) <= NOW
        assert organisation.person(each.owner) is not None
    carried = [each for each in actions if each.carried]
    assert [each.open for each in carried] == [True]
    assert [each.id for each in desk.learning.actions_before(demo.ids["created"])] == [carried[0].id]
    verdict = desk.learning.verify()
    assert verdict.intact and verdict.simulated == verdict.entries
    before = contents(demo.data)
    assert desk.learning.carry_actions() == ()
    assert contents(demo.data) == before


def test_reviews_were_held_when_they_were_due_and_the_latest_wait(demo: Demo) -> None:
    """[S1.29]"""
    desk = desk_at(demo.data, NOW)
    held, due = desk.archive.reviews(), desk.archive.reviews_due()
    assert len(held) > 12 and 1 <= len(due) <= 3
    assert not {id for each in held for id in each.releases} & {id for each in due for id in each.releases}
    for each in held:
        assert all(demo.records[id].release.closing is not None for id in each.releases)
        assert local_day(each.recorded_at, "Europe/Berlin") == each.held and each.recorded_at < NOW


def test_the_doctor_finds_nothing(demo: Demo) -> None:
    assert {finding.level for finding in desk_at(demo.data, NOW).health.examine()} == {"ok"}


def test_notes_show_wide_and_right_to_left_text(demo: Demo) -> None:
    notes = " ".join(m.note for m in demo.records[demo.ids["live"]].release.marks.values())
    assert all(word in notes for word in ("Überweisungen", "支付", "الدفع"))


@pytest.mark.parametrize("now", [NOW, *NIGHTS], ids=lambda now: f"{now:%Y-%m-%dT%H:%M}")
def test_the_active_releases_show_what_they_are_there_for(now: datetime, tmp_path: Path) -> None:
    """At any moment, at a change of the clocks too."""
    ids = built(tmp_path / "data", Clock(now, frozen=True), archived=25)
    found = records(tmp_path / "data")
    for release_id, record in found.items():
        assert verify(release_id, record.state, record.log).intact
        times = [entry.at for entry in record.entries]
        assert times == sorted(times) and times[-1] <= now
    release = {role: found[release_id].release for role, release_id in ids.items()}
    stands = {role: standing(one, now) for role, one in release.items()}
    troubles = {role: {trouble.kind for trouble in one.troubles} for role, one in stands.items()}

    assert stands["live"].live
    assert [role for role, one in stands.items() if one.live] == ["live"]
    assert timedelta(minutes=9) < now - release["live"].go_live < timedelta(minutes=16)
    phases = {node.path: node.state for node in Outline(release["live"]).phases}
    assert (phases["pre-deploy"], phases["deploy"]) == (State.DONE, State.PARTIAL)

    assert stands["emergency"].stage == "owing"
    owed = Outline(release["emergency"])
    assert 0 < owes(owed) < sum(phase.total for phase in owed.phases if phase.phase.owed)
    assert "debt" not in troubles["emergency"]

    assert {"failed", "overdue"} <= troubles["overdue"]
    assert timedelta(hours=20) < stands["overdue"].remaining < timedelta(hours=48)

    assert not troubles["comfortable"]
    assert release["comfortable"].packs == ("kubernetes", "database-migration")
    assert release["comfortable"].marks["pre-release.window"].bound
    assert timedelta(days=6) < stands["comfortable"].remaining < timedelta(days=11)

    assert (stands["created"].done, release["created"].type) == (0, "major")
    assert "deploy.region-deployed-apac" in Outline(release["created"]).nodes

    assert stands["closing"].stage == "close"
    assert "retro" in troubles["closing"]


def test_the_generator_fills_an_archive_of_any_size(tmp_path: Path) -> None:
    data = tmp_path / "large"
    generate(data, count=60, active=9, seed=7, now="2026-11-20T19:12Z")
    found = records(data)
    assert len(found) == 69 and sum(record.archived for record in found.values()) == 60
    assert all(verify(name, record.state, record.log).intact for name, record in found.items())
    generate(tmp_path / "again", count=60, active=9, seed=7, now="2026-11-20T19:12Z")
    assert contents(tmp_path / "again") == contents(data)
    generate(tmp_path / "other", count=60, active=9, seed=8, now="2026-11-20T19:12Z")
    assert contents(tmp_path / "other") != contents(data)
