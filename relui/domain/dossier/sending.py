"""Recording that a message was sent, and withdrawing that: the items that say it follow [S1.23].

What is owed to whom, and what was sent: `notices.py`.
"""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.checklist import State
from relui.domain.dossier.notices import MESSAGE_WORDS, last_sent, too_early
from relui.domain.dossier.parts import Sent
from relui.domain.log import Act
from relui.domain.marking import NO_DETAILS, Marking
from relui.domain.outline import Node, Outline
from relui.domain.release import Release
from relui.domain.ruling import Ruling, reason_given, refuse_closed
from relui.domain.text import did_you_mean, long_text, one_line, quoted
from relui.errors import BadInput, Refused


def record_sent(
    release: Release,
    message: str,
    by: str,
    at: datetime,
    *,
    to: str,
    text: str = "",
    when: datetime | None = None,
) -> Ruling:
    """Record that a message was sent: to whom, and its text as it was; `when` (UTC) is now unless said.

    The open items that say it are ticked with it, or `told` says why they stay open. Raises BadInput for an
    unknown message, without a recipient, or for an instant that is to come, Refused for a result before
    there is one.
    """
    refuse_closed(release)
    _known(message)
    moment = (when or at).astimezone(UTC)
    if moment > at:
        raise BadInput("A message is recorded as sent once it was: that instant is still to come.")
    if why := too_early(release, message):
        raise Refused(f"{why} Nothing was recorded. The message can be read all the same.")
    sent = Sent(
        id=f"M-{len(release.dossier.sent) + 1}",
        message=message,
        at=moment,
        by=one_line(by, what="The name", required=True),
        to=one_line(to, what="To whom it was sent", required=True),
        text=long_text(text, what="The message"),
        go_live=release.go_live,
    )
    said = tick_said(_with(release, sent, at), message, sent.by, moment)
    also = f", and ticked {', '.join(said.texts)}" if said.texts else ""
    act = Act("send", f"sent '{MESSAGE_WORDS[message]}' to {sent.to}{also}", reversible=False)
    return Ruling(said.release, act, (message, *said.paths), told=said.left)


def withdraw_sent(release: Release, message: str, by: str, at: datetime, reason: str) -> Ruling:
    """Withdraw the last record of a message as sent, by a new entry with the reason. Raises BadInput.

    The items that say it are open again, unless an earlier record of the message still stands.
    """
    refuse_closed(release)
    _known(message)
    reason = reason_given(reason, "Withdrawing the record of a message")
    last = last_sent(release, message)
    if last is None:
        return Ruling(release, None, told=(f"'{MESSAGE_WORDS[message]}' is not recorded as sent.",))
    entry = Sent(
        id=f"M-{len(release.dossier.sent) + 1}", message=message, at=at.astimezone(UTC), by=by,
        to=last.to, text=reason, withdraws=last.id,
    )  # fmt: skip
    after = _with(release, entry, at)
    said = Said(after) if last_sent(after, message) else reopen_said(after, message, by, at)
    also = f", and reopened {', '.join(said.texts)}" if said.texts else ""
    words = f"withdrew that '{MESSAGE_WORDS[message]}' was sent{also}"
    act = Act("send", words, reason, reversible=False)
    return Ruling(said.release, act, (message, *said.paths))


def _known(message: str) -> None:
    if message not in MESSAGE_WORDS:
        raise BadInput(f"There is no message {quoted(message)}.{did_you_mean(message, MESSAGE_WORDS)}")


def _with(release: Release, sent: Sent, at: datetime) -> Release:
    dossier = replace(release.dossier, sent=(*release.dossier.sent, sent))
    return replace(release, dossier=dossier)


class Said(Struct, frozen=True):
    """The release with the items that say a message changed: paths, texts, and why others were left."""

    release: Release
    paths: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def tick_said(release: Release, message: str, by: str, at: datetime) -> Said:
    """Tick the open items that say `message`, as sent by `by` at `at` (UTC).

    What needs something first is left, in a sentence with the reason; what failed or is not applicable stays.
    """
    paths = [leaf.path for leaf in _saying(Outline(release), message) if leaf.state is State.OPEN]
    if not paths:
        return Said(release)
    marking = Marking(release, paths, by, at, NO_DETAILS)
    marking.tick_all("")
    nodes = marking.outline.nodes
    left = tuple(f"'{nodes[path].text}' stays open: it {why}." for path, why in marking.left.items())
    ticked = tuple(path for path in paths if path in marking.changed)
    texts = tuple(nodes[path].text for path in ticked)
    return Said(replace(release, marks=marking.marks), ticked, texts, left)


def reopen_said(release: Release, message: str, by: str, at: datetime) -> Said:
    """Reopen the ticked items that say `message`, after the record that it was sent was withdrawn."""
    paths = [leaf.path for leaf in _saying(Outline(release), message) if leaf.state is State.DONE]
    marking = Marking(release, paths, by, at, NO_DETAILS)
    for path in paths:
        marking.untick_leaf(path)
    reopened = tuple(path for path in paths if path in marking.changed)
    texts = tuple(marking.outline.nodes[path].text for path in reopened)
    return Said(replace(release, marks=marking.marks), reopened, texts)


def _saying(outline: Outline, message: str) -> list[Node]:
    return [leaf for leaf in outline.leaves() if leaf.message == message]
