"""The open actions with their age, and what can be done with one of them [S0.9]."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from relui.domain.learning.actions import Action
from relui.ui.dialogs.ask import ask_line, confirm
from relui.ui.dialogs.choose import Choose

if TYPE_CHECKING:
    from relui.ui.screens.desk_screen import DeskScreen

_ACTS = [
    ("done", "it is done: its items on active releases are ticked with it"),
    ("drop", "it is not wanted any more; needs a reason"),
    ("owner", "somebody else owns it"),
    ("template", "make it a step of a template; the change is shown first"),
]


async def show_actions(screen: DeskScreen, first: str = "") -> None:
    """List them until Esc, the oldest first; each act is written at once. The cursor begins on `first`."""
    at = next((at for at, each in enumerate(screen.desk.actions()) if each.id == first), 0)
    while True:
        actions = screen.desk.actions()
        if not actions:
            screen.say("No action is open. What a retrospective changes next becomes one.", "muted")
            return
        choices = [(f"{action.id} {action.service}", _words(screen, action)) for action in actions]
        at = min(at, len(actions) - 1)
        title = f"Open actions: {len(actions)}"
        chosen = await screen.app.push_screen_wait(Choose(title, choices, at=at))
        if chosen is None:
            return
        at = chosen
        await _act_on(screen, actions[chosen])
        screen.reload()


def _words(screen: DeskScreen, action: Action) -> str:
    days = action.age_days(screen.now)
    age = "today" if not days else "1 day" if days == 1 else f"{days} days"
    return f"{age}, {action.owner}, {action.release}: {action.text}"


async def _act_on(screen: DeskScreen, action: Action) -> None:
    """Ask what to do with one action and do it; an error is shown and the list comes back."""
    chosen = await screen.app.push_screen_wait(Choose(f"{action.id}: {action.text}", _ACTS))
    if chosen is None:
        return
    name, desk = _ACTS[chosen][0], screen.desk
    if name == "template":
        await _into_template(screen, action)
        return
    if name == "done":
        done = screen.guarded(lambda: desk.finish_action(action.id))
    elif name == "drop":
        why = await ask_line(screen, f"Drop {action.id}", "Why is it not wanted any more?", required=True)
        done = screen.guarded(lambda: desk.drop_action(action.id, why)) if why else None
    else:
        who = await ask_line(
            screen, f"Owner of {action.id}", "Who owns it?", value=action.owner, required=True
        )
        done = screen.guarded(lambda: desk.reassign_action(action.id, who)) if who else None
    if done is not None:
        after = done.action
        state = f"owned by {after.owner}" if after.open else after.state
        screen.say(" ".join((f"{after.id} is {state}.", *done.told)), "done")


async def _into_template(screen: DeskScreen, action: Action) -> None:
    """Choose a template, show what changes in it, and write it only after a yes."""
    desk = screen.desk
    names = [entry.name for entry in desk.templates.names() if entry.kind != "pack"]
    chosen = await screen.app.push_screen_wait(
        Choose(f"{action.id} becomes a step of", [(name, "") for name in names])
    )
    if chosen is None:
        return
    change = screen.guarded(lambda: desk.template_change(action.id, names[chosen]))
    if change is None:
        return
    words = "\n".join((action.because, "", *change.diff))
    if not await confirm(screen, f"Change the template {names[chosen]}?", words, yes="Write it"):
        return
    own = Path(screen.relui.locations.own_templates)
    path = screen.guarded(lambda: desk.take_into_template(change, own))
    if path is not None:
        screen.say(f"{action.id} is a step of {names[chosen]} now: {path}.", "done")
