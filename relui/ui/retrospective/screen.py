"""The retrospective of one release: three texts beside the release's own facts [S0.9]."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.timer import Timer
from textual.widgets import TextArea

from relui.domain.learning.trouble import of_part
from relui.domain.outline import Outline
from relui.domain.progress import standing
from relui.errors import ReluiError
from relui.ui.kit.command import Commands
from relui.ui.kit.lines import Bar, Pane
from relui.ui.kit.text import line
from relui.ui.one_release.rows import header
from relui.ui.one_release.screen import ReleaseScreen
from relui.ui.retrospective.answer import Answer, as_markdown, restore, typed_texts
from relui.ui.retrospective.commands import RETROSPECTIVE
from relui.ui.retrospective.facts import Before, FactsView, became, course, learned

PARTS = {
    "well": ("What went well", "What should be done the same way again?"),
    "hard": ("What was hard", "What took longer, failed, or had to be done twice?"),
    "next": ("What changes next release", "One step that the next release of this service takes."),
}
"""The three texts: name -> question, and what stands there while it is empty."""
DRAFT_AFTER = 1.0
"""Seconds after a key until what was typed is on disk as a draft: two are promised."""
_WIDE = 160


class RetrospectiveScreen(ReleaseScreen):
    """Read with single keys, write in a text at a time; the facts stand beside them."""

    commands: ClassVar[Commands] = RETROSPECTIVE
    beside = ("course", "learned")
    CSS_PATH = "style.tcss"

    def __init__(self, release_id: str, finishing: bool = False) -> None:
        """`finishing` says that whoever opened it goes on to finish the release when it is left."""
        super().__init__(release_id)
        self._finishing = finishing
        self._at = 0
        self._before: Before | None = None
        self._keeping: Timer | None = None
        self._kept: dict[str, dict[str, str]] = {}

    def parts(self) -> ComposeResult:
        """Title, the three texts, the facts."""
        yield Bar(id="title")
        with Container(id="body"):
            with Container(id="answers"):
                for name, (question, hint) in PARTS.items():
                    yield Answer(name, question, hint)
            with Container(id="facts", classes="framed") as facts:
                facts.border_title = "facts"
                yield Pane(id="course")
                yield Pane(id="learned")

    def on_mount(self) -> None:
        """Show what is written, and what was typed and not saved before."""
        self.reload()
        if self.opened is None:
            return
        self._offer_draft()
        self._choose(self._first_open())
        self.look_before()
        if why := self.why_unchangeable():
            self.say(why, "muted")
        elif self.opened.archived:
            self.say(f"{self.release_id} was closed without it: all three answers are added at once.")

    # -- what shows ----------------------------------------------------------------------------------

    @property
    def answers(self) -> list[Answer]:
        """The three texts."""
        return list(self.query(Answer))

    @property
    def current(self) -> Answer | None:
        """The text that is chosen, or nothing where the facts are."""
        return self.answers[self._at] if self._at < len(PARTS) else None

    @property
    def unsaved(self) -> list[Answer]:
        """The texts in which something was typed that is not saved."""
        return [answer for answer in self.answers if answer.unsaved]

    def why_archived(self) -> str:
        """Its three answers stay as they are, once all are written; until then they are owed."""
        if self.opened is not None and not self.opened.release.retrospective.written:
            return ""
        return f"{self.release_id} is archived: its retrospective stays as it is."

    def reload(self) -> None:
        """Read the release from disk; what is typed and not saved stays."""
        try:
            self.opened = self.desk.journal.open(self.release_id)
        except ReluiError as error:
            self.opened = None
            self.show_error(error)
            return
        written = self.opened.release.retrospective
        stored = {"well": written.well, "hard": written.hard, "next": written.next}
        clashing = [a.question for a in self.answers if not a.take(stored[str(a.id)])]
        if clashing:
            who = self.opened.entries[-1].name
            self.say(
                f"{who} wrote {', '.join(clashing)} meanwhile. Yours is still here, not saved.", "overdue"
            )
        self.show()

    def show(self) -> None:
        """The title and the facts."""
        if self.opened is None:
            return
        release, zone = self.opened.release, self.relui.zone()
        outline = Outline(release)
        head = header(release, standing(release, self.now, outline), self.now, zone, self.size.width)
        self.query_one("#title", Bar).show(head)
        view = FactsView(zone, self.now, self.relui.settings.signs)
        happened, more = course(release, outline, view), learned(release, self._before, view)
        together = self.has_class("-narrow") or self.has_class("-wide")
        self.query_one("#course", Pane).show([*happened, line(""), *more] if together else happened)
        self.query_one("#learned", Pane).show(more)

    def fit(self, width: int, height: int) -> None:
        """Side by side, the facts below or beside; in a narrow terminal stacked, the chosen one open."""
        super().fit(width, height)
        self.set_class(width >= _WIDE, "-wide")
        for answer in self.answers:
            answer.set_class(height >= 30, "-roomy")
        self.show()

    def bar_commands(self) -> Commands:
        """Of an archived release, none that would write."""
        commands = self.all_commands()
        return (
            tuple(c for c in commands if not c.refused(self))
            if self.archived or self.why_unchangeable()
            else commands
        )

    def _first_open(self) -> int:
        """The first text that is not written, else the first."""
        return next((at for at, answer in enumerate(self.answers) if not answer.text.strip()), 0)

    def _choose(self, at: int) -> None:
        self._at = at % (len(PARTS) + 1)
        for number, answer in enumerate(self.answers):
            answer.set_class(number == self._at, "-current")
        self.query_one("#facts").set_class(self._at == len(PARTS), "-current")
        self.query_one("#answers").set_class(self._at < len(PARTS), "-open")

    # -- reading and writing -------------------------------------------------------------------------

    @property
    def writing(self) -> Answer | None:
        """The text that has the keyboard, if one has."""
        return next((answer for answer in self.answers if answer.writing), None)

    def write(self) -> None:
        """Give the keyboard to the chosen text; from the facts, to the first that is not written."""
        if self._at == len(PARTS):
            self._choose(self._first_open())
        answer = self.current
        assert answer is not None
        answer.begin()
        self.say("Esc goes back to reading; ^S saves, ^E opens $EDITOR, Tab goes to the next text.", "muted")

    def read(self) -> None:
        """Take the keyboard from the text; what was typed stays, as a draft."""
        for answer in self.answers:
            answer.end()
        self.set_focus(None)
        self.keep()
        unsaved = [answer.question for answer in self.unsaved]
        self.say(f"Not saved yet: {', '.join(unsaved)}. ^S saves." if unsaved else "", "overdue")

    def go_part(self, by: int) -> None:
        """The text or the facts beside; while writing, the text beside."""
        writing = self.writing
        if writing is None:
            self._choose(self._at + by)
            return
        writing.end()
        self._choose((self._at + by) % len(PARTS))
        self.write()

    def move(self, by: int) -> None:
        """Scroll the chosen text, or the facts."""
        answer = self.current
        panes = (
            [answer.preview]
            if answer
            else [self.query_one("#course", Pane), self.query_one("#learned", Pane)]
        )
        for pane in panes:
            pane.scroll_relative(y=by, animate=False)

    def back(self) -> None:
        """Esc: from writing to reading, then to where one came from."""
        if self.writing is not None:
            self.read()
        else:
            self.leave()

    def leave(self) -> None:
        """`q`: what was typed and not saved stays as a draft, and is offered again."""
        self.keep()
        self.dismiss(None)

    def go_checklist(self) -> None:
        """To the checklist: the one below, if one came from there."""
        if self.relui.stands_below("checklist", self.release_id):
            self.leave()
        else:
            self.keep()
            self.relui.open_screen("checklist", self.release_id)

    @on(events.Click)
    def _clicked(self, event: events.Click) -> None:
        for number, answer in enumerate(self.answers):
            if answer.region.contains(event.screen_x, event.screen_y) and not answer.writing:
                if self.writing is not None:
                    self.read()
                self._choose(number)
                if event.chain == 2:
                    self.action_command("retrospective-write")

    # -- drafts --------------------------------------------------------------------------------------

    @property
    def draft_name(self) -> str:
        """Under which what is typed is kept."""
        return f"{self.release_id}-retrospective"

    @property
    def drafted(self) -> dict[str, dict[str, str]]:
        """What would be lost if the app ended now: draft name -> its texts, and what they began from."""
        texts = typed_texts(self.unsaved)
        return {self.draft_name: texts} if texts else {}

    @on(TextArea.Changed)
    def _typed(self) -> None:
        if self._keeping is None:
            self._keeping = self.set_timer(DRAFT_AFTER, self.keep)

    def keep(self) -> None:
        """Put what is typed and not saved on disk as a draft; without any, take the draft away."""
        if self._keeping is not None:
            self._keeping.stop()
            self._keeping = None
        drafted = self.drafted
        if drafted == self._kept or self.desk.read_only:
            return
        try:
            if drafted:
                self.relui.keep_draft(self.draft_name, drafted[self.draft_name])
            else:
                self.relui.forget_draft(self.draft_name)
        except ReluiError as error:
            self.show_error(error)
            return
        self._kept = drafted

    def _offer_draft(self) -> None:
        """Show what was typed and not saved before, in place of what is on disk."""
        kept = self.relui.draft(self.draft_name)
        if not kept or self.why_unchangeable():
            return
        restore(self.answers, kept)
        self._kept = {self.draft_name: kept}
        unsaved = [answer.question for answer in self.unsaved]
        if unsaved:
            words = f"Typed before and not saved: {', '.join(unsaved)}. ^S saves it, Del throws it away."
            self.say(words, "overdue")

    # -- acts ----------------------------------------------------------------------------------------

    async def save(self) -> None:
        """Write all that was typed; where somebody else wrote meanwhile, ask first."""
        self.reload()
        unsaved = self.unsaved
        if not unsaved:
            self.say("Nothing is typed that is not saved.", "muted")
            return
        if not await self._replacing(unsaved):
            return
        texts = {str(answer.id): answer.text for answer in unsaved}
        done = await self.outcome(lambda: self.desk.learning.write_retrospective(self.release_id, texts))
        for answer in unsaved:
            answer.stored = answer.began = texts[str(answer.id)]
        self.relui.board.put(done, shown_by=self)
        self.reload()
        for answer in unsaved:
            answer.forget()  # as it was kept: cleaned
        self.keep()
        told = " ".join((*done.ruling.told, *self._raised()))
        said = f"{done.ruling.act.text}." if done.ruling.act else "Nothing changed."
        self.say(f"{said} {told}".strip(), "done")

    def _raised(self) -> list[str]:
        """The open actions that this release's retrospective raised: they come back on the next release."""
        try:
            raised = [each for each in self.desk.learning.read().of_release(self.release_id) if each.open]
        except ReluiError:  # the retrospective is written all the same
            return []
        return [f"{each.id} of {each.owner} comes back until it is done: {each.text}." for each in raised]

    async def _replacing(self, unsaved: list[Answer]) -> bool:
        """Whether to go on; asked only where somebody else wrote since the writing began."""
        from relui.ui.kit.question import confirm

        clashing = [a for a in unsaved if a.began.strip() != a.stored.strip()]
        if not clashing:
            return True
        texts = "\n\n".join(f"{answer.question}:\n{answer.stored}" for answer in clashing)
        return await confirm(self, "Written by somebody else meanwhile", texts, yes="Replace it")

    async def throw_away(self) -> None:
        """Back to what is on disk."""
        from relui.ui.kit.question import confirm

        names = ", ".join([answer.question for answer in self.unsaved])
        words = f"What was typed and not saved is lost: {names}."
        if not await confirm(self, "Throw it away?", words, yes="Throw it away"):
            return
        for answer in self.answers:
            answer.forget()
        self.keep()
        self.say("As it was saved.", "muted")

    async def copy(self) -> None:
        """Copy its texts as they stand here, or something else of the release."""
        from relui.ui.one_release.copying import copy_from_release

        await copy_from_release(self, self.release_id, more={"retrospective": as_markdown(self.answers)})

    async def finish(self) -> None:
        """Save what is typed, and close the release."""
        from relui.ui.one_release.changing import close_release

        if self.unsaved:
            await self.save()
        if self.unsaved:
            return
        if self._finishing:
            self.leave()
        else:
            await close_release(self, self.release_id)

    def in_editor(self) -> None:
        """Go on in the person's own editor."""
        from relui.ui.kit.text_editor import edit_in_editor

        answer = self.current or self.answers[self._first_open()]
        answer.area.text = edit_in_editor(self.app, answer.text, f"{self.release_id} {answer.question}")
        answer.show()
        self.keep()

    # -- what happens elsewhere ----------------------------------------------------------------------

    def beat(self, changed: frozenset[str]) -> None:
        """Somebody wrote this release."""
        if self.release_id in changed:
            self.reload()
            self.show_keys()

    @work(thread=True, exclusive=True, group="before")
    def look_before(self) -> None:
        """Find the last retrospective of the service beside the screen: the archive may be large."""
        opened = self.opened
        if opened is None:
            return
        release = opened.release
        try:
            found, raised = self.desk.learning.learned_before(release)
            carried = self.desk.learning.actions_before(release.id)
        except ReluiError:  # the facts show without it
            return
        if found is not None or carried:
            before = became(release, Outline(release), found, raised, carried)
            self.app.call_from_thread(self._show_before, before)

    def troubles(self) -> tuple[str, ...]:
        """Defects that users found."""
        found = self.opened.release.dossier.defects if self.opened is not None else ()
        return tuple({situation for each in found for situation in of_part(each)})

    def _show_before(self, before: Before) -> None:
        self._before = before
        if self.is_attached and self.children:  # it may have been left while its worker read
            self.show()
