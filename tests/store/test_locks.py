"""One writer at a time, and a dead one keeps nobody out."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from relui.errors import StoreError
from relui.store.locked_files import locked

HOLD = """
import sys
from pathlib import Path
from relui.store.locked_files import locked
with locked(Path(sys.argv[1]), "REL-2026-11-001"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> subprocess.Popen[str]:
    """Another process that holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_lock_that_another_process_holds_is_an_error_of_the_store_in_words(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    with (
        pytest.raises(StoreError, match="Nothing was changed") as told,
        locked(tmp_path, "REL-2026-11-001", patience=0.05),
    ):
        pass
    assert told.value.exit_code == 3
    assert told.value.title == "Locked"


def test_a_killed_holder_frees_its_lock_at_once(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    with locked(tmp_path, "REL-2026-11-001", patience=0):
        pass


def test_other_releases_are_not_locked(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    with locked(tmp_path, "REL-2026-11-002", patience=0), locked(tmp_path, "organisation", patience=0):
        pass


def test_a_waiting_writer_gets_the_lock_when_it_is_free(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    got = threading.Event()

    def wait() -> None:
        with locked(tmp_path, "REL-2026-11-001", patience=30):
            got.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert not got.is_set()
    holder.kill()
    waiting.join(30)
    assert got.is_set()


def test_threads_of_one_process_exclude_each_other(tmp_path: Path) -> None:
    inside: list[int] = []
    most: list[int] = []

    def work() -> None:
        for _ in range(25):
            with locked(tmp_path, "x"):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 100
    assert max(most) == 1


def test_an_error_inside_frees_the_lock(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(tmp_path, "x"):
        raise ZeroDivisionError
    with locked(tmp_path, "x", patience=0):
        pass


def test_lock_files_are_private(tmp_path: Path) -> None:
    with locked(tmp_path / "locks", "x"):
        pass
    assert (tmp_path / "locks").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "locks" / "x.lock").stat().st_mode & 0o777 == 0o600


def test_a_lock_that_is_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("theirs")
    (tmp_path / "x.lock").symlink_to(tmp_path / "outside")
    with pytest.raises(StoreError, match="symbolic link"), locked(tmp_path, "x"):
        pass
