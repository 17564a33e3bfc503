"""Where templates of messages come from, and files that are none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from relui.domain.template import MESSAGES
from relui.errors import BadInput
from relui.loading.message_templates import ENDING, SIZE_LIMIT, MessageLibrary

BUNDLED = Path(__file__).parents[2] / "templates" / "messages"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "messages"
    folder.mkdir()
    return folder


def test_there_is_a_bundled_template_for_each_message_and_for_nothing_else() -> None:
    """[S1.23]"""
    assert {path.name for path in BUNDLED.iterdir()} == {f"{name}{ENDING}" for name in MESSAGES}
    assert all(MessageLibrary(BUNDLED, None).read(name).source == "bundled" for name in MESSAGES)


def test_an_own_file_of_the_same_name_goes_first(own: Path) -> None:
    """[S1.23] A team changes a message by a file of its own."""
    (own / "support-live.txt.j2").write_text("\ufeffSubject: Ours\n", encoding="utf-8")
    library = MessageLibrary(BUNDLED, own)
    found = library.read("support-live")
    assert (found.text, found.source, found.path) == ("Subject: Ours\n", "own", own / "support-live.txt.j2")
    assert library.read("deploy-starting").source == "bundled"


def test_a_folder_that_is_not_there_is_no_trouble(tmp_path: Path) -> None:
    library = MessageLibrary(BUNDLED, tmp_path / "nowhere")
    assert library.read("support-live").source == "bundled"
    assert library.problems() == []


def test_an_unknown_message_is_an_error_with_the_nearest() -> None:
    with pytest.raises(BadInput, match="Did you mean 'deploy-starting'"):
        MessageLibrary(BUNDLED, None).read("deploy-started")


def test_a_file_that_no_message_has_the_name_of_is_told_with_the_nearest(own: Path) -> None:
    (own / "deploy-start.txt.j2").write_text("Subject: x\n")
    (own / ".hidden").write_text("")
    (problem,) = MessageLibrary(BUNDLED, own).problems()
    assert "deploy-start.txt.j2 is no message's template. Did you mean 'deploy-starting.txt.j2'?" in problem


@pytest.mark.parametrize("what", ["folder", "pipe", "dangling", "huge", "latin"])
def test_an_own_file_that_cannot_be_used_is_an_error_and_never_the_bundled_one(own: Path, what: str) -> None:
    path = own / "support-live.txt.j2"
    match what:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "dangling":
            path.symlink_to(own / "nothing")
        case "huge":
            path.write_text("Subject: x\n" + "x" * SIZE_LIMIT)
        case "latin":
            path.write_bytes(b"Subject: x\n\nGr\xfc\xdfe\n")
    with pytest.raises(BadInput, match=r"support-live\.txt\.j2") as caught:
        MessageLibrary(BUNDLED, own).read("support-live")
    if what == "latin":
        assert "support-live.txt.j2:3: " in caught.value.message
