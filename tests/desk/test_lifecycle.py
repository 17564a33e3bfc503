"""From nothing to the archive: creation, copies, closing, and what was cut short."""

from __future__ import annotations

import errno
import os
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.checklist import State
from relui.domain.marking import Details
from relui.errors import BadInput, Refused, ReluiError
from tests.store.memory_store import MemoryStore
from tests.store.samples import NOW, begun, closed, closing, desk_on, every_file, keep, release_of
from tests.store.test_atomic import failing

REQUEST = Request(service="shop", version="2.4.0", go_live="2026-11-20 20:00")


def test_a_new_release_is_on_disk_with_its_first_entry(desk: Desk, data: Path) -> None:
    done = desk.releases.new(REQUEST)
    assert done.release.id == "REL-2026-11-001"
    fresh = desk_on(data).journal.open("1")
    assert fresh.release == done.release
    assert [entry.act for entry in fresh.entries] == ["create"]
    assert desk.health.verify("1").intact


def test_preparing_a_release_writes_nothing(desk: Desk, data: Path) -> None:
    desk.planning.prepare(REQUEST)
    assert not data.exists()


@pytest.mark.parametrize(
    "request_",
    [
        Request(),
        Request(service="shop"),
        Request(service="shop", version="1.0", template="nothing"),
        Request(service="shop", version="1.0", type="huge"),
        Request(service="shop", version="1.0", go_live="soon"),
        Request(service="shop", version="1.0", duration="long"),
        Request(service="shop", version="1.0", packs=("nothing",)),
        Request(service="shop", version="1.0", without=("nothing",)),
        Request(service="shop", version="1.0", template="emergency"),
        Request(service="shop", version="1.0", copy_of="REL-2026-11-099"),
    ],
    ids=repr,
)
def test_a_request_that_is_refused_spends_no_number_and_writes_nothing(
    desk: Desk, data: Path, request_: Request
) -> None:
    with pytest.raises(BadInput):
        desk.releases.new(request_)
    assert not data.exists()


def test_identifiers_count_within_the_month_of_the_go_live(desk: Desk) -> None:
    december = Request(service="shop", version="3.0.0", go_live="2026-12-01 20:00")
    made = [desk.releases.new(request).release.id for request in (REQUEST, REQUEST, december, REQUEST)]
    assert made == ["REL-2026-11-001", "REL-2026-11-002", "REL-2026-12-001", "REL-2026-11-003"]


def test_a_number_is_never_given_again_whatever_became_of_its_release(desk: Desk, data: Path) -> None:
    desk.releases.new(REQUEST)
    desk.releases.new(REQUEST)
    (data / "releases" / "REL-2026-11-002.json").unlink()
    assert desk.releases.new(REQUEST).release.id == "REL-2026-11-003"
    desk.store.releases.set_aside("REL-2026-11-003")
    (data / "organisation.json").unlink()
    assert desk.releases.new(REQUEST).release.id == "REL-2026-11-004"


def test_numbers_go_on_above_an_imported_one(desk: Desk) -> None:
    keep(desk.store.releases, 41)
    desk.store.releases.create_archived(*begun(closed(release_of(57))))
    assert desk.releases.new(REQUEST).release.id == "REL-2026-11-058"


def test_a_creation_that_the_disk_refuses_leaves_no_release(
    desk: Desk, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.releases.new(REQUEST)
    before = every_file(data)
    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", failing(errno.ENOSPC))
        with pytest.raises(ReluiError, match="full"):
            desk.releases.new(REQUEST)
    assert every_file(data) == before
    assert desk.releases.new(REQUEST).release.id == "REL-2026-11-002"


def test_a_copy_takes_the_checklist_and_none_of_the_record(desk: Desk) -> None:
    source = desk.releases.new(REQUEST).release.id
    desk.items.tick(source, ["pre-release.branches"])
    copy = desk.releases.new(Request(copy_of=source, version="2.5.0", go_live="2026-11-27 20:00")).release
    assert copy.id == "REL-2026-11-002"
    assert copy.copied_from == source
    assert copy.marks == {}
    assert [phase.id for phase in copy.phases] == [p.id for p in desk.journal.open(source).release.phases]
    assert desk.health.verify(copy.id).intact


def test_a_closed_release_is_in_the_archive_with_its_entry_and_verifies(desk: Desk, data: Path) -> None:
    release_id = desk.releases.new(REQUEST).release.id
    done = desk.releases.close(release_id, reason="moved to another system")
    assert done.record.archived
    assert Path(done.record.where) == data / "archive" / "2026" / f"{release_id}.json"
    assert Path(done.record.where).is_file()
    assert not (data / "releases" / f"{release_id}.json").exists()
    fresh = desk_on(data).journal.open(release_id)
    assert fresh.archived
    assert fresh.release == done.release
    assert fresh.entries[-1].act == "close"
    assert not fresh.entries[-1].reversible
    assert fresh.release.marks["close.closed"].state is State.DONE
    assert desk.health.verify(release_id).intact
    assert desk.journal.active().releases == ()
    assert [row.id for row in desk.store.catalogue.summaries()] == [release_id]


def test_a_closed_release_is_closed_once(desk: Desk, data: Path) -> None:
    release_id = desk.releases.new(REQUEST).release.id
    desk.releases.close(release_id, reason="done")
    before = every_file(data)
    with pytest.raises(Refused, match="archived"):
        desk.releases.close(release_id, reason="done")
    assert every_file(data) == before


def test_closing_that_was_cut_short_is_finished_by_the_next_start(desk: Desk, data: Path) -> None:
    """The closing entry is written, and the process died before the move."""
    keep(desk.store.releases, 1)
    desk.store.releases.change("REL-2026-11-001", closing, NOW)
    read_only = desk_on(data, read_only=True).journal.active()
    assert [release.id for release in read_only.releases] == ["REL-2026-11-001"]
    assert (data / "releases" / "REL-2026-11-001.json").exists()
    assert desk_on(data).journal.active().releases == ()
    assert not (data / "releases" / "REL-2026-11-001.json").exists()
    assert [row.id for row in desk.store.catalogue.summaries()] == ["REL-2026-11-001"]
    assert desk.health.verify("REL-2026-11-001").intact


def test_the_doctor_finishes_a_move_that_was_cut_short(desk: Desk, data: Path) -> None:
    keep(desk.store.releases, 1)
    desk.store.releases.change("REL-2026-11-001", closing, NOW)
    assert "warning" in [finding.level for finding in desk.health.examine()]
    assert (data / "releases" / "REL-2026-11-001.json").exists()
    desk.health.examine(repair=True)
    assert desk.store.releases.is_archived("REL-2026-11-001")
    assert {finding.level for finding in desk.health.examine()} == {"ok"}


def test_a_move_that_fails_after_closing_is_told_and_done_by_the_next_start(
    desk: Desk, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The release is closed, durably: an error would make people close it again."""
    release_id = desk.releases.new(REQUEST).release.id
    with monkeypatch.context() as patched:
        patched.setattr(os, "rename", failing(errno.EROFS))
        done = desk.releases.close(release_id, reason="done")
        assert "left to the next start" in done.ruling.told[-1]
        assert done.release.closed
        assert not done.record.archived
        assert len(desk.journal.active().problems) == 1
    assert desk_on(data).journal.active().problems == ()
    assert desk.store.releases.is_archived(release_id)


def test_a_full_disk_at_closing_leaves_the_release_open(
    desk: Desk, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release_id = desk.releases.new(REQUEST).release.id
    before = every_file(data)
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", failing(errno.ENOSPC))
        with pytest.raises(ReluiError, match="full"):
            desk.releases.close(release_id, reason="done")
    assert every_file(data) == before
    assert not desk.journal.open(release_id).release.closed


def test_the_active_releases_come_by_go_live(desk: Desk) -> None:
    late = desk.releases.new(Request(service="shop", version="1.0.0", go_live="2026-11-28 20:00")).release.id
    soon = desk.releases.new(Request(service="shop", version="1.0.1", go_live="2026-11-10 20:00")).release.id
    assert [release.id for release in desk.journal.active().releases] == [soon, late]


def test_known_releases_are_taken_as_they_are(desk: Desk, data: Path) -> None:
    release = desk.releases.new(REQUEST).release
    (data / "releases" / f"{release.id}.json").write_bytes(b"unread")
    assert desk.journal.active({release.id: release}).releases == (release,)


def test_the_desk_works_without_a_disk(data: Path, tmp_path: Path) -> None:
    """Behind the seam everything may be in memory: nothing that is kept is looked for in a folder."""
    desk = desk_on(data, store=MemoryStore())
    desk.organisation.set_fields({"name": "Acme"})
    release = desk.releases.new(REQUEST).release.id
    desk.calendar.book(release)
    smoke = desk.evidence.keep(b"all green", "smoke.log")
    desk.items.annotate(release, "pre-release.branches", Details(evidence=(smoke,)))
    desk.items.tick(release, ["pre-release.branches"])
    desk.releases.undo(release)
    desk.releases.redo(release)
    desk.drafts.keep("note", {"note": "half"})
    desk.learning.raise_action(release, "Check the branches earlier")
    desk.releases.close(release, reason="done")
    assert [each.text for each in desk.learning.actions()] == ["Check the branches earlier"]
    assert desk.drafts.find("note") == {"note": "half"}
    assert [row.id for row in desk.store.catalogue.summaries()] == [release]
    (kept,) = desk.evidence.files(desk.journal.open(release).record.state)
    assert desk.evidence.text(kept) == "all green"
    assert desk.health.verify(release).intact and desk.organisation.verify().intact
    assert {found.level for found in desk.health.examine(repair=True)} <= {"ok", "warning"}
    desk.exchange.export_releases([release], tmp_path / "out")
    other = desk_on(data, store=MemoryStore())
    other.exchange.import_releases(tmp_path / "out")
    assert other.journal.open(release).release == desk.journal.open(release).release
    assert other.health.verify(release).intact and other.evidence.text(kept) == "all green"
    assert not data.exists()


def test_a_release_of_a_service_and_version_that_there_is_already_is_told(desk: Desk) -> None:
    first = desk.releases.new(REQUEST)
    assert first.ruling.told == ()
    assert first.release.id in desk.planning.prepare(REQUEST).told[0], "the form tells it before"
    assert first.release.id in desk.releases.new(REQUEST).ruling.told[0]
    for release_id in ("1", "2"):
        desk.releases.close(release_id, reason="done")
    assert desk.releases.new(REQUEST).ruling.told == (
        "REL-2026-11-002 in the archive has the same service and version, successful.",
    )


def test_a_go_live_or_duration_that_is_rather_a_slip_is_told_before_and_after(desk: Desk) -> None:
    odd = Request(service="shop", version="2.4.0 final", go_live="2019-11-20 20:00", duration="20d")
    assert len(desk.planning.prepare(odd).told) == 3
    assert desk.releases.new(odd).ruling.told == desk.planning.prepare(odd).told[1:], (
        "the first is now active itself"
    )


def test_items_of_a_pack_that_go_with_a_phase_that_is_left_out_are_named(desk: Desk) -> None:
    request = Request(
        service="shop", version="1", packs=("database-migration",), without=("pre-release",),
        go_live="2026-11-20 20:00",
    )  # fmt: skip
    (told,) = desk.releases.new(request).ruling.told
    assert "pack database-migration" in told and "Rollback migration prepared" in told


def test_a_pack_for_each_region_without_regions_says_how_to_name_them(desk: Desk) -> None:
    request = Request(service="shop", version="1", packs=("multi-region",), go_live="2026-11-20 20:00")
    (told,) = desk.planning.prepare(request).told
    assert "No region is named" in told and "Region deployed" in told and "--set" in told
    assert desk.planning.prepare(replace(request, values={"region": ("eu",)})).told == ()


def test_an_emergency_says_which_of_the_policys_criteria_makes_it_one(desk: Desk, data: Path) -> None:
    """[S1.36]"""
    request = Request(service="shop", version="1", template="emergency", rationale="down")
    with pytest.raises(BadInput, match="production incident, security vulnerability"):
        desk.releases.new(request)
    assert not data.exists(), "nothing was written, and no number spent"
    made = desk.releases.new(replace(request, criterion="security vulnerability")).release
    copy = desk.releases.new(Request(copy_of=made.id, version="2")).release
    assert copy.emergency_criterion == "security vulnerability"


@pytest.mark.parametrize(
    ("role", "owner"),
    [("release-owner", "ada"), ("release-manager", "ada"), ("operations", "grace"), ("", "grace")],
)
def test_a_new_release_belongs_to_who_leads_releases_else_to_the_owner_of_the_service(
    desk: Desk, tmp_path: Path, role: str, owner: str
) -> None:
    """[S0.1] Who owns a service approves its releases: they need not plan them."""
    path = tmp_path / "organisation.yaml"
    listed = f"  - {{id: ada, name: Ada, roles: [{role}]}}\n" if role else ""
    path.write_text(
        "services:\n  - {id: shop, owner: grace}\npeople:\n" + listed + "  - {id: grace, name: Grace}\n",
        encoding="utf-8",
    )
    desk.organisation.import_file(path)
    made = desk.releases.new(Request(service="shop", version="2.4.0", go_live="2026-11-20 20:00")).release
    assert made.owner == owner


def test_a_release_that_is_created_late_says_by_what(desk: Desk) -> None:
    """[S1.5, S1.23] Each milestone that is past, and the notice; in good time nothing is said."""
    near = Request(
        service="ledger",
        version="1.0.1",
        impact="high",
        go_live=(desk.clock.now() + timedelta(days=2)).isoformat(),
    )
    told = " ".join(desk.releases.new(near).ruling.told)
    assert "Planning complete was due on" in told and "Test complete was due on" in told, told
    assert "High impact asks for 5 business days of notice" in told
    far = desk.releases.new(Request(service="ledger", version="1.1.0", go_live="2027-03-10T20:00"))
    assert far.ruling.told == ()


def test_a_version_of_no_scheme_is_told_once_its_number_is_known(desk: Desk) -> None:
    """[S1.10]"""
    given = {"service": "ledger", "go_live": "2027-03-10T20:00"}
    assert "of no scheme" in desk.releases.new(Request(version="banana", **given)).ruling.told[0]
    assert desk.releases.new(Request(version="infra-002", **given)).ruling.told == ()
    assert "such as infra-003" in desk.releases.new(Request(version="infra-002", **given)).ruling.told[-1]


def test_a_version_is_compared_with_the_one_that_was_released_last(desk: Desk) -> None:
    """[S1.10] When a release is created and when it is edited; what was rolled back was not released."""
    before = desk.releases.new(
        Request(service="shop", version="2.3.9", go_live="2026-11-16 20:00")
    ).release.id
    desk.deployment.carry_out(before, "start")
    desk.deployment.carry_out(before, "complete")
    desk.releases.close(before, reason="done elsewhere")
    words = "Version 2.4.1 after 2.3.9 reads as a minor release, but the type is patch."
    made = desk.releases.new(
        Request(service="shop", version="2.4.1", type="patch", go_live="2026-11-20 20:00")
    )
    assert words in made.ruling.told
    assert words not in desk.releases.edit(made.release.id, {"risk": "small"}).ruling.told
    assert desk.releases.edit(made.release.id, {"version": "2.3.10"}).ruling.told == ()
    assert words in desk.releases.edit(made.release.id, {"version": "2.4.1"}).ruling.told
    told = desk.releases.edit(made.release.id, {"type": "minor"}).ruling.told
    assert told == ("Version 2.4.1 reads as a patch release, but the type is minor.",)


def test_everything_that_a_new_release_lacks_is_named_at_once(desk: Desk, tmp_path: Path) -> None:
    """[S1.36] Rationale and criterion with service and version; a copy has those of its source."""
    path = tmp_path / "organisation.yaml"
    path.write_text("policy: {emergency_criteria: [outage, vulnerability]}\n", encoding="utf-8")
    desk.organisation.import_file(path)
    with pytest.raises(BadInput) as refused:
        desk.releases.new(Request(template="emergency"))
    for name in ("service", "version", "rationale", "criterion"):
        assert f"--{name} is missing" in refused.value.message
    assert "(outage, vulnerability)" in refused.value.message
    assert desk.planning.missing(Request(type="emergency", service="s")) == (
        "version",
        "rationale",
        "criterion",
    )
    assert desk.planning.missing(Request()) == ("service", "version")
    assert desk.planning.missing(Request(copy_of="REL-2026-11-001")) == ("version",)
