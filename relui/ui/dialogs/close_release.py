"""Finishing a release: what is open, the outcome, and the reason for what stays open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relui.domain.closing import Missing, missing
from relui.domain.outline import Outline
from relui.domain.release import OUTCOMES, Outcome, Release
from relui.errors import Refused
from relui.ui.dialogs.ask import confirm
from relui.ui.dialogs.choose import Choose
from relui.ui.dialogs.form import Entry, Form

if TYPE_CHECKING:
    from relui.ui.screens.desk_screen import DeskScreen

_WORDS = {
    "successful": "everything that was planned is live",
    "partial": "some services or regions are live, others are not",
    "rolled-back": "the earlier version runs again",
    "cancelled": "it was withdrawn; needs a reason",
}
_FOR_ALL = "for all"


async def close_release(screen: DeskScreen, release_id: str) -> None:
    """Ask for the outcome, the retrospective, reasons for what is open or failed, and at last once more."""
    release = screen.desk.open(release_id).release
    open_now = missing(release, Outline(release))
    outcome = await _outcome(screen, release, open_now)
    if outcome is None:
        return
    if open_now.owed and outcome != "cancelled":
        raise Refused(
            f"{release.id} still owes {len(open_now.owed)} items of its full checklist, "
            "and no reason clears that. Tick each of them, or leave it out with a reason."
        )
    if (
        outcome != "cancelled"
        and not release.retrospective.written
        and not await _without(screen, release_id)
    ):
        return
    reasons = await _reasons(screen, release, open_now, outcome)
    if reasons is None:
        return
    typed = dict(reasons)
    reason = reasons.pop(_FOR_ALL, "")
    words = f"{release.service} {release.version} is closed as {outcome} and moves to the archive, read-only."
    if not await confirm(screen, f"Finish {release.id}?", words, yes="Finish it"):
        screen.relui.keep_draft(_draft(release_id), typed)
        return
    screen.desk.close(release_id, outcome=outcome, reason=reason, reasons=reasons)
    app = screen.relui
    app.board.update()
    app.go_home(archive=False)
    from relui.ui.screens.desk_screen import DeskScreen

    if isinstance(app.screen, DeskScreen):
        app.screen.beat(frozenset([release_id]))
        app.screen.say(f"{release_id} is closed as {outcome} and in the archive (6).", "done")


async def _outcome(screen: DeskScreen, release: Release, open_now: Missing) -> Outcome | None:
    words = dict(_WORDS)
    if open_now.failed:
        count = f"{len(open_now.failed)} required item{'' if len(open_now.failed) == 1 else 's'} failed"
        words["successful"] = f"{count}: asks why it is successful all the same"
    choices = [(name, words[name]) for name in OUTCOMES]
    chosen = await screen.app.push_screen_wait(Choose(f"Finish {release.id} as", choices))
    return None if chosen is None else OUTCOMES[chosen]


async def _without(screen: DeskScreen, release_id: str) -> bool:
    """Whether to close without a retrospective: afterwards nobody can write it any more."""
    from relui.ui.dialogs.retrospective import write_retrospective

    choices = [
        ("Write it", "first; then finish the release"),
        ("Close without it", "it cannot be written afterwards"),
    ]
    chosen = await screen.app.push_screen_wait(Choose("The retrospective is not written", choices))
    if chosen != 0:
        return chosen == 1
    await write_retrospective(screen, release_id)
    if screen.desk.open(release_id).release.retrospective.written:
        return True
    screen.say(f"{release_id} is not finished: its retrospective is not written.", "overdue")
    return False


async def _reasons(
    screen: DeskScreen, release: Release, open_now: Missing, outcome: Outcome
) -> dict[str, str] | None:
    """The reasons by path, and one for all of them; None when it was left. Asks until each has one."""
    failed = open_now.failed if outcome == "successful" else ()
    nodes = () if outcome == "cancelled" else (*open_now.required, *failed)
    if not nodes and outcome != "cancelled":
        return {}
    entries = [Entry(_FOR_ALL, "one reason for all" if nodes else "why it is withdrawn")]
    entries += [Entry(node.path, f"failed: {node.text}" if node in failed else node.text) for node in nodes]
    words = "These are required, and open or failed. One reason for all, or one for each." if nodes else ""
    values: dict[str, str] = {}
    title = f"Finish {release.id} as {outcome}"
    while True:
        form = Form(title, entries, words=words, draft=_draft(release.id))
        form.typed = values
        given: dict[str, str] | None = await screen.app.push_screen_wait(form)
        if given is None:
            return None
        values = {name: text for name, text in given.items() if text.strip()}
        if _FOR_ALL in values or (nodes and all(node.path in values for node in nodes)):
            return values
        words = "A word is needed: one reason for all, or one for each. Esc leaves things as they are."


def _draft(release_id: str) -> str:
    return f"{release_id}-close"
