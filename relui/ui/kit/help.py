"""Help for a screen, generated from the same commands that make its keys, palette and key bar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from relui.domain.checklist import State
from relui.domain.learning.trouble import REMEDIES, Remedy, trouble_for
from relui.ui.kit.asker import AnyScreen
from relui.ui.kit.command import Command, key_label
from relui.ui.kit.lines import Pane
from relui.ui.kit.reading import Reading
from relui.ui.kit.text import MARKS, SIMULATED, WORDS, line, sign

_WITH_IDS = 118
"""Columns from which a line has room for the command's id too."""


class HelpScreen(Reading):
    """Every key of a screen, what the signs mean, and help in trouble; `/` searches in it."""

    AUTO_FOCUS = ""
    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape", "back", show=False),
        Binding("q,question_mark,f1,enter", "close", show=False),
        Binding("slash", "search", show=False),
    ]
    DEFAULT_CSS = """
    HelpScreen Pane { height: 1fr; }
    HelpScreen Input { display: none; }
    HelpScreen.-searching Input { display: block; }
    """

    def __init__(self, screen: AnyScreen) -> None:
        super().__init__()
        self._screen = screen

    def compose(self) -> ComposeResult:
        """The keys in a frame, and below them the line for a search."""
        with Vertical(classes="dialog wide") as box:
            box.border_title = "Help"
            box.border_subtitle = "/ searches, j k scroll, Esc closes"
            yield Pane()
            yield Input(placeholder="search: words; Esc shows all again", compact=True)

    def write(self) -> None:
        """The keys, the signs and what helps in trouble, or what is searched for."""
        pane = self.query_one(Pane)
        words = self.query_one(Input).value
        pane.show(help_lines(self._screen, pane.scrollable_content_region.width, words), top=bool(words))

    @on(Input.Changed)
    def _typed(self) -> None:
        self.write()

    def on_input_submitted(self) -> None:
        """Enter keeps what was found, and gives the keyboard back for scrolling."""
        self.set_focus(None)

    def action_search(self) -> None:
        """Open the line for a search."""
        self.add_class("-searching")
        field = self.query_one(Input)
        self.call_after_refresh(field.focus)

    def action_back(self) -> None:
        """Show all again, or close it."""
        if not self.has_class("-searching"):
            self.dismiss(None)
            return
        self.query_one(Input).value = ""
        self.remove_class("-searching")
        self.set_focus(None)


def help_lines(screen: AnyScreen, width: int, words: str = "") -> list[Content]:
    """All commands and troubles that have every one of `words`: keys, name, what each does, by section."""
    wanted = words.casefold().split()
    sections: dict[str, list[Content]] = {}
    for command in screen.all_commands():
        keys = " ".join(key_label(key) for key in screen.keys_of(command)[: 3 if width >= 100 else 1])
        said = f"{keys} {command.title} {command.tooltip} {command.id}".casefold()
        if all(word in said for word in wanted):
            entry = _entry(keys or "(palette)", command, width)
            sections.setdefault(command.section, []).extend(entry)
    lines: list[Content] = []
    for section, entries in sections.items():
        lines += [line((section, "bold text")), *entries, line("")]
    found = [each for each in REMEDIES if all(word in about(each) for word in wanted)]
    if wanted:
        lines += _in_trouble(screen, found, width) if found else []
        return lines or [line((f"Nothing here is called {words}.", "muted"))]
    signs = screen.legend() or _item_signs(screen.relui.settings.signs)
    lines += [*_in_trouble(screen, found, width), line("")]
    return [*lines, line(("Signs", "bold text")), *signs, *_keys(screen)]


def _in_trouble(screen: AnyScreen, found: Sequence[Remedy], width: int) -> list[Content]:
    """Symptoms with their likely cause and what to do [S1.35]."""
    where = f"  {screen.key_of('trouble')} shows what helps with what is under the cursor"
    return [
        line(("In trouble", "bold text"), (where, "muted")),
        line(""),
        *troubles(found, width, indent=" "),
    ]


def _item_signs(signs: str) -> list[Content]:
    """What the signs of items and of the log mean."""
    lines = [line("  ", (sign(state, signs), MARKS[state]), "  ", (WORDS[state], "text")) for state in State]
    words = "before a time in the log: written under a clock that was set by hand"
    return [*lines, line("  ", (SIMULATED, "muted"), "    ", (words, "text"))]


def _keys(screen: AnyScreen) -> Sequence[Content]:
    return (
        line(""),
        line(("Keys are yours to change", "bold text"), (f": {screen.relui.locations.keymap}", "muted")),
        line(("by the id of a command: in brackets here in a wide window, and in README", "muted")),
    )


def _entry(keys: str, command: Command, width: int) -> list[Content]:
    """Keys, name and words in three columns; words that do not fit are folded within theirs."""
    key_room, name_room = (13, 21) if width >= 100 else (8, 18)
    before = key_room + name_room + 1
    words = [(command.tooltip, "text")]
    if width >= _WITH_IDS:
        words.append((f" ({command.id})", "muted"))
    first, *rest = line(*words).wrap(max(width - before, 20))
    key, name = keys.ljust(key_room), command.title.ljust(name_room)
    head = line(" ", (key, "bold accent"), (name, "accent"))
    return [Content.assemble(head, first), *(Content.assemble(" " * before, more) for more in rest)]


class TroubleDialog(Reading):
    """What is met here is told in full; `a` shows the others too."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape,q,enter,r", "close", show=False),
        Binding("a", "all", show=False),
    ]
    DEFAULT_CSS = """
    TroubleDialog .dialog { width: 90; max-width: 94%; height: auto; }
    TroubleDialog Pane { height: auto; }
    """

    def __init__(self, situations: Sequence[str]) -> None:
        super().__init__()
        self._met = trouble_for(*situations)
        self._all = not self._met

    def compose(self) -> ComposeResult:
        """The words in a frame."""
        with Vertical(classes="dialog") as box:
            box.border_title = "In trouble"
            yield Pane()

    def write(self) -> None:
        """As high as there are lines, where there is room."""
        pane, box = self.query_one(Pane), self.query_one(".dialog")
        lines = self.lines(pane.scrollable_content_region.width)
        pane.styles.height = max(1, min(len(lines), self.size.height - 6))
        more = "" if self._all else "a shows all twelve, "
        scrolls = "j k scroll, " if len(lines) > self.size.height - 6 else ""
        box.border_subtitle = f"{more}{scrolls}Esc closes"
        pane.show(lines)

    def lines(self, width: int) -> list[Content]:
        """What shows, folded to a width."""
        if not self._all:
            return troubles(self._met, width)
        others = [each for each in REMEDIES if each not in self._met]
        if self._met:
            return [*troubles(self._met, width), line(""), line(("Other trouble", "muted")), line(""),
                    *troubles(others, width)]  # fmt: skip
        words = "Nothing here shows one of these. They are what releases meet most often."
        return [*line((words, "muted")).wrap(max(width, 20)), line(""), *troubles(REMEDIES, width)]

    def action_all(self) -> None:
        """Show the others too."""
        self._all = True
        self.write()


_STEP = 4
"""Columns before a step's words, on its further lines too."""


def hint_lines(situations: Sequence[str], key: str) -> list[Content]:
    """A blank line and one that asks for the symptom, names its cause and the key; nothing without help.

    It asks and does not say: that a criterion is not met may have another cause.
    """
    found = trouble_for(*situations)
    if not found:
        return []
    first, more = found[0], len(found) - 1
    tail = f"{key} tells what to do" + (f", and of {more} more" if more else "")
    cause = f"{first.cause[:1].lower()}{first.cause[1:].rstrip('.')}"
    return [
        line(""),
        line((f"{first.symptom}?", "text"), (f" Likely: {cause}. ", "muted"), (f"{tail}.", "accent")),
    ]


def remedy_lines(remedy: Remedy, width: int, *, indent: str = "") -> list[Content]:
    """Symptom, likely cause and steps, folded to a width with the steps' words below one another."""
    lines = [
        *_hanging("", (remedy.symptom, "bold accent"), width, indent),
        *_hanging("likely: ", (remedy.cause, "text"), width, indent),
    ]
    for number, step in enumerate(remedy.what_to_do, start=1):
        lines += _hanging(f"{number}.".rjust(_STEP - 1) + " ", (step, "text"), width, indent)
    return lines


def _hanging(head: str, words: tuple[str, str], width: int, indent: str) -> list[Content]:
    before = len(indent) + len(head)
    first, *rest = line(words).wrap(max(width - before, 20))
    blank = " " * before
    return [line(indent, (head, "muted"), first), *(line(blank, more) for more in rest)]


def troubles(remedies: Iterable[Remedy], width: int, *, indent: str = "") -> list[Content]:
    """Several remedies with a blank line between them."""
    lines: list[Content] = []
    for each in remedies:
        lines += [line("")] if lines else []
        lines += remedy_lines(each, width, indent=indent)
    return lines


def about(remedy: Remedy) -> str:
    """All its words, for a search."""
    return f"trouble {remedy.symptom} {remedy.cause} {' '.join(remedy.what_to_do)} {remedy.id}".casefold()
