"""A release as a whole: editing its own fields, and finishing it with an outcome and reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relui.domain.closing import Missing, missing
from relui.domain.editing import INSTANT_FIELDS, OWN_FIELDS, edit, field_text
from relui.domain.outline import Outline
from relui.domain.release import IMPACTS, OUTCOMES, RELEASE_TYPES, Outcome, Release
from relui.errors import BadInput, Refused
from relui.ui.kit.form import Entry, Form
from relui.ui.kit.question import Choose, careful, carry_out, confirm

if TYPE_CHECKING:
    from relui.desk.act import Done
    from relui.ui.kit.asker import Asker


_HINTS = {
    "go-live": "e.g. 2026-11-21T20:00",
    "duration": "e.g. 2h, 90m, 1h30m",
    "started": "when deploying really began",
    "completed": "when it was really done",
}


async def edit_release(screen: Asker, release_id: str) -> None:
    """Ask for all fields at once; only those that were changed are written."""
    opened = screen.desk.journal.open(release_id)
    release = opened.release
    before = {name: field_text(release, name) for name in OWN_FIELDS}
    choices: dict[str, tuple[str, ...]] = {"impact": IMPACTS}
    if not release.is_emergency:  # nothing becomes one, and one stays one
        choices["type"] = tuple(kind for kind in RELEASE_TYPES if kind != "emergency")
    entries = [
        Entry(
            name=name,
            label=f"{name} ({release.zone})" if name in INSTANT_FIELDS else name,
            value=" ".join(before[name].split("\n")),
            hint=_HINTS.get(name, ""),
            choices=choices.get(name, ()),
        )
        for name in OWN_FIELDS
    ]
    shown = {entry.name: entry.value for entry in entries}

    def check(name: str, text: str) -> None:
        if text != shown[name]:
            edit(release, {name: text}, screen.now)

    draft = f"{release.id}-edit"
    form = Form(f"Edit {release.id}", entries, check=check, draft=draft)

    def save(given: dict[str, str]) -> Any:
        changed = {name: text for name, text in given.items() if text != shown[name]}
        return careful(screen, opened, lambda: screen.desk.releases.edit(release_id, changed))

    done: Done | None = await carry_out(screen, form, save)
    if done is None:
        return
    screen.relui.board.update()
    screen.reload()
    told = " ".join(done.ruling.told)
    words = done.ruling.act.text if done.ruling.act else "Nothing changed."
    screen.say(f"{words}. {told}".strip(), "overdue" if told else "muted")


_WORDS = {
    "successful": "everything that was planned is live",
    "partial": "some services or regions are live, others are not",
    "rolled-back": "the earlier version runs again",
    "cancelled": "it was withdrawn; needs a reason",
}
_FOR_ALL = "for all"


async def close_release(screen: Asker, release_id: str) -> None:
    """Ask for the outcome, the retrospective, reasons for what is open or failed, and at last once more."""
    release = screen.desk.journal.open(release_id).release
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
    if not await _finished(screen, release, open_now, outcome):
        return
    app = screen.relui
    app.board.update()
    app.go_to("releases")
    from relui.ui.kit.screen import DeskScreen

    if isinstance(app.screen, DeskScreen):
        app.screen.beat(frozenset([release_id]))
        app.screen.say(f"{release_id} is closed as {outcome} and in the archive (6).", "done")


async def _outcome(screen: Asker, release: Release, open_now: Missing) -> Outcome | None:
    words = dict(_WORDS)
    if open_now.failed:
        count = f"{len(open_now.failed)} required item{'' if len(open_now.failed) == 1 else 's'} failed"
        words["successful"] = f"{count}: asks why it is successful all the same"
    choices = [(name, words[name]) for name in OUTCOMES]
    chosen = await screen.app.push_screen_wait(Choose(f"Finish {release.id} as", choices))
    return None if chosen is None else OUTCOMES[chosen]


async def _without(screen: Asker, release_id: str) -> bool:
    """Whether to close without a retrospective: afterwards nobody can write it any more."""
    choices = [
        ("Write it", "first; then finish the release"),
        ("Close without it", "it cannot be written afterwards"),
    ]
    chosen = await screen.app.push_screen_wait(Choose("The retrospective is not written", choices))
    if chosen != 0:
        return chosen == 1
    await screen.app.push_screen_wait(screen.relui.screen_of("retrospective", release_id, True))
    if screen.desk.journal.open(release_id).release.retrospective.written:
        return True
    screen.say(f"{release_id} is not finished: its retrospective is not written.", "overdue")
    return False


async def _finished(screen: Asker, release: Release, open_now: Missing, outcome: Outcome) -> bool:
    """Ask the reasons that are needed, and at last once more, and close. False leaves things as they are."""
    failed = open_now.failed if outcome == "successful" else ()
    nodes = () if outcome == "cancelled" else (*open_now.required, *failed)

    async def finish(given: dict[str, str]) -> Done | None:
        reasons = {name: text for name, text in given.items() if text.strip()}
        if given and not (_FOR_ALL in reasons or (nodes and all(node.path in reasons for node in nodes))):
            raise BadInput("A word is needed: one reason for all, or one for each.")
        words = (
            f"{release.service} {release.version} is closed as {outcome} and moves to the archive, read-only."
        )
        if not await confirm(screen, f"Finish {release.id}?", words, yes="Finish it"):
            return None
        reason = reasons.pop(_FOR_ALL, "")
        return screen.desk.releases.close(release.id, outcome=outcome, reason=reason, reasons=reasons)

    if not nodes and outcome != "cancelled":
        return await finish({}) is not None
    entries = [Entry(_FOR_ALL, "one reason for all" if nodes else "why it is withdrawn")]
    entries += [Entry(node.path, f"failed: {node.text}" if node in failed else node.text) for node in nodes]
    words = "These are required, and open or failed. One reason for all, or one for each." if nodes else ""
    form = Form(f"Finish {release.id} as {outcome}", entries, words=words, draft=f"{release.id}-close")
    return await carry_out(screen, form, finish) is not None
