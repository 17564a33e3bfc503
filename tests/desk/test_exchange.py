"""Releases in and out: checked whole before anything is written, and nothing overwritten."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.log import Act, Head, next_entry
from relui.domain.marking import Details
from relui.domain.outline import Outline
from relui.domain.patches import diff
from relui.errors import BadInput, Refused, ReluiError, StoreError
from relui.store.records import document_of, state_of
from tests.store.samples import BEN, NOW, begun, desk_on, every_file, keep, release_of
from tests.store.test_atomic import failing


@pytest.fixture
def elsewhere(tmp_path: Path) -> Desk:
    """Ben's desk over another data folder."""
    return desk_on(tmp_path / "elsewhere", BEN)


@pytest.fixture
def worked(desk: Desk, release_id: str) -> str:
    """A release with a history: ticks, a failure, an undo, two actors."""
    desk.items.tick(release_id, ["pre-release.branches"], Details(note="all three", evidence=("build 7",)))
    desk_on(desk.data, BEN).items.fail(release_id, ["pre-release.pipeline"], "red since noon")
    desk.items.skip(release_id, ["communication.social"])
    desk.releases.undo(release_id)
    return release_id


def test_a_release_goes_elsewhere_as_json_with_its_log_and_verifies_there(
    desk: Desk, elsewhere: Desk, worked: str, tmp_path: Path
) -> None:
    (file,) = desk.exchange.export_releases([worked], tmp_path / "out.json")
    (done,) = elsewhere.exchange.import_releases(file)
    assert (done.id, done.already, done.archived) == (worked, False, False)
    here, there = desk.journal.open(worked), elsewhere.journal.open(worked)
    assert there.record.state == here.record.state
    assert there.record.log == here.record.log
    assert elsewhere.health.verify(worked).intact
    assert elsewhere.health.verify(worked, desk.health.verify(worked).seal).intact


def test_archived_releases_go_elsewhere_into_the_archive(
    desk: Desk, elsewhere: Desk, worked: str, tmp_path: Path
) -> None:
    desk.releases.close(worked, reason="done")
    desk.exchange.export_releases([], tmp_path / "out")
    (done,) = elsewhere.exchange.import_releases(tmp_path / "out")
    assert done.archived
    assert elsewhere.journal.open(worked).archived
    assert elsewhere.journal.active().releases == ()
    assert elsewhere.store.catalogue.summaries() == desk.store.catalogue.summaries()
    assert elsewhere.health.verify(worked).intact


def test_importing_the_same_again_changes_nothing_and_says_so(
    desk: Desk, elsewhere: Desk, worked: str, tmp_path: Path
) -> None:
    desk.exchange.export_releases([worked], tmp_path / "out.json")
    elsewhere.exchange.import_releases(tmp_path / "out.json")
    before = every_file(elsewhere.data)
    (done,) = elsewhere.exchange.import_releases(tmp_path / "out.json")
    assert done.already
    assert every_file(elsewhere.data) == before


def test_a_release_that_differs_is_never_overwritten(
    desk: Desk, elsewhere: Desk, worked: str, tmp_path: Path
) -> None:
    desk.exchange.export_releases([worked], tmp_path / "out.json")
    elsewhere.exchange.import_releases(tmp_path / "out.json")
    elsewhere.items.tick(worked, ["pre-release.staging"])
    before = every_file(elsewhere.data)
    with pytest.raises(Refused, match="differs"):
        elsewhere.exchange.import_releases(tmp_path / "out.json")
    assert every_file(elsewhere.data) == before


def test_an_import_with_one_bad_release_writes_none(
    desk: Desk, elsewhere: Desk, worked: str, tmp_path: Path
) -> None:
    """Bad are: a log that does not verify, a newer schema, no identifier."""
    keep(desk.store.releases, 2)
    keep(desk.store.releases, 3)
    desk.exchange.export_releases([], tmp_path / "out.json")
    whole = json.loads((tmp_path / "out.json").read_bytes())
    for key, value in (("owner", "Mallory"), ("schema", 2), ("id", "../../x"), ("schema", "x")):
        spoilt = json.loads(json.dumps(whole))
        spoilt["releases"][-1]["release"][key] = value
        for log in (spoilt["releases"][-1]["log"], None):
            if key == "owner" and log is None:
                continue  # without a log there is nothing to contradict
            spoilt["releases"][-1]["log"] = log
            (tmp_path / "bad.json").write_text(json.dumps(spoilt))
            with pytest.raises(ReluiError):
                elsewhere.exchange.import_releases(tmp_path / "bad.json")
            assert every_file(elsewhere.data) == {}


@pytest.mark.parametrize("schema", [2, 0, True, "1", None])
def test_a_release_of_a_schema_that_is_not_ours_is_refused_though_its_log_verifies(
    elsewhere: Desk, tmp_path: Path, schema: object
) -> None:
    """Stored, it could never be opened again, or only read."""
    state = {**state_of(release_of(2)), "schema": schema}
    if schema is None:
        del state["schema"]
    act = Act("create", "created", reversible=False)
    entry = next_entry(Head(), act, BEN, NOW, diff({}, state), simulated=False)
    good = dict(zip(("release", "log"), begun(release_of(1)), strict=True))
    bad = {"release": state, "log": [document_of(entry)]}
    (tmp_path / "bad.json").write_text(json.dumps({"releases": [good, bad]}))
    with pytest.raises(BadInput, match=r"schema|newer"):
        elsewhere.exchange.import_releases(tmp_path / "bad.json")
    assert every_file(elsewhere.data) == {}


def test_an_import_that_the_disk_cuts_short_is_finished_by_doing_it_again(
    desk: Desk, elsewhere: Desk, worked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(desk.store.releases, 2)
    desk.exchange.export_releases([], tmp_path / "out.json")
    real, calls = os.replace, []

    def second_fails(source: str, target: str) -> None:
        calls.append(target)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "full")
        real(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", second_fails)
        with pytest.raises(StoreError, match="full"):
            elsewhere.exchange.import_releases(tmp_path / "out.json")
    done = elsewhere.exchange.import_releases(tmp_path / "out.json")
    assert [one.already for one in done] == [True, False]
    assert elsewhere.journal.ids(archived=True) == desk.journal.ids(archived=True)


def test_new_releases_get_numbers_above_imported_ones(desk: Desk, elsewhere: Desk, tmp_path: Path) -> None:
    keep(desk.store.releases, 30)
    desk.exchange.export_releases([], tmp_path / "out.json")
    request = Request(service="shop", version="1.0.0", go_live="2026-11-20 20:00")
    assert elsewhere.releases.new(request).release.id == "REL-2026-11-001"
    elsewhere.exchange.import_releases(tmp_path / "out.json")
    assert elsewhere.releases.new(request).release.id == "REL-2026-11-031"


def test_a_release_goes_out_as_markdown_and_comes_back_as_it_was(
    desk: Desk, elsewhere: Desk, worked: str, tmp_path: Path
) -> None:
    desk.exchange.export_releases([worked], tmp_path / "out.md")
    (done,) = elsewhere.exchange.import_releases(tmp_path / "out.md")
    here, there = desk.journal.open(worked).release, elsewhere.journal.open(done.id).release
    assert [(phase.id, phase.name) for phase in there.phases] == [(p.id, p.name) for p in here.phases]
    texts = [[(leaf.text, leaf.state) for leaf in Outline(one).leaves()] for one in (here, there)]
    assert texts[0] == texts[1]
    assert (there.service, there.version, there.go_live) == (here.service, here.version, here.go_live)
    assert [entry.act for entry in elsewhere.journal.open(done.id).entries] == ["import"]
    assert elsewhere.health.verify(done.id).intact


def test_a_list_from_elsewhere_needs_service_and_version_and_spends_no_number_without(
    elsewhere: Desk, tmp_path: Path
) -> None:
    (tmp_path / "list.md").write_text("# Our release\n\n## Before\n\n- [x] Tests green\n- [ ] Backup\n")
    with pytest.raises(BadInput, match="--service"):
        elsewhere.exchange.import_releases(tmp_path / "list.md")
    assert every_file(elsewhere.data) == {}
    (done,) = elsewhere.exchange.import_releases(tmp_path / "list.md", service="shop", version="1.0.0")
    assert elsewhere.journal.open(done.id).release.service == "shop"
    assert elsewhere.health.verify(done.id).intact


def test_an_export_never_overwrites(desk: Desk, worked: str, tmp_path: Path) -> None:
    (tmp_path / "out.json").write_text("theirs")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / f"{worked}.json").write_text("theirs")
    for target in ("out.json", "folder"):
        with pytest.raises(Refused, match="there already"):
            desk.exchange.export_releases([worked], tmp_path / target)
    assert (tmp_path / "out.json").read_text() == "theirs"
    assert (tmp_path / "folder" / f"{worked}.json").read_text() == "theirs"


def test_an_export_changes_nothing_in_the_data(desk: Desk, worked: str, tmp_path: Path) -> None:
    before = every_file(desk.data)
    desk.exchange.export_releases([], tmp_path / "a")
    desk.exchange.export_releases([], tmp_path / "b", markdown=True)
    assert every_file(desk.data) == before


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
def test_an_export_that_fails_leaves_no_half_of_a_file(
    desk: Desk, worked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    (tmp_path / "out").mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", failing(code))
        with pytest.raises(StoreError):
            desk.exchange.export_releases([worked], tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("name", ["nothing.json", "nothing", "empty", "text.csv"])
def test_what_is_no_release_is_bad_input(elsewhere: Desk, tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.csv").write_text("a,b")
    with pytest.raises(BadInput):
        elsewhere.exchange.import_releases(tmp_path / name)
    assert every_file(elsewhere.data) == {}
