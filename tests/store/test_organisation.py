"""The organisation's file: its log, its counters, and what happens when it is damaged."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import pytest
from tinydb import TinyDB

from relui.domain.log import Act, Entry, Head, next_entry, verify
from relui.domain.organisation import Organisation, Service
from relui.domain.patches import Document, diff
from relui.errors import StoreError
from relui.store.records import document_of
from relui.store.state_files import OrganisationFile
from tests.store.samples import ADA, NOW, desk_on, every_file, keep
from tests.store.test_atomic import FAILURES, WORDS, failing

SHOP = Organisation(name="Acme", zone="Europe/Berlin", services=(Service("shop", "Shop"),))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def file(data: Path) -> OrganisationFile:
    return OrganisationFile(data)


def setting(organisation: Organisation) -> Any:
    def apply(state: Document, head: Head) -> tuple[Document, Entry]:
        after = {"schema": 1, **document_of(organisation)}
        act = Act("organisation", "imported", reversible=False)
        return after, next_entry(head, act, ADA, NOW, diff(state, after), simulated=False)

    return apply


def test_without_a_file_the_organisation_is_empty_and_nothing_is_made(
    file: OrganisationFile, data: Path
) -> None:
    assert file.load() == Organisation()
    assert file.log() == []
    assert file.state() == {}
    assert not data.exists()


def test_numbers_leave_the_organisation_and_its_log_as_they_are(file: OrganisationFile) -> None:
    file.change(setting(SHOP))
    file.next_number("2026-11", 0)
    assert file.load() == SHOP
    assert verify("organisation", file.state(), file.log()).intact
    file.change(setting(SHOP))
    assert file.next_number("2026-11", 0) == 2


def test_plain_tinydb_reads_the_file(file: OrganisationFile) -> None:
    file.change(setting(SHOP))
    file.next_number("2026-11", 0)
    with TinyDB(file.path, access_mode="r") as database:
        assert database.table("organisation").get(doc_id=1)["name"] == "Acme"
        assert database.table("counters").get(doc_id=1) == {"2026-11": 1}
        assert len(database.table("log")) == 1


@pytest.mark.parametrize("code", FAILURES)
def test_a_number_that_the_disk_did_not_take_is_not_given_out(
    file: OrganisationFile, data: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    file.next_number("2026-11", 0)
    before = every_file(data)
    monkeypatch.setattr(os, "fsync", failing(code))
    for act in (lambda: file.next_number("2026-11", 0), lambda: file.change(setting(SHOP))):
        with pytest.raises(StoreError, match=WORDS[code]):
            act()
    monkeypatch.undo()
    assert every_file(data) == before


def test_a_read_only_organisation_is_never_written(data: Path) -> None:
    file = OrganisationFile(data, read_only=True)
    for act in (lambda: file.next_number("2026-11", 0), lambda: file.change(setting(SHOP)), file.set_aside):
        with pytest.raises(StoreError, match="read-only"):
            act()
    assert not data.exists()


def test_a_newer_organisation_is_read_and_never_written(file: OrganisationFile) -> None:
    file.change(setting(SHOP))
    tables = json.loads(file.path.read_bytes())
    tables["organisation"]["1"]["schema"] = 2
    file.path.write_text(json.dumps(tables))
    content = file.path.read_bytes()
    assert file.load() == SHOP
    for act in (lambda: file.next_number("2026-11", 0), lambda: file.change(setting(SHOP))):
        with pytest.raises(StoreError, match="newer relui"):
            act()
    assert file.path.read_bytes() == content


def survives(file: OrganisationFile) -> None:
    """Do everything with a damaged file: an error of the store at most."""
    content = file.path.read_bytes()
    for act in (file.load, file.log, file.state, lambda: verify("organisation", file.state(), file.log())):
        try:
            act()
        except StoreError as error:
            assert str(file.path) in error.message
    for act in (lambda: file.next_number("2026-11", 0), lambda: file.change(setting(SHOP))):
        try:
            act()
        except StoreError:
            assert file.path.read_bytes() == content
        else:
            json.loads(file.path.read_bytes())
            file.path.write_bytes(content)


WRONG = [None, True, -1, 10**40, 1.5, "x", [], ["x"], {}, {"id": 1}, {"a": {"b": {}}}]


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
@pytest.mark.parametrize(
    "path",
    [
        (),
        ("organisation",),
        ("organisation", "1"),
        ("organisation", "1", "schema"),
        ("organisation", "1", "services"),
        ("counters",),
        ("counters", "1"),
        ("counters", "1", "2026-11"),
        ("log",),
        ("log", "1"),
        ("log", "1", "seq"),
        ("log", "1", "hash"),
        ("log", "1", "patches"),
    ],
)
def test_a_wrong_type_anywhere_is_an_error_in_words(
    file: OrganisationFile, path: tuple[str, ...], wrong: object
) -> None:
    file.change(setting(SHOP))
    file.next_number("2026-11", 0)
    tables: Any = json.loads(file.path.read_bytes())
    inner = tables
    for key in path[:-1]:
        inner = inner[key]
    if path:
        inner[path[-1]] = wrong
    file.path.write_text(json.dumps(tables if path else wrong))
    survives(file)


def test_cut_and_flipped_files_are_errors_in_words(file: OrganisationFile) -> None:
    file.change(setting(SHOP))
    file.next_number("2026-11", 0)
    content = file.path.read_bytes()
    for length in range(0, len(content), 13):
        file.path.write_bytes(content[:length])
        survives(file)
    chance = random.Random(11)
    for _ in range(60):
        flipped = bytearray(content)
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
        file.path.write_bytes(flipped)
        survives(file)


def test_releases_are_ticked_and_listed_though_the_organisation_is_damaged(data: Path) -> None:
    desk = desk_on(data)
    release_id = keep(desk.store.releases)
    (data / "organisation.json").write_bytes(b"rubbish")
    desk.items.tick(release_id, ["work.i0"])
    assert [release.id for release in desk.journal.active().releases] == [release_id]


def test_repair_sets_a_damaged_organisation_aside_and_identifiers_go_on_above_every_file(data: Path) -> None:
    desk = desk_on(data)
    keep(desk.store.releases, 7)
    (data / "organisation.json").write_bytes(b"rubbish")
    told = [finding for finding in desk.health.examine() if "organisation.json" in finding.text]
    assert [finding.level for finding in told] == ["error"]
    desk.health.examine(repair=True)
    assert (data / "quarantine" / "organisation.json").read_bytes() == b"rubbish"
    assert desk.store.organisation.next_number("2026-11", desk.store.releases.highest_number("2026-11")) == 8


def test_an_organisation_that_was_altered_by_hand_is_found(data: Path) -> None:
    desk = desk_on(data)
    desk.store.organisation.change(setting(SHOP))
    assert desk.organisation.verify().intact
    with TinyDB(data / "organisation.json") as database:
        database.table("organisation").update({"zone": "UTC"})
    assert not desk.organisation.verify().intact
    assert [finding.level for finding in desk.health.examine() if "organisation" in finding.text] == ["error"]
