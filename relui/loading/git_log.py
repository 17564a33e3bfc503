"""The commits between two tags of a git repository, by the system's git, safely and bounded.

The repository is foreign: nothing that its configuration names is run, nothing is fetched, no pager starts,
and only hashes that git itself resolved are given back to it.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import threading
from pathlib import Path

from relui.domain.dossier.commits import Commit
from relui.domain.text import clean, did_you_mean, quoted
from relui.errors import BadInput
from relui.files import read_regular

COMMITS_LIMIT = 20_000
"""Commits between the tags, merges included."""
OUTPUT_LIMIT = 64 * 1024 * 1024
"""Bytes that git may print."""
TIMEOUT = 60.0
"""Seconds that one call of git may take."""

_SAFE = (
    "--no-pager",
    "--no-replace-objects",
    "-c", "core.pager=cat",
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-c", "log.showSignature=false",
    "-c", "protocol.allow=never",
    "-c", "i18n.logOutputEncoding=UTF-8",
    "-c", "color.ui=false",
)  # fmt: skip
_DEEPEN = "Get all of it: git fetch --unshallow --tags, or in a pipeline a checkout of full depth with tags."
_REF = r"[^\s\x00-\x1f\x7f~^:?*\[\\]{1,250}"
_HASH = r"[0-9a-f]{40,64}"


def load_commits(
    repository: Path, since: str, until: str = "HEAD", *, timeout: float = TIMEOUT
) -> list[Commit]:
    """The commits after the tag `since` up to `until`, the oldest first; or from the first commit on.

    Raises BadInput for what is no repository, an odd or unknown reference (with the nearest tag), too many
    commits, a shallow clone that has not all of them, or a git that is missing or does not answer in time.
    """
    if not repository.is_dir():
        raise BadInput(f"{clean(str(repository))} is no folder. Name the folder of a git repository.")
    git = _Git(repository.absolute(), timeout)
    git.check()
    last = git.resolve(until)
    first = git.resolve(since) if since else ""
    span = f"{first}..{last}" if first else last
    commits = [_commit(record) for record in git.log(span) if record.strip()]
    if cut := git.cut_off() & {commit.hash for commit in commits}:
        where = f"{quoted(since)} lies" if since else "its beginning lies"
        raise BadInput(
            f"{clean(str(repository))} is a shallow clone: its history is cut off at {min(cut)[:10]}, and "
            f"{where} behind that. {_DEEPEN}"
        )
    if len(commits) > COMMITS_LIMIT:
        raise BadInput(
            f"There are more than {COMMITS_LIMIT:,} commits between {quoted(since)} and {quoted(until)}. "
            "Choose tags that lie closer together."
        )
    if not commits:
        behind = bool(first) and first != last and bool(git.log(f"{last}..{first}"))
        hint = " The other way round there are some: the earlier tag comes first." if behind else ""
        raise BadInput(f"There are no commits between {quoted(since)} and {quoted(until)}.{hint}")
    return commits


class _Git:
    """The system's git in one repository."""

    def __init__(self, folder: Path, timeout: float) -> None:
        self.folder, self.timeout = folder, timeout

    def check(self) -> None:
        """Raises BadInput when the folder is not in a repository that this user may read."""
        code, _, error = self.run("rev-parse", "--git-dir")
        if not code:
            return
        name = clean(str(self.folder))
        if "dubious ownership" in error:
            raise BadInput(
                f"{name} belongs to somebody else: git does not read it until safe.directory names it."
            )
        raise BadInput(f"{name} is not a git repository.{_said(error, 'not a git repository')}")

    def resolve(self, reference: str) -> str:
        """The hash of a tag, a branch or a commit. Raises BadInput."""
        wanted = reference.strip()
        if not re.fullmatch(_REF, wanted) or wanted.startswith("-") or ".." in wanted or "@{" in wanted:
            raise BadInput(f"{quoted(reference)} is no name of a tag, a branch or a commit.")
        for name in (f"refs/tags/{wanted}", wanted):  # a tag is meant before a branch of the same name
            code, output, _ = self.run(
                "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
            )
            found = output.decode("ascii", "replace").strip()
            if not code and re.fullmatch(_HASH, found):
                return found
        tags = self.tags()
        raise BadInput(
            f"The repository has no tag {quoted(wanted)}.{did_you_mean(wanted, tags)}{self._why(tags)}"
        )

    def _why(self, tags: list[str]) -> str:
        """Why a tag may be missing that is there elsewhere, and the way out."""
        if self.cut_off():
            return f" It is a shallow clone, to which older tags do not come. {_DEEPEN}"
        return (
            ""
            if tags
            else " It has no tags at all: git fetch --tags brings those of where it was cloned from."
        )

    def cut_off(self) -> set[str]:
        """The commits at which the history of a shallow clone ends, though they have parents."""
        code, output, _ = self.run("rev-parse", "--git-path", "shallow")
        if code:
            return set()
        try:
            text = read_regular(self.folder / _text(output).rstrip("\n"), OUTPUT_LIMIT)
        except OSError:
            return set()  # the repository is whole
        return set(_text(text).split())

    def tags(self) -> list[str]:
        """The newest tags, some hundreds of them."""
        code, output, _ = self.run(
            "for-each-ref", "--count=500", "--sort=-creatordate", "--format=%(refname:strip=2)", "refs/tags"
        )
        return [] if code else [clean(name) for name in _text(output).splitlines() if name]

    def log(self, span: str) -> list[bytes]:
        """The records of the commits in a span of hashes, the oldest first."""
        code, output, error = self.run(
            "log", "-z", "--reverse", "--topo-order", "--no-color", "--no-show-signature", "--no-ext-diff",
            "--no-decorate", "--no-notes", f"--max-count={COMMITS_LIMIT + 1}", "--format=%H%n%P%n%an%n%B",
            span, "--",
        )  # fmt: skip
        if code:
            raise BadInput(f"git could not read the log of {clean(str(self.folder))}.{_said(error)}")
        return output.split(b"\0")

    def run(self, *arguments: str) -> tuple[int, bytes, str]:
        """Exit code, output and error of one call. Raises BadInput when it cannot be had."""
        command = ["git", "-C", str(self.folder), *_SAFE, *arguments]
        with tempfile.TemporaryFile() as errors:
            try:
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    env=_environment(),
                    start_new_session=True,
                )
            except OSError:
                raise BadInput("git is not installed here, or cannot be started.") from None
            output = self._output(process)
            errors.seek(0)
            return process.returncode, output, _text(errors.read(4_000))

    def _output(self, process: subprocess.Popen[bytes]) -> bytes:
        """All that it prints, up to the limits; it is ended when it runs into one."""
        late = threading.Event()

        def stop() -> None:
            late.set()
            _end(process)

        timer = threading.Timer(self.timeout, stop)
        timer.daemon = True
        timer.start()
        pieces: list[bytes] = []
        total = 0
        try:
            assert process.stdout is not None
            with process.stdout as stream:
                while total <= OUTPUT_LIMIT and (piece := stream.read(65_536)):
                    pieces.append(piece)
                    total += len(piece)
        finally:
            timer.cancel()
            if total > OUTPUT_LIMIT:
                _end(process)
            process.wait()
        if late.is_set():
            raise BadInput(
                f"git did not answer within {self.timeout:g} seconds. Choose tags closer together."
            )
        if total > OUTPUT_LIMIT:
            raise BadInput(
                f"The messages of the commits have more than {OUTPUT_LIMIT // 1024 // 1024} MB. "
                "Choose tags closer together."
            )
        return b"".join(pieces)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill git and whatever it started; it may be gone already."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (OSError, AttributeError):
        process.kill()


def _environment() -> dict[str, str]:
    """The environment without what would lead git elsewhere or let it ask or fetch."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {
        **kept,
        "LC_ALL": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_PAGER": "cat",
    }


def _commit(record: bytes) -> Commit:
    found, parents, author, *message = _text(record).lstrip("\n").split("\n", 3)
    return Commit(found, message[0] if message else "", author, tuple(parents.split()))


def _text(data: bytes) -> str:
    """UTF-8 where it is; an old message in another encoding is read as Windows-1252."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _said(error: str, known: str = "") -> str:
    line = clean(error).strip().removeprefix("fatal: ")
    return "" if not line or (known and known in line) else f" It said: {line[:200]}."
