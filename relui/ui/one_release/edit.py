"""Editing a release's own fields in one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relui.domain.editing import INSTANT_FIELDS, OWN_FIELDS, edit, field_text
from relui.domain.release import IMPACTS, RELEASE_TYPES
from relui.ui.kit.form import Entry, Form
from relui.ui.kit.question import careful, carry_out

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
