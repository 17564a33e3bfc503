"""What the checklist's commands do with the item under the cursor: ask where needed, then call the desk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from inspect import isawaitable
from typing import TYPE_CHECKING

from relui.desk.act import Done
from relui.domain.checklist import State
from relui.domain.customising import remove_item
from relui.domain.deployment_times import early_leaves
from relui.domain.fields import missing_fields
from relui.domain.marking import Details, not_applicable, tick
from relui.domain.outline import Node, Outline
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.ui.kit.question import LinePrompt, careful, confirm, text_editor, values_form

if TYPE_CHECKING:
    from relui.ui.checklist.list import Checklist
    from relui.ui.kit.form import Form
    from relui.ui.one_release.screen import ReleaseScreen


class ItemActs:
    """Acts on the item under the cursor of `rows`; what they lead to shows on `screen`."""

    def __init__(self, screen: ReleaseScreen, rows: Checklist) -> None:
        self._screen = screen
        self._rows = rows

    @property
    def _node(self) -> Node:
        node = self._rows.selected
        assert node is not None  # commands on items are refused where there is none
        return node

    @property
    def _outline(self) -> Outline:
        assert self._rows.outline is not None
        return self._rows.outline

    @property
    def _release(self) -> Release:
        assert self._rows.release is not None
        return self._rows.release

    async def copy(self) -> None:
        """Copy something of the item or of its release."""
        from relui.ui.one_release.copying import copy_from_release

        await copy_from_release(self._screen, self._screen.release_id, self._rows.selected)

    def tick(self) -> Awaitable[None] | None:
        """Tick the item, or every open one below it; what the item asks for first is asked."""
        node = self._node
        if early := self._early(node):
            return self._tick_early(node, early)
        return self._tick(node)

    def _tick(self, node: Node, *, early: bool = False) -> Awaitable[None] | None:
        screen = self._screen
        waits = node.is_leaf and node.state is State.OPEN and missing_fields(node, node.mark.fields)
        if waits and not self._outline.unmet(node):
            return self._fill_and_tick(node, early=early)
        screen.act(
            lambda: screen.desk.items.tick(screen.release_id, [node.path], early=early),
            lambda done: self._tell_message(node, done),
        )
        return None

    def _early(self, node: Node) -> str:
        """Why nothing that is open here can have happened yet; empty where something can."""
        screen = self._screen
        found = early_leaves(self._release, self._outline, node, screen.now)
        open_ones = [leaf for leaf in node.leaves() if leaf.state is State.OPEN]
        if not found or len(found) < sum(1 for leaf in open_ones if not leaf.when_done):
            return ""
        return next(iter(found.values()))

    async def _tick_early(self, node: Node, why: str) -> None:
        """Ask before something is ticked that cannot have happened yet."""
        words = f"{node.text}: it {why}."
        if await confirm(self._screen, "Tick what is still to come?", words, yes="Tick it all the same"):
            form = self._tick(node, early=True)
            if form is not None:
                await form

    def _tell_message(self, node: Node, done: Done) -> None:
        """A tick does not say that the item's message was sent: tell the key that copies and records it."""
        from relui.domain.dossier.notices import last_sent

        screen = self._screen
        if node.item is None or not node.item.message or node.path not in done.ruling.changed:
            return
        if last_sent(done.release, node.item.message):
            return
        copy = screen.key_of("copy-here")
        screen.say(f"ticked {node.text}. {copy} copies the message, and records it as sent.", "muted")

    async def _fill_and_tick(self, node: Node, *, early: bool) -> None:
        """An item that needs values before it can be ticked: both are one act."""
        screen = self._screen
        done = await screen.act_on(
            self._values_form(f"Tick, filling in: {node.text}", node),
            lambda values: screen.desk.items.tick(
                screen.release_id, [node.path], Details(fields=values), early=early
            ),
        )
        if done is not None:
            self._tell_message(node, done)

    def _values_form(self, title: str, node: Node) -> Form:
        assert node.item is not None
        screen, fields = self._screen, node.item.fields
        draft = f"{screen.release_id}-fields-{node.path}"
        return values_form(screen, title, fields, node.mark.fields, draft=draft)

    def _refused(self, rule: Callable[[Release], Ruling]) -> bool:
        """Try a rule on the release as it shows: what it refuses is told before anything is asked."""
        screen = self._screen
        return screen.guarded(lambda: rule(self._release)) is None

    def _skip_hindered(self, node: Node) -> bool:
        screen = self._screen
        if node.is_leaf and node.state is State.DONE and not node.mark.bound:
            screen.say(
                f"{node.text} is done, by {node.mark.by}. {screen.key_of('reopen')} reopens it.", "overdue"
            )
            return True
        if node.state.resolved:
            screen.say(f"Already so: nothing of {node.text} is open.", "muted")
            return True
        name, now = screen.desk.actor.name, screen.now
        return self._refused(lambda release: not_applicable(release, [node.path], name, now, "asked before"))

    def reopen(self) -> Awaitable[None] | None:
        """Open the item again; of a phase or parent all that is resolved, after a question."""
        screen, node = self._screen, self._node
        marked = [leaf for leaf in node.leaves() if leaf.state is not State.OPEN and not leaf.mark.bound]
        if not node.is_leaf and marked:
            return self._reopen_all(node, marked)
        screen.act(lambda: screen.desk.items.untick(screen.release_id, [node.path]))
        return None

    async def _reopen_all(self, node: Node, marked: Sequence[Node]) -> None:
        screen = self._screen
        count = f"{len(marked)} items" if len(marked) > 1 else "1 item"
        named = [f"- {leaf.text}" for leaf in marked[:8]]
        more = [f"- and {len(marked) - 8} more"] if len(marked) > 8 else []
        words = "\n".join([*named, *more])
        if await confirm(screen, f"Reopen {count} of {node.text}?", words, yes=f"Reopen {count}"):
            screen.act(lambda: screen.desk.items.untick(screen.release_id, [node.path]))

    async def leave_out(self) -> None:
        """Ask for the reason, unless the item is optional, and leave it out."""
        screen, node = self._screen, self._node
        if self._skip_hindered(node):
            return
        needed = not all(leaf.optional for leaf in node.leaves() if not leaf.state.resolved)
        hint = (
            "Required: the reason stays in the record."
            if needed
            else "Optional: a reason is welcome, not needed."
        )
        await screen.act_on(
            LinePrompt(f"Not applicable: {node.text}", hint, required=needed),
            lambda reason: screen.desk.items.skip(screen.release_id, [node.path], reason),
        )

    async def fail(self) -> None:
        """Ask what went wrong, and mark the item as failed; of a phase, what is open of it."""
        screen, node = self._screen, self._node
        if not node.is_leaf and node.state.resolved:
            screen.say(f"Nothing of {node.text} is open. Put the cursor on the item that failed.", "muted")
            return
        await screen.act_on(
            LinePrompt(f"Failed: {node.text}", "What went wrong? It stays in the record.", required=True),
            lambda reason: screen.desk.items.fail(screen.release_id, [node.path], reason),
        )

    async def override(self) -> None:
        """Ask why, and tick although something is missing."""
        screen, node = self._screen, self._node
        if node.state.resolved:
            screen.say(f"Already so: nothing of {node.text} is open.", "muted")
            return
        name, now = screen.desk.actor.name, screen.now
        if self._refused(lambda release: tick(release, [node.path], name, now, override="asked before")):
            return
        hint = "Why may it be ticked before what it needs? It stays in the record."
        await screen.act_on(
            LinePrompt(f"Tick anyway: {node.text}", hint, required=True),
            lambda reason: screen.desk.items.tick(
                screen.release_id, [node.path], override=reason, early=True
            ),
        )

    def redo(self) -> None:
        """What one's own last undo took back."""
        screen = self._screen
        screen.act(lambda: screen.desk.releases.redo(screen.release_id))

    def _annotate(self, node: Node, record: Details) -> Done:
        screen = self._screen
        return screen.desk.items.annotate(screen.release_id, node.path, record)

    async def edit_note(self) -> None:
        """The note in a text field of its own."""
        screen, node = self._screen, self._node
        draft = f"{screen.release_id}-note-{node.path}"
        editor = text_editor(screen, f"Note: {node.text}", node.mark.note, draft=draft)
        await screen.act_on(editor, lambda text: self._annotate(node, Details(note=text)))

    async def note_in_editor(self) -> None:
        """The note in the person's own editor; where it cannot be saved it is offered again."""
        from relui.ui.kit.text_editor import edit_in_editor

        screen, node, opened = self._screen, self._node, self._screen.opened
        assert opened is not None
        draft = f"{screen.release_id}-note-{node.path}"
        before = screen.relui.draft(draft).get("text", node.mark.note)
        text = edit_in_editor(screen.app, before, node.text)
        if text == node.mark.note:
            return
        screen.relui.keep_draft(draft, {"text": text})
        done = await screen.outcome(
            lambda: careful(screen, opened, lambda: self._annotate(node, Details(note=text)))
        )
        done = await done if isawaitable(done) else done
        if done is not None:
            screen.relui.forget_draft(draft)
            screen.show_done(done)

    async def add_evidence(self) -> None:
        """A link or reference, or a file's content."""
        screen, node = self._screen, self._node
        hint = "A link or a reference; @FILE keeps that file's content with the record."

        def record(given: str) -> Done:
            reference = screen.desk.evidence.reference(given)
            return self._annotate(node, Details(evidence=(reference,)))

        await screen.act_on(LinePrompt(f"Evidence: {node.text}", hint, required=True), record)

    async def fill_fields(self) -> None:
        """The item's own fields; when it was only waiting for them, ticking is one more key."""
        screen, node = self._screen, self._node
        form = self._values_form(node.text, node)
        done = await screen.act_on(form, lambda values: self._annotate(node, Details(fields=values)))
        if done is not None and node.state is State.OPEN:
            screen.say(f"Recorded. Space ticks {node.text}.", "muted")

    async def add_item(self) -> None:
        """A new item below the cursor, of this release alone."""
        screen = self._screen
        node = self._rows.selected
        if node is None:
            return
        hint = "What is to be done, as it reads when it is done."
        done = await screen.act_on(
            LinePrompt(f"New item after: {node.text}", hint, required=True),
            lambda text: screen.desk.items.add(screen.release_id, node.path, text),
        )
        if done is not None and done.ruling.changed:
            self._rows.select(done.ruling.changed[0])

    def edit_step(self) -> Awaitable[None] | None:
        """Correct the item under the cursor, and record how it went in the rehearsal."""
        from relui.ui.checklist.runbook_step import edit

        screen, node = self._screen, self._node
        if node.item is None:
            screen.say(
                f"{node.text} is a phase. {screen.key_of('add-step')} adds a step to the runbook.", "muted"
            )
            return None
        return edit(screen, node)

    def add_step(self) -> Awaitable[None]:
        """A new step of the runbook."""
        from relui.ui.checklist.runbook_step import add

        return add(self._screen, self._rows, self._node)

    async def remove_item(self) -> None:
        """Ask for the reason, with Cancel as the default."""
        screen, node = self._screen, self._node
        now = screen.now
        if self._refused(lambda release: remove_item(release, node.path, "asked before", now)):
            return
        hint = "Why does this release not need it? The log keeps it."

        async def remove(reason: str) -> Done | None:
            if not await confirm(screen, "Remove this item?", node.text, yes="Remove it"):
                return None
            return await screen.outcome(
                lambda: screen.desk.items.remove(screen.release_id, node.path, reason)
            )

        prompt = LinePrompt(f"Remove: {node.text}", hint, required=not node.optional)
        await screen.act_on(prompt, remove)

    def move_item(self, by: int) -> None:
        """One place up or down among its siblings; the cursor goes with it."""
        screen, node = self._screen, self._node
        screen.act(
            lambda: screen.desk.items.move(screen.release_id, node.path, by),
            lambda _: self._rows.select(node.path),
        )

    async def take_over(self) -> None:
        """Offer what the template gained since, one after the other."""
        from relui.ui.kit.question import Choose

        screen = self._screen
        while True:
            found = screen.desk.items.gained(screen.release_id)
            if not found:
                screen.say("The template has nothing that this release has not.", "muted")
                return
            choices = [(gain.text[:40], gain.path) for gain in found]
            chosen = await screen.app.push_screen_wait(Choose("New in the template: take over", choices))
            if chosen is None:
                return
            path = found[chosen].path
            take = partial(screen.desk.items.take_over, screen.release_id, [path])
            screen.show_done(await screen.outcome(take))
            self._rows.select(path)
