"""The check-up: it finds what is wrong, says what to do, and repairs only what it is asked to."""

from __future__ import annotations

from pathlib import Path

import pytest

from relui.desk.desk import Desk
from relui.store.seam import Finding
from tests.store.samples import begun, closed, desk_on, every_file, keep, release_of
from tests.store.test_atomic import failing


def wrong(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.level != "ok"]


def test_a_folder_that_does_not_exist_is_well_and_stays_so(desk: Desk, data: Path) -> None:
    assert wrong(desk.health.examine(repair=True)) == []
    assert desk.health.sweep() == []
    assert not data.exists()


def test_a_folder_in_use_is_well(desk: Desk, release_id: str) -> None:
    desk.items.tick(release_id, ["pre-release.branches"])
    desk.store.releases.create_archived(*begun(closed(release_of(9))))
    desk.store.organisation.reach("2026-11", 9)
    assert wrong(desk.health.examine()) == []


def test_a_check_up_changes_nothing(desk: Desk, data: Path, release_id: str) -> None:
    desk.store.catalogue.summaries()
    (data / "releases" / "REL-2026-11-050.json").write_bytes(b"rubbish")
    (data / "releases" / ".REL-2026-11-051.json.tmp").write_bytes(b"half")
    before = every_file(data)
    assert len(wrong(desk.health.examine())) == 2
    assert every_file(data) == before


def test_a_folder_that_others_can_enter_is_a_warning(desk: Desk, data: Path, release_id: str) -> None:
    (data / "releases").chmod(0o755)
    (finding,) = wrong(desk.health.examine())
    assert finding.level == "warning"
    assert finding.fix == f"chmod 700 {data / 'releases'}"


def test_left_over_temp_files_are_told_and_removed_by_a_repair(
    desk: Desk, data: Path, release_id: str
) -> None:
    left = data / "releases" / f".{release_id}.json.tmp"
    left.write_bytes(b"half")
    assert str(left) in wrong(desk.health.examine())[0].text
    assert str(left) in desk.health.examine(repair=True)[0].text
    assert not left.exists()


def test_a_damaged_archived_file_is_told_and_set_aside_by_a_repair(desk: Desk, data: Path) -> None:
    desk.store.releases.create_archived(*begun(closed(release_of(1))))
    path = data / "archive" / "2026" / "REL-2026-11-001.json"
    path.write_bytes(b"rubbish")
    assert [finding.level for finding in wrong(desk.health.examine())] == ["error"]
    desk.health.examine(repair=True)
    assert (data / "quarantine" / path.name).read_bytes() == b"rubbish"
    assert wrong(desk.health.examine()) == []


def test_a_repair_by_a_read_only_desk_tells_and_changes_nothing(
    desk: Desk, data: Path, release_id: str
) -> None:
    (data / "releases" / "REL-2026-11-050.json").write_bytes(b"rubbish")
    (data / "organisation.json").write_bytes(b"rubbish")
    before = every_file(data)
    found = wrong(desk_on(data, read_only=True).health.examine(repair=True))
    assert [finding.level for finding in found] == ["error", "error"]
    assert all("read-only" in finding.fix for finding in found)
    assert every_file(data) == before


def test_a_repair_on_a_failing_disk_ends_with_findings(
    desk: Desk, data: Path, release_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    (data / "releases" / "REL-2026-11-050.json").write_bytes(b"rubbish")
    for step in ("rename", "scandir", "open"):
        with monkeypatch.context() as patched:
            patched.setattr(os, step, failing(5))
            assert "error" in [finding.level for finding in desk.health.examine(repair=True)]
    assert (data / "releases" / "REL-2026-11-050.json").read_bytes() == b"rubbish"


def test_identifiers_come_active_ones_first(desk: Desk) -> None:
    keep(desk.store.releases, 5)
    desk.store.releases.create_archived(*begun(closed(release_of(1))))
    assert desk.journal.ids(archived=False) == ["REL-2026-11-005"]
    assert desk.journal.ids(archived=True) == ["REL-2026-11-005", "REL-2026-11-001"]
