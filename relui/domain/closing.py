"""Closing a release: what is missing, the reasons for what stays open, the outcome, the look back [S1.29].

Of an archived release everything stays as it was closed. What can still be added: its retrospective, once,
and defects found since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from msgspec import UNSET, Struct
from msgspec.structs import replace

from relui.domain.binding import settle
from relui.domain.booking_rules import withdrawn
from relui.domain.calendar.wall_clock import moment_words
from relui.domain.checklist import State
from relui.domain.deployment_times import actual_window
from relui.domain.log import Act
from relui.domain.outline import Node, Outline
from relui.domain.patches import Document, diff
from relui.domain.progress import SETTLED_BY_CLOSING, owed_leaves
from relui.domain.release import OUTCOMES, Closing, Outcome, Release
from relui.domain.ruling import Ruling, refuse_closed
from relui.domain.text import counted, did_you_mean, first_of, long_text, one_line, quoted
from relui.errors import BadInput, Refused


class Missing(Struct, frozen=True):
    """What stands between a release and its close: required leaves that are open (a reason passes
    them), optional ones and the retrospective (nothing is needed), an emergency's owed ones (nothing passes
    them), and required ones that failed (a reason passes them where the release is to count as
    successful)."""

    required: tuple[Node, ...]
    optional: tuple[Node, ...]
    owed: tuple[Node, ...]
    failed: tuple[Node, ...] = ()


def missing(release: Release, outline: Outline) -> Missing:
    """What is open or failed now; `closed` items tick themselves by closing."""
    required: list[Node] = []
    optional: list[Node] = []
    failed: list[Node] = []
    for leaf in outline.open_leaves():
        if leaf.phase.owed or leaf.when_done in SETTLED_BY_CLOSING:
            continue
        if leaf.state is not State.FAILED:
            later = leaf.when_done == "retrospective"  # it is owed afterwards, by a date
            (optional if leaf.optional or later else required).append(leaf)
        elif not leaf.optional:
            failed.append(leaf)
    return Missing(tuple(required), tuple(optional), tuple(owed_leaves(outline)), tuple(failed))


def close(
    release: Release,
    by: str,
    at: datetime,
    *,
    outcome: Outcome = "successful",
    reason: str = "",
    reasons: Mapping[str, str] | None = None,
) -> Ruling:
    """Close with an outcome; open required items need a reason each (`reasons`, by path) or one for all.

    Failed ones bear the reason of their failure, but none why the release is `successful` all the same:
    for that outcome they need one too, which is kept with those of the items that are left open. Raises
    Refused when a reason is missing; when an emergency still owes its full checklist, which no reason
    clears unless it is cancelled [S1.36]; when what has begun is cancelled, or what has not was rolled back.
    Raises BadInput for an unknown outcome or path, and for a cancellation without a reason. `told` says what
    the record lacks for ever.
    """
    refuse_closed(release)
    if outcome not in OUTCOMES:
        raise BadInput(f"{quoted(outcome)} is not an outcome: {', '.join(OUTCOMES)}.")
    reason = one_line(reason, what="The reason")
    if outcome == "cancelled" and not reason:
        raise BadInput("Cancelling a release needs a reason. Nothing was changed.")
    started = actual_window(release, Outline(release))[0]
    _refuse_contradiction(release, outcome, started)
    if outcome == "cancelled":  # before what is missing: an item bound to the booking opens with it
        release = settle(withdrawn(release, f"cancelled: {reason}"), at)
    outline = Outline(release)
    open_now = missing(release, outline)
    if open_now.owed and outcome != "cancelled":
        raise Refused(owed_words(release, open_now.owed))
    given = {outline[path].path: one_line(text, what="The reason") for path, text in (reasons or {}).items()}
    failed = open_now.failed if outcome == "successful" else ()
    _refuse_unexplained(open_now.required, failed, given if not reason else None)
    left_open = {node.path: given.get(node.path) or reason for node in (*open_now.required, *failed)}
    kept = (*open_now.optional, *open_now.failed)
    left_open |= {node.path: given[node.path] for node in kept if given.get(node.path)}
    closing = Closing(outcome=outcome, at=at.astimezone(UTC), by=by, reason=reason, left_open=left_open)
    closed = replace(release, closing=closing)
    told = () if closed.retrospective.written else _owed_later(closed)
    if outcome != "cancelled" and started is None and at < release.go_live:
        day = moment_words(release.go_live, release.zone)
        told = (
            f"No deployment of it has begun, and its go-live is only on {day}: closed as {outcome} it counts "
            "as no deployment.",
            *told,
        )
    act = Act("close", _words(closed, left_open), reason, reversible=False)
    return Ruling(closed, act, told=told)


def _owed_later(release: Release) -> tuple[str, ...]:
    """What is told of a retrospective that is not written: where the one that is asked for is added."""
    if release.closing is None or release.closing.outcome == "cancelled":
        return ()
    left = [leaf for leaf in Outline(release).bound if leaf.when_done == "retrospective"]
    if not any(leaf.state is State.OPEN for leaf in left):
        return ()
    return (f"The retrospective is not written, and is owed: relui retro {release.id}, or R on it.",)


def owed_words(release: Release, owed: Sequence[Node]) -> str:
    """What an emergency owes, which no reason clears; empty when nothing is [S1.36]."""
    if not owed:
        return ""
    return (
        f"{release.id} still owes {counted(len(owed), 'item')} of its full checklist, "
        f"and no reason clears that. Tick each of them, or set it to not applicable, with a "
        f"reason: {_names(owed)}."
    )


def _refuse_contradiction(release: Release, outcome: Outcome, started: datetime | None) -> None:
    """Raises Refused for a cancellation of what has begun, and a rollback of what has not."""
    if outcome == "cancelled" and started is not None:
        raise Refused(
            f"The deployment of {release.id} began on {moment_words(started, release.zone)}: it cannot be "
            "cancelled any more. Roll it back, or close it as what it came to. If it never began, take that "
            "back first: reopen what is ticked of the deployment, or withdraw its start."
        )
    if outcome == "rolled-back" and started is None:
        raise Refused(
            f"The deployment of {release.id} has not begun: nothing was rolled back. Cancel it with a "
            f"reason, or record when it began (relui start {release.id} --at INSTANT)."
        )


def _refuse_unexplained(
    required: tuple[Node, ...], failed: tuple[Node, ...], given: Mapping[str, str] | None
) -> None:
    """Raises Refused for items without a reason of their own. `given` is None when one stands for all."""
    if given is None:
        return
    open_ones = tuple(node for node in required if not given.get(node.path))
    failures = tuple(node for node in failed if not given.get(node.path))
    words = []
    if open_ones:
        verb = "item is open and needs" if len(open_ones) == 1 else "items are open and need"
        words.append(f"{len(open_ones)} required {verb} a reason: {_names(open_ones)}.")
    if failures:
        which = "item" if len(failures) == 1 else "items"
        words.append(
            f"{len(failures)} required {which} failed: {_names(failures)}. Choose another outcome, or say "
            "why the release is successful all the same."
        )
    if words:
        raise Refused(f"{' '.join(words)} Give one reason for all, or one for each.")


def _words(release: Release, reasons: Mapping[str, str]) -> str:
    """`closed as partial, 2 items left open, 1 failed`: those open with a reason, and all that failed."""
    assert release.closing is not None
    left = sum(1 for path in reasons if release.mark(path).state is State.OPEN)
    failed = sum(1 for leaf in Outline(release).leaves() if leaf.state is State.FAILED)
    words = [f"closed as {release.closing.outcome}"]
    words += [f"{counted(left, 'item')} left open"] if left else []
    words += [f"{failed} failed"] if failed else []
    return ", ".join(words)


def _names(nodes: Sequence[Node]) -> str:
    return first_of([f"'{node.text}' ({node.path})" for node in nodes], 6)


ADDABLE = (("retrospective",), ("dossier", "defects"))
"""Where an addition may write in the document of a release."""
ADDITIONS = ("add-retrospective", "add-escaped")
"""The verbs of additions in the log."""
ANSWERS = {"well": "What went well", "hard": "What was hard", "next": "What changes next release"}
"""The three answers of a retrospective [S0.9]."""


def refuse_beyond(before: Document, after: Document) -> None:
    """Raises Refused for a change of an archived release that is no addition."""
    for patch in diff(before, after):
        inside = any(patch.path[: len(place)] == place for place in ADDABLE)
        new = patch.path == ("dossier",) and patch.before is UNSET and list(patch.after or ()) == ["defects"]
        if not inside and not new:
            raise Refused(
                f"{before['id']} is archived: '{'.'.join(patch.path)}' cannot change any more. Its "
                "retrospective and defects found since can be added."
            )


def add_retrospective(release: Release, given: Mapping[str, str], at: datetime) -> Ruling:
    """Write the retrospective of a release that was closed without it, once and whole.

    What was answered before it was closed stays. Raises Refused when it is written already, BadInput for a
    part that there is not, an answer that is missing, or one that was given before.
    """
    closing = release.closing
    assert closing is not None
    checked = answers(given)
    now = release.retrospective
    if now.written:
        if all(getattr(now, name) == text for name, text in checked.items()):
            return Ruling(release, None)
        raise Refused(
            f"{release.id} is archived, and its retrospective is written: it stays as it is. Note what you "
            f"learned on the next release of {release.service}."
        )
    for name, text in checked.items():
        before = getattr(now, name)
        if before.strip() and text != before:
            raise BadInput(
                f"'{ANSWERS[name]}' was answered before {release.id} was closed, and stays as it is."
            )
    written = replace(now, **checked)
    missing = [ANSWERS[name] for name in ANSWERS if not getattr(written, name).strip()]
    if missing:
        raise BadInput(
            f"{release.id} is archived: its retrospective is added once and whole. Still to be answered: "
            f"{', '.join(missing)}. Nothing was changed."
        )
    when = moment_words(closing.at, release.zone)
    words = f"added the retrospective to the release closed on {when}"
    act = Act("add-retrospective", words, reversible=False)
    return Ruling(replace(release, retrospective=written), act, tuple(checked))


def answers(given: Mapping[str, str]) -> dict[str, str]:
    """The answers, cleaned. Raises BadInput for a part that there is not."""
    for name in given:
        if name not in ANSWERS:
            raise BadInput(f"A retrospective has no part {quoted(name)}.{did_you_mean(name, ANSWERS)}")
    return {name: long_text(text, what=ANSWERS[name]) for name, text in given.items()}


def add_escaped(release: Release, given: Mapping[str, str], at: datetime, by: str) -> Ruling:
    """Add a defect that was found after the release was closed: it counts as escaped [S1.34].

    Raises Refused for a cancelled release, BadInput as `add_part` does, and for a defect that was found
    before the deployment.
    """
    from relui.domain.dossier.editing import add_part

    assert release.closing is not None
    if release.closing.outcome == "cancelled":
        raise Refused(f"{release.id} was cancelled: nothing of it was deployed that could have a defect.")
    found = given.get("found", "").strip()
    if found not in ("", "post-deploy"):
        raise BadInput(
            f"{release.id} is archived: what is added to it was found after the deployment (post-deploy), "
            f"not in {quoted(found)}."
        )
    opened = replace(release, closing=None)
    ruling = add_part(opened, "defect", {**given, "found": "post-deploy"}, at, by)
    if ruling.act is None:
        return replace(ruling, release=release)
    dossier = replace(release.dossier, defects=ruling.release.dossier.defects)
    act = Act("add-escaped", f"{ruling.act.text}, found after it was closed", reversible=False)
    return Ruling(replace(release, dossier=dossier), act, ruling.changed)


def write_retrospective(release: Release, given: Mapping[str, str], at: datetime) -> Ruling:
    """Write one or more of the retrospective's three answers: well, hard, next [S0.9].

    On a closed release it is an addition (`add_retrospective`). Raises BadInput for a part that there is not.
    """
    if release.closing is not None:
        return add_retrospective(release, given, at)
    texts = answers(given)
    retrospective = replace(release.retrospective, **texts)
    if retrospective == release.retrospective:
        return Ruling(release, None)
    edited = replace(release, retrospective=retrospective)
    changed = tuple(name for name in texts if texts[name] != getattr(release.retrospective, name))
    act = Act("retrospective", f"wrote the retrospective ({', '.join(changed)})")
    return Ruling(edited, act, changed)
