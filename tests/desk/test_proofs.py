"""What somebody did to the files by hand: `verify` and `doctor` find it, and say what to do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from relui.desk.desk import Desk
from relui.domain.log import Seal
from relui.domain.marking import Details
from relui.errors import BadInput, Refused
from relui.store.releases import ReleaseFiles
from relui.store.seam import Finding
from tests.store.samples import begun, closed, closing, desk_on, keep, release_of

ID = "REL-2026-11-001"


def edit(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    tables = json.loads(path.read_text("utf-8"))
    change(tables)
    path.write_text(json.dumps(tables), "utf-8")


def errors(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.level == "error"]


@pytest.fixture
def evidence(desk: Desk, data: Path, release_id: str) -> Path:
    """The file that proves an item of the release."""
    reference = desk.evidence.keep(b"it works", "proof.txt")
    desk.items.tick(release_id, ["pre-release.branches"], Details(evidence=(reference,)))
    return data / "evidence" / hashlib.sha256(b"it works").hexdigest()


def test_evidence_that_is_whole_verifies(desk: Desk, release_id: str, evidence: Path) -> None:
    assert desk.health.verify(release_id).intact


@pytest.mark.parametrize("done", ["altered", "gone", "no file"])
def test_evidence_that_was_tampered_with_is_found(
    desk: Desk, release_id: str, evidence: Path, done: str
) -> None:
    if done == "altered":
        evidence.write_bytes(b"it works not")
    else:
        evidence.unlink()
        if done == "no file":
            evidence.mkdir()
    (problem,) = desk.health.verify(release_id).problems
    assert "proof.txt" in problem
    assert done in problem
    assert any("proof.txt" in finding.text for finding in errors(desk.health.examine()))


def test_evidence_that_an_import_did_not_bring_is_no_fault(
    desk: Desk, release_id: str, evidence: Path, tmp_path: Path
) -> None:
    (file,) = desk.exchange.export_releases([release_id], tmp_path / "out.json")
    other = desk_on(tmp_path / "elsewhere")
    (done,) = other.exchange.import_releases(file)
    assert any("without 1 file of evidence" in word for word in done.told)
    verdict = other.health.verify(release_id)
    assert verdict.intact and verdict.not_delivered == ("proof.txt",)
    assert other.exchange.import_releases(file)[0].already
    assert errors(other.health.examine()) == []
    other.evidence.keep(b"it works", "proof.txt")
    assert other.health.verify(release_id).not_delivered == ()
    (other.data / "evidence" / evidence.name).write_bytes(b"it works not")
    assert not other.health.verify(release_id).intact


def test_evidence_goes_along_into_a_folder_and_comes_in_from_there(
    desk: Desk, release_id: str, evidence: Path, tmp_path: Path
) -> None:
    desk.exchange.export_releases([], tmp_path / "out")
    other = desk_on(tmp_path / "elsewhere")
    assert not other.exchange.import_releases(tmp_path / "out")[0].told
    verdict = other.health.verify(release_id)
    assert verdict.intact and verdict.not_delivered == ()
    assert other.journal.open(release_id).record.log == desk.journal.open(release_id).record.log
    (tmp_path / "out" / "evidence" / evidence.name).write_bytes(b"other")
    third = desk_on(tmp_path / "third")
    with pytest.raises(BadInput, match="was altered"):
        third.exchange.import_releases(tmp_path / "out")
    assert third.store.releases.active_ids() == []


def test_evidence_that_is_a_link_or_a_word_needs_no_file(desk: Desk, release_id: str) -> None:
    desk.items.tick(
        release_id, ["pre-release.branches"], Details(evidence=("https://ci/42", "sha256: see wiki"))
    )
    assert desk.health.verify(release_id).intact


@pytest.fixture
def archived(data: Path) -> Path:
    """The file of an archived release that the catalogue lists."""
    store = ReleaseFiles(data)
    store.create_archived(*begun(closed(release_of(1))))
    desk_on(data).store.organisation.reach("2026-11", 1)
    store.catalogue.summaries()
    return data / "archive" / "2026" / f"{ID}.json"


def test_an_archived_log_that_was_altered_is_found_by_a_check_up(desk: Desk, archived: Path) -> None:
    assert errors(desk.health.examine()) == []
    edit(archived, lambda tables: tables["release"]["1"].update(title="Another"))
    assert [ID in finding.text for finding in errors(desk.health.examine())] == [True]


def test_an_open_release_in_the_archive_is_found_and_moved_back(desk: Desk, data: Path) -> None:
    keep(desk.store.releases, 1)
    desk.store.organisation.reach("2026-11", 1)
    moved = data / "archive" / "2026" / f"{ID}.json"
    moved.parent.mkdir(parents=True)
    (data / "releases" / f"{ID}.json").rename(moved)
    assert "not closed" in desk.health.verify(ID).problems[0]
    (finding,) = errors(desk.health.examine())
    assert "--repair" in finding.fix
    desk.health.examine(repair=True)
    assert desk.store.releases.active_ids() == [ID]
    assert desk.health.verify(ID).intact
    assert errors(desk.health.examine()) == []


def test_a_closed_release_is_never_moved_out_of_the_archive(desk: Desk, archived: Path) -> None:
    with pytest.raises(Refused, match="closed"):
        desk.store.releases.bring_back(ID)
    assert archived.exists()


def test_a_forged_row_of_the_catalogue_is_not_believed(desk: Desk, data: Path, archived: Path) -> None:
    """Edited by hand it does not fit its own check; forged with the check it does not fit the file."""
    catalogue = data / "archive" / "catalogue.json"
    before = desk.store.catalogue.summaries()
    edit(catalogue, lambda tables: tables["summaries"]["1"]["summary"].update(title="Forged"))
    assert desk.store.catalogue.summaries() == before


def test_a_row_that_was_forged_with_its_check_is_found_and_built_anew(
    desk: Desk, data: Path, archived: Path
) -> None:
    from msgspec import convert

    from relui.store.catalogue import Row, catalogue_content

    path = data / "archive" / "catalogue.json"
    rows = json.loads(path.read_text("utf-8"))["summaries"]
    rows["1"]["summary"]["title"] = "Forged"
    path.write_bytes(catalogue_content(convert(rows, dict[str, Row])))
    assert desk.store.catalogue.summaries()[0].title == "Forged"
    assert "title" in desk.health.verify(ID).problems[0]
    desk.health.examine(repair=True)
    assert desk.health.verify(ID).intact
    assert desk.store.catalogue.summaries()[0].title != "Forged"


def test_a_record_in_both_places_is_told(desk: Desk, data: Path, archived: Path) -> None:
    (data / "releases").mkdir(exist_ok=True)
    (data / "releases" / f"{ID}.json").write_bytes(archived.read_bytes())
    assert "twice" in desk.health.verify(ID).problems[0]
    assert desk.journal.ids(archived=True) == [ID]
    assert any("twice" in finding.text for finding in errors(desk.health.examine()))
    assert any("twice" in finding.text for finding in errors(desk.health.examine(repair=True)))


def test_a_table_of_another_program_is_told_and_kept(desk: Desk, data: Path, release_id: str) -> None:
    path = data / "releases" / f"{release_id}.json"
    edit(path, lambda tables: tables.update(backdoor={"1": {"x": 1}}))
    assert desk.health.verify(release_id).intact
    assert any("backdoor" in finding.text for finding in desk.health.examine() if finding.level == "warning")
    desk.items.tick(release_id, ["pre-release.branches"])
    assert "backdoor" in path.read_text("utf-8")


def test_counters_that_were_set_back_or_lost_are_told_and_set(
    desk: Desk, data: Path, release_id: str
) -> None:
    (data / "organisation.json").unlink()
    (found,) = [finding for finding in desk.health.examine() if "counter" in finding.text]
    assert found.level == "warning"
    desk.health.examine(repair=True)
    assert not [finding for finding in desk.health.examine() if "counter" in finding.text]
    assert desk.store.organisation.counters() == {"2026-11": 1}


def test_a_log_of_the_organisation_that_was_emptied_is_found(desk: Desk, data: Path, tmp_path: Path) -> None:
    (tmp_path / "organisation.yaml").write_text("name: Shop\nzone: UTC\n", "utf-8")
    desk.organisation.import_file(tmp_path / "organisation.yaml")
    assert errors(desk.health.examine()) == []
    edit(data / "organisation.json", lambda tables: tables.update(log={}))
    assert "empty" in errors(desk.health.examine())[0].text


@pytest.mark.parametrize("place", ["archive/catalogue.json", "drafts/x.json", "evidence/x", "locks/x.lock"])
def test_a_folder_where_a_file_belongs_is_set_aside(
    desk: Desk, data: Path, archived: Path, place: str
) -> None:
    (data / place).unlink(missing_ok=True)
    (data / place).mkdir(parents=True)
    assert any(place in finding.text for finding in errors(desk.health.examine()))
    desk.health.examine(repair=True)
    assert not (data / place).is_dir()
    assert errors(desk.health.examine()) == []


@pytest.mark.parametrize("place", [f"releases/{ID}.json", "organisation.json"])
def test_a_folder_in_the_place_of_a_record_is_set_aside(desk: Desk, data: Path, place: str) -> None:
    (data / place).mkdir(parents=True)
    assert len(errors(desk.health.examine())) == 1
    desk.health.examine(repair=True)
    assert (data / "quarantine" / Path(place).name).is_dir()
    assert errors(desk.health.examine()) == []


def test_a_seal_holds_its_place_in_the_log(desk: Desk, release_id: str) -> None:
    desk.items.tick(release_id, ["pre-release.branches"])
    verdict = desk.health.verify(release_id)
    assert desk.health.verify(release_id, seals=[Seal(verdict.seal, 2)]).intact
    (problem,) = desk.health.verify(release_id, seals=[Seal(verdict.seal, 1)]).problems
    assert problem == "the seal is that of 1 entries, but its hash is that of entry 2"
    assert not desk.health.verify(release_id, seals=[Seal("0" * 64, 2)]).intact


def test_a_closed_release_that_waits_for_its_move_is_no_forgery(desk: Desk) -> None:
    keep(desk.store.releases, 1)
    desk.store.releases.change(ID, closing, desk.clock.now())
    assert desk.health.verify(ID).intact


def test_an_import_spends_its_identifier(desk: Desk, data: Path, tmp_path: Path) -> None:
    other = desk_on(tmp_path / "other")
    keep(other.store.releases, 7)
    (path,) = other.exchange.export_releases(["REL-2026-11-007"], tmp_path / "one.json")
    desk.exchange.import_releases(path)
    assert desk.store.organisation.counters() == {"2026-11": 7}
