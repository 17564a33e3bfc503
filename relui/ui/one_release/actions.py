"""The open actions with their age, and what can be done with one of them [S0.9]."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content

from relui.domain.learning.actions import Action
from relui.domain.learning.carrying import carried_by
from relui.ui.kit.dialog import Dialog
from relui.ui.kit.lines import Bar, Pane, PickList
from relui.ui.kit.question import Choose, ask_line, confirm
from relui.ui.kit.text import line
from relui.ui.one_release.action_rows import action_detail, action_row, rooms_of

if TYPE_CHECKING:
    from relui.desk.learning import Acted
    from relui.ui.kit.asker import Asker

_ACTS = {
    "done": "it is done: its items on active releases are ticked with it",
    "drop": "it is not wanted any more; needs a reason",
    "owner": "somebody else owns it",
    "template": "make it a step of a template; the change is shown first",
    "reopen": "it was settled by mistake: it comes back on the next release",
}
Instant = Callable[[], datetime]
Chosen = tuple[str, str]
"""An act, or nothing for asking which, and the action's id."""


class _List(PickList[Action]):
    def __init__(self, actions: Sequence[Action], now: Instant) -> None:
        super().__init__()
        self.rows, self._now = list(actions), now
        self._rooms = rooms_of(actions)

    def content(self, index: int, width: int) -> Content:
        return action_row(self.rows[index], self._rooms, self._now(), width)


class ActionsDialog(Dialog[Chosen | None]):
    """The actions above, all about the one under the cursor below; a key says what happens to it."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape,q", "leave", show=False),
        Binding("enter", "choose('')", show=False),
        Binding("space", "choose('done')", show=False),
        Binding("minus", "choose('drop')", show=False),
        Binding("p", "choose('owner')", show=False),
        Binding("t", "choose('template')", show=False),
        Binding("o", "choose('reopen')", show=False),
        Binding("full_stop", "choose('all')", show=False),
    ]
    DEFAULT_CSS = """
    ActionsDialog Pane { border-top: solid $line; }
    ActionsDialog .hint { margin-top: 0; }
    """

    def __init__(
        self,
        actions: Sequence[Action],
        places: Mapping[str, str],
        title: str,
        *,
        at: int,
        zone: str,
        now: Instant,
    ) -> None:
        """`places` says by action on which release it stands; `now` tells the present instant."""
        super().__init__()
        self._actions, self._places, self._title = actions, places, title
        self._at, self._zone, self._now = at, zone, now

    def compose(self) -> ComposeResult:
        """The list, what is under the cursor, the keys."""
        with Vertical(classes="dialog wide") as box:
            box.border_title = self._title
            box.border_subtitle = "Enter asks what to do, Esc leaves"
            yield _List(self._actions, self._now)
            yield Pane()
            yield Bar()

    def on_mount(self) -> None:
        """As high as it has to be."""
        self.query_one(".dialog").styles.height = "auto"
        listed = self.query_one(_List)
        listed.cursor = self._at
        listed.focus()
        self.call_after_refresh(self._fit)

    def on_resize(self) -> None:
        """What is below takes its lines, the list the rest."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        room = self.size.height - 6
        below = min(8, max(4, room // 2))
        self.query_one(Pane).styles.height = below
        listed = self.query_one(_List)
        listed.styles.height = max(1, min(listed.count(), room - below - 1))
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        listed = self.query_one(_List)
        listed.keep_in_sight()
        action = listed.rows[listed.cursor]
        stands = self._places.get(action.id, "")
        self.query_one(Pane).show(action_detail(action, stands, self._now(), self._zone), top=True)
        keys = (
            [("Space", "done"), ("-", "drop"), ("p", "owner"), ("t", "template")]
            if action.open
            else [("o", "open again")]
        )
        pieces = [piece for key, word in (*keys, (".", "settled too / open only"))
                  for piece in ((key, "bold accent"), (f" {word}  ", "muted"))]  # fmt: skip
        self.query_one(Bar).show(line(*pieces))

    def beat(self) -> None:
        """What is overdue changes while somebody looks."""
        self.query_one(_List).refresh()

    def on_line_list_moved(self) -> None:
        """Another action is under the cursor."""
        self._show()

    def on_line_list_chosen(self) -> None:
        """A double click asks what to do."""
        self.action_choose("")

    def action_choose(self, act: str) -> None:
        """Answer with the act and the action."""
        listed = self.query_one(_List)
        self.dismiss((act, listed.rows[listed.cursor].id))

    def action_leave(self) -> None:
        """Leave things as they are."""
        self.dismiss(None)


async def show_actions(screen: Asker, first: str = "") -> None:
    """List them until Esc, the oldest first; each act is written at once. The cursor begins on `first`."""
    at, everything = 0, False
    while True:
        actions = screen.desk.learning.actions(everything=everything)
        if not actions:
            screen.say("No action is open. What a retrospective changes next becomes one.", "muted")
            return
        at = next(
            (place for place, each in enumerate(actions) if each.id == first), min(at, len(actions) - 1)
        )
        places = {name: one.id for one in screen.relui.board.releases for name in carried_by(one)}
        count = sum(each.open for each in actions)
        title = f"Actions: {count} open of {len(actions)}" if everything else f"Open actions: {count}"
        dialog = ActionsDialog(
            actions, places, title, at=at, zone=screen.relui.zone(), now=lambda: screen.now
        )
        chosen: Chosen | None = await screen.app.push_screen_wait(dialog)
        if chosen is None:
            return
        act, first = chosen
        at = next(place for place, each in enumerate(actions) if each.id == first)
        if act == "all":
            everything = not everything
            continue
        await _act_on(screen, actions[at], act)
        screen.reload()


async def _act_on(screen: Asker, action: Action, act: str) -> None:
    """Do something with one action, asked for when it was not said; an error is shown."""
    if not act:
        names = [name for name in _ACTS if (name == "reopen") is not action.open]
        choices = [(name, _ACTS[name]) for name in names]
        chosen = await screen.app.push_screen_wait(Choose(f"{action.id}: {action.text}", choices))
        if chosen is None:
            return
        act = names[chosen]
    if act == "template":
        await _into_template(screen, action)
        return
    done = await _settled(screen, action, act)
    if done is not None:
        after = done.action
        state = f"open, owned by {after.owner}" if after.open else after.state
        screen.say(" ".join((f"{after.id} is {state}.", *done.told)), "done")


async def _settled(screen: Asker, action: Action, act: str) -> Acted | None:
    """Ask what the act needs, and do it; None when it was not done."""
    desk, name = screen.desk, action.id
    if act == "drop":
        hint = "Why is it not wanted any more?"
        dropped: Acted | None = await ask_line(
            screen, f"Drop {name}", hint, partial(desk.learning.drop_action, name), required=True
        )
        return dropped
    if act == "owner":
        known = ", ".join(person.id for person in desk.organisation.read().people[:8])
        hint = f"Who owns it? {known}".strip()
        moved: Acted | None = await ask_line(
            screen,
            f"Owner of {name}",
            hint,
            partial(desk.learning.reassign_action, name),
            value=action.owner,
            required=True,
        )
        return moved
    do = partial(desk.learning.finish_action if act == "done" else desk.learning.reopen_action, name)
    done: Acted | None = await screen.tried(do)
    return done


async def _into_template(screen: Asker, action: Action) -> None:
    """Choose a template, show what changes in it, and write it only after a yes."""
    desk = screen.desk
    names = [entry.name for entry in desk.templates.names() if entry.kind != "pack"]
    chosen = await screen.app.push_screen_wait(
        Choose(f"{action.id} becomes a step of", [(name, "") for name in names])
    )
    if chosen is None:
        return
    change = screen.guarded(lambda: desk.learning.template_change(action.id, names[chosen]))
    if change is None:
        return
    words = "\n".join((action.because, "", *change.diff))
    if not await confirm(screen, f"Change the template {names[chosen]}?", words, yes="Write it"):
        return
    own = Path(screen.relui.locations.own_templates)
    path = await screen.tried(lambda: desk.learning.take_into_template(change, own))
    if path is not None:
        screen.say(f"{action.id} is a step of {names[chosen]} now: {path}.", "done")
