"""Commits between two tags of a repository: odd references refused, nothing of the repository run."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from relui.domain.dossier.commits import harvest
from relui.errors import BadInput
from relui.loading import git_log
from relui.loading.git_log import load_commits

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str, message: bytes = b"") -> None:
    subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=Ben", "-c", "user.email=b@x",
         "-c", "commit.gpgSign=false",
         "-c", "init.defaultBranch=main", *arguments],
        check=True, capture_output=True, input=message,
    )  # fmt: skip


def commit(folder: Path, message: str | bytes) -> None:
    data = message.encode() if isinstance(message, str) else message
    git(folder, "commit", "--allow-empty", "--cleanup=verbatim", "-F", "-", message=data)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    git(folder, "init")
    commit(folder, "feat: first")
    git(folder, "tag", "v2.3.0")
    commit(folder, "feat(api)!: export CHG-2026-0892\n\nA body\nwith lines.")
    git(folder, "checkout", "-b", "side")
    commit(folder, "fix: rounding (#12)")
    git(folder, "checkout", "main")
    git(folder, "merge", "--no-ff", "-m", "Merge branch 'side'", "side")
    git(folder, "tag", "-a", "-m", "the next", "v2.4.0")
    return folder


def shallow(repository: Path, tmp_path: Path, depth: int, tag: bool = True) -> Path:
    folder = tmp_path / f"ci{depth}"
    git(tmp_path, "-c", "protocol.file.allow=always", "clone", "--depth", str(depth), "--no-tags",
        f"file://{repository}", str(folder))  # fmt: skip
    if tag:
        git(folder, "-c", "protocol.file.allow=always", "fetch", "--depth", "1", "origin", "tag", "v2.3.0")
    return folder


def test_a_shallow_clone_is_refused_where_its_history_is_cut(repository: Path, tmp_path: Path) -> None:
    """[S1.3] Some of the commits would be missing, without a word."""
    for number in range(3):
        commit(repository, f"feat: {number}")
    cut = shallow(repository, tmp_path, 2)
    message = error(cut, "v2.3.0", "HEAD")
    assert "is a shallow clone" in message and "'v2.3.0' lies behind" in message
    assert "git fetch --unshallow --tags" in message
    assert "its beginning lies behind that" in error(cut, "", "HEAD")
    bare = shallow(repository, tmp_path, 1, tag=False)
    missing = error(bare, "v2.3.0", "HEAD")
    assert missing.startswith("The repository has no tag 'v2.3.0'. It is a shallow clone")


def test_a_shallow_clone_that_has_all_that_is_asked_for_is_read(repository: Path, tmp_path: Path) -> None:
    git(repository, "checkout", "-b", "line", "v2.3.0")
    for number in range(3):
        commit(repository, f"feat: {number}")
    deep = shallow(repository, tmp_path, 4)
    assert len(load_commits(deep, "v2.3.0")) == 3


def test_a_clone_without_tags_says_how_they_come(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--no-tags", str(repository), str(tmp_path / "plain"))
    assert "It has no tags at all: git fetch --tags" in error(tmp_path / "plain", "v2.3.0", "HEAD")


def error(folder: Path, since: str, until: str = "v2.4.0") -> str:
    with pytest.raises(BadInput) as caught:
        load_commits(folder, since, until)
    return caught.value.message


def test_the_commits_between_two_tags_become_changes(repository: Path) -> None:
    """[S1.3] An annotated tag means its commit; the merge is none."""
    found = harvest(load_commits(repository, "v2.3.0", "v2.4.0"))
    assert [(change.id, change.summary, change.owner) for change in found.changes] == [
        ("CHG-2026-0892", "export CHG-2026-0892", "Ben"),
        ("#12", "rounding", "Ben"),
    ]
    assert [why for _, why in found.skipped] == ["is a merge"]
    assert len(load_commits(repository, "")) == 4


@pytest.mark.parametrize(
    "odd",
    ["--output=x", "-n1", "--exec=id", "a b", "v2.3.0..v2.4.0", "a:b", "x\n--all", "", "@{u}", "a?",
     "\x1b[31m", "x" * 300, "main@{1}", "^v2.3.0"],
)  # fmt: skip
def test_an_odd_reference_never_reaches_git(repository: Path, odd: str) -> None:
    message = error(repository, "v2.3.0", odd)
    assert "is no name of a tag" in message and "\x1b" not in message
    assert not (repository / "x").exists()


def test_a_tag_that_is_not_there_is_named_with_the_nearest(repository: Path) -> None:
    assert error(repository, "v2.3") == "The repository has no tag 'v2.3'. Did you mean 'v2.3.0'?"


def test_tags_the_wrong_way_round_are_told(repository: Path) -> None:
    assert "The other way round there are some" in error(repository, "v2.4.0", "v2.3.0")
    assert error(repository, "v2.4.0") == "There are no commits between 'v2.4.0' and 'v2.4.0'."


def test_a_tag_is_meant_before_a_branch_of_its_name(repository: Path) -> None:
    git(repository, "branch", "v2.3.0", "v2.4.0")
    assert len(load_commits(repository, "v2.3.0", "v2.4.0")) == 3


def test_what_is_no_repository_is_refused(tmp_path: Path, repository: Path) -> None:
    assert "is no folder" in error(tmp_path / "none", "a")
    (tmp_path / "plain").mkdir()
    assert "is not a git repository" in error(tmp_path / "plain", "a")
    (repository / ".git" / "HEAD").write_text("rubbish")
    assert "is not a git repository" in error(repository, "v2.3.0")
    empty = tmp_path / "empty"
    empty.mkdir()
    git(empty, "init")
    assert "has no tag 'HEAD'" in error(empty, "", "HEAD")


def test_messages_in_another_encoding_are_read(repository: Path) -> None:
    commit(repository, "fix: caf\u00e9 \x1b[31mred".encode("cp1252"))
    git(
        repository,
        "-c",
        "i18n.commitEncoding=ISO-8859-1",
        "commit",
        "--allow-empty",
        "-F",
        "-",
        message=b"fix: na\xefve",
    )
    found = harvest(load_commits(repository, "v2.4.0", "main"))
    assert [change.summary for change in found.changes] == ["caf\u00e9 red", "na\u00efve"]


def test_nothing_that_the_repository_configures_is_run(repository: Path, tmp_path: Path) -> None:
    """Pagers, monitors, signature programs, aliases and hooks of a foreign repository stay unused."""
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path / 'sprung'}\n")
    trap.chmod(0o755)
    for key in ("core.pager", "pager.log", "core.fsmonitor", "gpg.program", "core.sshCommand",
                "diff.external", "core.editor", "alias.log", "alias.rev-parse"):  # fmt: skip
        git(repository, "config", key, f"!{trap}" if key.startswith("alias") else str(trap))
    git(repository, "config", "log.showSignature", "true")
    assert len(load_commits(repository, "v2.3.0", "v2.4.0")) == 3
    assert not (tmp_path / "sprung").exists()


def test_the_environment_does_not_lead_git_elsewhere(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert len(load_commits(repository, "v2.3.0", "v2.4.0")) == 3


def test_a_huge_log_is_bounded(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_log, "COMMITS_LIMIT", 2)
    assert "more than 2 commits" in error(repository, "v2.3.0")
    monkeypatch.setattr(git_log, "COMMITS_LIMIT", 3)
    assert len(load_commits(repository, "v2.3.0", "v2.4.0")) == 3
    monkeypatch.setattr(git_log, "OUTPUT_LIMIT", 100_000)
    commit(repository, "fix: " + "x" * 300_000)
    assert "Choose tags closer together" in error(repository, "v2.4.0", "main")


def fake_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "git").write_text(f"#!/bin/sh\n{script}\n")
    (programs / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")


def test_a_git_that_does_not_answer_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(tmp_path, monkeypatch, "sleep 60 & wait")
    with pytest.raises(BadInput, match=r"did not answer within 0\.2 seconds"):
        load_commits(tmp_path, "a", timeout=0.2)


def test_a_host_without_git_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "git is not installed" in error(tmp_path, "a")
