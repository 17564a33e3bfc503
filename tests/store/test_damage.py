"""However a file is damaged: an error in words or a problem of the verification, never a crash."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from relui.desk.desk import Desk
from relui.errors import ReluiError, StoreError
from relui.files import read_regular
from relui.store.releases import ReleaseFiles
from tests.store.samples import NOW, desk_on, keep, ticking

GOOD, BAD = "REL-2026-11-001", "REL-2026-11-002"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """One release that stays whole, and one to damage: three entries each."""
    folder = tmp_path / "data"
    store = ReleaseFiles(folder)
    for number in (1, 2):
        keep(store, number)
        store.change(f"REL-2026-11-{number:03d}", ticking("work.i0"), NOW)
        store.change(f"REL-2026-11-{number:03d}", ticking("work.i1"), NOW)
    return folder


@pytest.fixture
def desk(data: Path) -> Desk:
    return desk_on(data)


@pytest.fixture
def bad(data: Path) -> Path:
    return data / "releases" / f"{BAD}.json"


def survives(desk: Desk, bad: Path) -> str:
    """Do everything with the damaged release that a session does. Returns how it went, in a word."""
    content = bad.read_bytes()
    listed = desk.journal.active()
    assert GOOD in [release.id for release in listed.releases]
    told = [problem for problem in listed.problems if BAD in problem]
    assert bool(told) == (BAD not in [release.id for release in listed.releases])
    try:
        opened = desk.journal.open(BAD)
        assert opened.release.id == BAD
        _ = opened.entries
    except StoreError as error:
        assert error.exit_code == 3
        assert str(bad) in error.message
    try:
        intact = desk.health.verify(BAD).intact
    except StoreError:
        intact = False
    levels = [finding.level for finding in desk.health.examine() if BAD in finding.text]
    assert "error" in levels or intact
    assert bad.read_bytes() == content
    try:
        desk.items.untick(BAD, ["work.i1"])
    except ReluiError:
        assert bad.read_bytes() == content
    else:
        assert desk.journal.open(BAD).release.id == BAD
        assert desk.health.verify(BAD).intact == intact
    return "intact" if intact else "told"


def test_a_whole_file_is_intact(desk: Desk, bad: Path) -> None:
    """The yardstick itself: nothing is wrong with an undamaged file."""
    assert survives(desk, bad) == "intact"


def test_a_file_cut_off_at_any_byte_is_damaged_in_words(desk: Desk, bad: Path) -> None:
    content = bad.read_bytes()
    for length in sorted({0, 1, 2, *range(3, len(content) - 1, 97), len(content) - 2, len(content) - 1}):
        bad.write_bytes(content[:length])
        assert survives(desk, bad) == "told", length


def test_random_flips_of_bits_never_crash_and_never_verify(desk: Desk, bad: Path) -> None:
    content = bad.read_bytes()
    chance = random.Random(20261103)
    for _ in range(150):
        flipped = bytearray(content)
        for _ in range(chance.choice([1, 1, 1, 3, 20])):
            flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
        bad.write_bytes(flipped)
        if survives(desk, bad) == "intact":
            assert json.loads(flipped) == json.loads(content)


WHOLE_FILES = {
    "empty": b"",
    "null": b"null",
    "an array": b"[]",
    "an object": b"{}",
    "a number": b"7",
    "text": b'"release"',
    "blanks": b" \n\n",
    "NUL bytes": b"\0" * 4096,
    "no UTF-8": b'{"release": {"\xff": 1}}',
    "byte order mark": b"\xef\xbb\xbf{}",
    "NaN": b'{"release": {"1": {"schema": NaN}}}',
    "infinite": b'{"release": {"1": {"schema": 1e999}}}',
    "endless number": b'{"release": {"1": {"schema": ' + b"9" * 10_000 + b"}}}",
    "deep arrays": b'{"release": {"1": {"x": ' + b"[" * 100_000,
    "deep objects": b'{"release": {"1": {"schema": 1, "x": ' + b'{"a":' * 100_000,
    "deep but closed": b'{"release": {"1": {"schema": 1, "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}}}",
    "no tables": b'{"release": {}, "log": {}}',
    "table is null": b'{"release": null, "log": {}}',
    "table is an array": b'{"release": [], "log": []}',
    "document is null": b'{"release": {"1": null}}',
    "document is empty": b'{"release": {"1": {}}}',
    "lone surrogate": b'{"release": {"1": {"schema": 1, "id": "\\ud800"}}}',
    "two documents in one file": b'{"release": {}}{"release": {}}',
}


@pytest.mark.parametrize("name", WHOLE_FILES)
def test_a_file_that_is_something_else_is_damaged_in_words(desk: Desk, bad: Path, name: str) -> None:
    bad.write_bytes(WHOLE_FILES[name])
    assert survives(desk, bad) == "told"


@pytest.mark.parametrize("depth", [80, 400, 800, 900, 940, 960, 970, 980, 990])
def test_nesting_that_can_just_be_parsed_does_not_exhaust_the_stack(
    desk: Desk, bad: Path, depth: int
) -> None:
    tables = json.loads(bad.read_bytes())
    in_checklist, in_unknown, in_entry = deepcopy(tables), deepcopy(tables), deepcopy(tables)
    in_checklist["release"]["1"]["phases"][0]["items"] = ["HERE"]
    in_unknown["release"]["1"]["unknown"] = "HERE"
    in_entry["log"]["2"]["patches"][0]["after"] = "HERE"
    before = "".join(f'{{"id": "n{level}", "text": "deeper", "items": [' for level in range(depth // 2))
    nested = before + '{"id": "leaf", "text": "leaf"}' + "]}" * (depth // 2)
    for spoilt in (in_checklist, in_unknown, in_entry):
        bad.write_text(json.dumps(spoilt).replace('"HERE"', nested))
        assert survives(desk, bad) == "told"


WRONG = [None, True, 0, -1, 10**40, 1.5, "", "x", [], ["x"], {}, {"id": 1}, {"a": {"b": {}}}]


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value in a document, the document's own included."""
    yield path
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _places(member, (*path, key))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _places(member, (*path, index))


def _with(tables: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    spoilt = deepcopy(tables)
    inner = spoilt
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return spoilt


def test_a_value_of_a_wrong_type_at_any_place_never_crashes(desk: Desk, bad: Path) -> None:
    """Every place in state and log, each with a wrong value in turn."""
    content = bad.read_bytes()
    tables = json.loads(content)
    chance = random.Random(7)
    for path in _places(tables):
        wrong = chance.choice(WRONG)
        bad.write_text(json.dumps(_with(tables, path, wrong)))
        if survives(desk, bad) == "intact":
            assert json.loads(content) == json.loads(bad.read_bytes()) or _is_foreign(path)
        bad.write_bytes(content)


def _is_foreign(path: tuple[Any, ...]) -> bool:
    return path[:1] not in {("release",), ("log",), ()}


@pytest.mark.parametrize("table", ["release", "log"])
@pytest.mark.parametrize("key", ["0", "x", "", "01", "-1", "1.0", "²", "٣", "9" * 5000, "999999999999999999"])
def test_a_document_without_a_plain_number_is_damage_and_not_merged_with_another(
    desk: Desk, bad: Path, table: str, key: str
) -> None:
    tables = json.loads(bad.read_bytes())
    tables[table][key] = tables[table].pop("1")
    bad.write_text(json.dumps(tables))
    assert survives(desk, bad) == "told"


def test_two_releases_in_one_file_are_damage_and_none_is_dropped(desk: Desk, bad: Path) -> None:
    tables = json.loads(bad.read_bytes())
    tables["release"]["2"] = tables["release"]["1"]
    bad.write_text(json.dumps(tables))
    assert survives(desk, bad) == "told"


@pytest.mark.parametrize("kind", ["removed first", "removed middle", "cut", "renumbered", "doubled"])
def test_a_log_with_entries_removed_or_added_is_found(desk: Desk, bad: Path, kind: str) -> None:
    tables = json.loads(bad.read_bytes())
    log = tables["log"]
    if kind == "removed first":
        del log["1"]
    elif kind == "removed middle":
        del log["2"]
    elif kind == "cut":
        del log["3"]
    elif kind == "renumbered":
        log["3"]["seq"] = 1
    else:
        log["4"] = log["3"]
    bad.write_text(json.dumps(tables))
    assert survives(desk, bad) == "told"


def test_tables_that_other_tools_added_are_kept(desk: Desk, bad: Path) -> None:
    tables = json.loads(bad.read_bytes())
    tables["_default"] = {"1": {"theirs": [1, 2.5, None]}}
    bad.write_text(json.dumps(tables))
    assert survives(desk, bad) == "intact"
    assert json.loads(bad.read_bytes())["_default"] == {"1": {"theirs": [1, 2.5, None]}}


def test_a_copied_or_renamed_file_is_told_and_not_shown_as_a_second_release(data: Path, desk: Desk) -> None:
    (data / "releases" / "copy of it.json").write_bytes((data / "releases" / f"{GOOD}.json").read_bytes())
    listed = desk.journal.active()
    assert [release.id for release in listed.releases] == [GOOD, BAD]
    assert "copied or renamed" in listed.problems[0]


def test_a_folder_or_a_broken_link_in_place_of_a_file_is_told(data: Path, desk: Desk, bad: Path) -> None:
    bad.unlink()
    bad.mkdir()
    (data / "releases" / "REL-2026-11-003.json").symlink_to(data / "nowhere")
    listed = desk.journal.active()
    assert [release.id for release in listed.releases] == [GOOD]
    assert len(listed.problems) == 2
    desk.health.examine()


def test_a_release_file_that_is_a_link_is_never_written_through(
    tmp_path: Path, desk: Desk, bad: Path
) -> None:
    outside = tmp_path / "outside.json"
    bad.rename(outside)
    bad.symlink_to(outside)
    content = outside.read_bytes()
    with pytest.raises(StoreError, match="symbolic link"):
        desk.items.untick(BAD, ["work.i1"])
    assert outside.read_bytes() == content


def test_repair_sets_a_damaged_file_aside_byte_for_byte(data: Path, desk: Desk, bad: Path) -> None:
    rubbish = bytes(range(256)) * 3
    bad.write_bytes(rubbish)
    told = [finding for finding in desk.health.examine() if BAD in finding.text]
    assert [finding.level for finding in told] == ["error"]
    assert bad.read_bytes() == rubbish
    repaired = [finding for finding in desk.health.examine(repair=True) if BAD in finding.text]
    aside = data / "quarantine" / f"{BAD}.json"
    assert str(aside) in repaired[0].fix
    assert aside.read_bytes() == rubbish
    assert not bad.exists()
    assert desk.journal.active().problems == ()
    assert not [finding for finding in desk.health.examine() if finding.level == "error"]


def test_repair_leaves_a_file_that_only_cannot_be_read_now(
    desk: Desk, bad: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk error or a foreign owner is no damage: the file may be whole."""
    content = bad.read_bytes()

    def denied(path: Path) -> bytes:
        if path == bad:
            raise PermissionError(13, "Permission denied")
        return read_regular(path)

    monkeypatch.setattr("relui.store.tables.read_regular", denied)
    found = [finding for finding in desk.health.examine(repair=True) if BAD in finding.text]
    assert [finding.level for finding in found] == ["error"]
    monkeypatch.undo()
    assert bad.read_bytes() == content


def test_repair_leaves_an_altered_record_where_it_is(desk: Desk, bad: Path) -> None:
    """An alteration is evidence: it is shown, and stays readable."""
    tables = json.loads(bad.read_bytes())
    tables["release"]["1"]["owner"] = "Mallory"
    bad.write_text(json.dumps(tables))
    content = bad.read_bytes()
    found = [finding for finding in desk.health.examine(repair=True) if BAD in finding.text]
    assert [finding.level for finding in found] == ["error"]
    assert "owner" in found[0].text
    assert bad.read_bytes() == content
