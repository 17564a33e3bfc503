"""Files that a person names: regular ones, up to a limit; and their checksums."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from relui.domain.dossier.editing import edit_part
from relui.errors import BadInput
from relui.loading.source_files import checksum, opened, read_up_to
from tests.domain.dossier.governed import governed
from tests.domain.releases import NOW


def test_the_checksum_of_a_file_is_its_sha_256_and_fits_a_component(tmp_path: Path) -> None:
    """[S1.9]"""
    content = os.urandom(3 * 1024 * 1024 + 7)
    path = tmp_path / "app.jar"
    path.write_bytes(content)
    found = checksum(path)
    assert found == f"sha256:{hashlib.sha256(content).hexdigest()}"
    made = edit_part(governed(), "component", "the-binary", {"checksum": found}, NOW, "ada").release
    assert made.dossier.components[0].checksum == found


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, words in (
        (pipe, "no regular file"),
        (tmp_path, "is a folder"),
        (tmp_path / "none", "There is no file"),
        (Path("/dev/null"), "no regular file"),
        (tmp_path / "a\0b", "cannot be read"),
    ):
        with pytest.raises(BadInput, match=words):
            checksum(path)


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", denied)
    with pytest.raises(BadInput, match="cannot be read: permission denied"), opened(tmp_path / "x"):
        pass


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"x" * (1024 * 1024 + 1))
    assert len(read_up_to(path, 1024 * 1024 + 1)) == 1024 * 1024 + 1
    with pytest.raises(BadInput, match="larger than 1 MB"):
        read_up_to(path, 1024 * 1024)
