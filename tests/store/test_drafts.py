"""A draft is kept until it is dropped, and never in the way."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from relui.errors import StoreError
from relui.store.side_files import DraftFiles
from tests.store.test_atomic import failing


@pytest.fixture
def drafts(tmp_path: Path) -> DraftFiles:
    return DraftFiles(tmp_path / "data")


@pytest.mark.parametrize(
    "content",
    [b"", b"null", b"\xff\xfe", b"[" * 100_000, b'{"texts": 7}', b'{"texts": {"note": 7}}', b'{"\xff": 1}'],
    ids=lambda content: repr(content)[:30],
)
def test_a_damaged_draft_is_as_good_as_none(drafts: DraftFiles, tmp_path: Path, content: bytes) -> None:
    drafts.keep("note", {"note": "text"})
    (path,) = (tmp_path / "data" / "drafts").glob("*.json")
    path.write_bytes(content)
    assert drafts.find("note") == {}
    drafts.keep("note", {"note": "again"})
    assert drafts.find("note") == {"note": "again"}


def test_a_draft_that_cannot_be_kept_is_told_and_the_earlier_one_stays(
    drafts: DraftFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts.keep("note", {"note": "earlier"})
    with pytest.raises(StoreError, match="cannot hold"):
        drafts.keep("note", {"note": "\ud800"})
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", failing(errno.ENOSPC))
        with pytest.raises(StoreError, match="full"):
            drafts.keep("note", {"note": "later"})
    assert drafts.find("note") == {"note": "earlier"}
