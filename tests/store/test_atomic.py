"""A write is whole or not there, whatever the disk answers and whenever."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from relui import files
from relui.errors import Refused, StoreError
from relui.files import ensure_folder, temporary_name, write_atomic, write_folder
from relui.store.locked_files import move_durably

FAILURES = [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES, errno.EDQUOT]
WORDS = {
    errno.ENOSPC: "the disk is full",
    errno.EIO: "the disk reports an error",
    errno.EROFS: "read-only",
    errno.EACCES: "access is denied",
    errno.EDQUOT: "quota",
}


def failing(code: int) -> Callable[..., Any]:
    def fail(*_: object, **__: object) -> Any:
        raise OSError(code, os.strerror(code))

    return fail


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "file.json"
    write_atomic(path, b"old")
    return path


def assert_untouched(target: Path) -> None:
    assert target.read_bytes() == b"old"
    assert [path.name for path in target.parent.iterdir() if path.is_file()] == [target.name]


@pytest.mark.parametrize("code", FAILURES)
@pytest.mark.parametrize("step", ["write", "fsync"])
def test_a_disk_that_fails_at_a_step_leaves_the_old_content_and_no_temp_file(
    target: Path, monkeypatch: pytest.MonkeyPatch, step: str, code: int
) -> None:
    monkeypatch.setattr(os, step, failing(code))
    with pytest.raises(StoreError, match=WORDS[code]) as told:
        write_atomic(target, b"new")
    monkeypatch.undo()
    assert_untouched(target)
    assert "unchanged" in told.value.message
    assert str(target) in told.value.message


@pytest.mark.parametrize("code", FAILURES)
def test_a_disk_that_cannot_open_the_temp_file_leaves_the_old_content(
    target: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(os, "open", failing(code))
    with pytest.raises(StoreError, match=WORDS[code]):
        write_atomic(target, b"new")
    monkeypatch.undo()
    assert_untouched(target)


@pytest.mark.parametrize("code", FAILURES)
def test_a_disk_that_cannot_replace_leaves_the_old_content_and_no_temp_file(
    target: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(os, "replace", failing(code))
    with pytest.raises(StoreError, match=WORDS[code]):
        write_atomic(target, b"new")
    monkeypatch.undo()
    assert_untouched(target)


def test_a_disk_that_fills_up_in_the_middle_leaves_the_old_content(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    written: list[int] = []

    def half(descriptor: int, data: bytes) -> int:
        if written:
            raise OSError(errno.ENOSPC, "full")
        written.append(1)
        return real(descriptor, bytes(data)[:3])

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(StoreError, match="full"):
        write_atomic(target, b"new content")
    monkeypatch.undo()
    assert_untouched(target)


def test_short_writes_are_continued_until_everything_is_there(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, bytes(data)[:7]))
    write_atomic(target, bytes(range(256)) * 4)
    assert target.read_bytes() == bytes(range(256)) * 4


def test_a_write_that_takes_nothing_is_an_error_and_not_an_endless_loop(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "write", lambda descriptor, data: 0)
    with pytest.raises(StoreError, match="reports an error"):
        write_atomic(target, b"new")
    monkeypatch.undo()
    assert_untouched(target)


def test_an_interrupted_write_leaves_no_temp_file(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomic(target, b"new")
    monkeypatch.undo()
    assert_untouched(target)


def folder_fsync_failing(code: int) -> Callable[[int], None]:
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{descriptor}"):  # noqa: PTH112 - a path of the kernel's
            raise OSError(code, os.strerror(code))
        real(descriptor)

    return fsync


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc to tell a folder's descriptor")
@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC])
def test_a_folder_that_cannot_be_synced_is_told_without_claiming_that_nothing_changed(
    target: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """The replace has happened: everybody reads the new content, so the error must say that."""
    monkeypatch.setattr(os, "fsync", folder_fsync_failing(code))
    with pytest.raises(StoreError) as told:
        write_atomic(target, b"new")
    monkeypatch.undo()
    assert target.read_bytes() == b"new"
    assert "unchanged" not in told.value.message
    assert "holds the new content now" in told.value.message
    assert told.value.exit_code == 3
    assert not temporary_name(target).exists()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc to tell a folder's descriptor")
def test_a_file_system_without_folder_sync_is_no_error(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", folder_fsync_failing(errno.EINVAL))
    write_atomic(target, b"new")
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("mask", [0o022, 0o000, 0o077])
def test_files_are_private_and_so_is_every_folder_that_is_made(tmp_path: Path, mask: int) -> None:
    """Parents too: a data folder that others can enter shows them who releases what."""
    deep = tmp_path / "data" / "archive" / "2026"
    with umask(mask):
        ensure_folder(deep)
        write_atomic(deep / "file.json", b"x")
    assert (deep / "file.json").stat().st_mode & 0o777 == 0o600
    for folder in (deep, deep.parent, deep.parent.parent):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_killed_writers_temp_file_gives_the_new_file_neither_content_nor_mode(target: Path) -> None:
    left = temporary_name(target)
    left.write_bytes(b"half" * 100)
    left.chmod(0o666)
    write_atomic(target, b"new")
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o600


def test_nothing_is_written_through_a_symbolic_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_bytes(b"theirs")
    link = tmp_path / "link.json"
    link.symlink_to(outside)
    with pytest.raises(StoreError, match="symbolic link"):
        write_atomic(link, b"ours")
    assert link.is_symlink()
    assert outside.read_bytes() == b"theirs"


def test_a_symbolic_link_in_place_of_the_temp_file_is_not_followed(target: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_bytes(b"theirs")
    temporary_name(target).symlink_to(outside)
    write_atomic(target, b"new")
    assert outside.read_bytes() == b"theirs"
    assert target.read_bytes() == b"new"
    assert not target.is_symlink()


def test_a_folder_in_the_way_is_named_in_words(tmp_path: Path) -> None:
    (tmp_path / "file.json").mkdir()
    with pytest.raises(StoreError, match="folder"):
        write_atomic(tmp_path / "file.json", b"x")
    (tmp_path / "plain").write_bytes(b"")
    with pytest.raises(StoreError, match=r"in the way|not a folder"):
        ensure_folder(tmp_path / "plain" / "below")


def test_a_move_never_goes_over_a_file_that_is_there(tmp_path: Path) -> None:
    source, target = tmp_path / "a.json", tmp_path / "archive" / "a.json"
    write_atomic(source, b"new")
    ensure_folder(target.parent)
    write_atomic(target, b"archived")
    with pytest.raises(StoreError, match="there already"):
        move_durably(source, target)
    assert source.read_bytes() == b"new"
    assert target.read_bytes() == b"archived"


def test_a_link_is_not_moved_into_the_archive(tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_bytes(b"theirs")
    link = tmp_path / "a.json"
    link.symlink_to(outside)
    with pytest.raises(StoreError, match="symbolic link"):
        move_durably(link, tmp_path / "archive" / "a.json")


@pytest.mark.parametrize("code", [*FAILURES, errno.EXDEV])
def test_a_move_that_fails_leaves_the_file_where_it_was(
    target: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(os, "rename", failing(code))
    with pytest.raises(StoreError, match="unchanged"):
        move_durably(target, target.parent / "archive" / "file.json")
    monkeypatch.undo()
    assert_untouched(target)


FILES = {"a.md": b"A", "b.md": b"B"}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty folder."""
    folder = tmp_path / "place"
    folder.mkdir()
    return folder


def test_folder_and_archive_are_written_for_their_owner_alone(place: Path) -> None:
    target = place / "deep" / "out"
    write_folder(target, FILES, target.with_name("out.zip"), b"zip")
    assert {path.name: path.read_bytes() for path in target.iterdir()} == FILES
    assert (target.with_name("out.zip")).read_bytes() == b"zip"
    assert sorted(path.name for path in target.parent.iterdir()) == ["out", "out.zip"]
    assert target.stat().st_mode & 0o777 == 0o700 and (target / "a.md").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["out", "out.zip"])
def test_a_dangling_link_counts_as_taken(place: Path, name: str) -> None:
    (place / name).symlink_to(place / "nothing")
    with pytest.raises(Refused, match="is there already"):
        write_folder(place / "out", FILES, place / "out.zip", b"")
    assert [path.name for path in place.iterdir()] == [name]


@pytest.mark.parametrize("at", range(4))
def test_a_failure_anywhere_leaves_nothing(place: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """A disk that is full at any write, and a rename that fails."""
    calls = iter(range(100))
    real_write, real_place = files._write_new, files._rename_to_free

    def failing_write(path: Path, content: bytes) -> None:
        if next(calls) == at:
            raise OSError(28, os.strerror(28))
        real_write(path, content)

    def failing_place(made: Path, target: Path) -> None:
        if next(calls) == at + 1:  # the archive's, when the folder is there already
            raise OSError(28, os.strerror(28))
        real_place(made, target)

    monkeypatch.setattr(files, "_write_new", failing_write)
    monkeypatch.setattr(files, "_rename_to_free", failing_place)
    with pytest.raises(StoreError, match="the disk is full"):
        write_folder(place / "out", FILES, place / "out.zip", b"zip")
    assert list(place.iterdir()) == []


def test_a_folder_where_nothing_can_be_made_is_a_sentence(place: Path) -> None:
    (place / "file").write_text("")
    with pytest.raises(StoreError):
        write_folder(place / "file" / "out", FILES, place / "file" / "out.zip", b"")
