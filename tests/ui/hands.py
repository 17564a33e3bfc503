"""A release owner's hands: every key is pressed as a person would press it, and counted.

Keys that lead somewhere or do something count as keys; letters of what is typed into a field do not, they are
counted apart.
"""

from __future__ import annotations

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from relui.ui.kit.judged_form import Chooser, PartForm, Points
from tests.ui.records import record
from tests.ui.seen import settled


class Hands:
    """On the record's screen."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self.pilot = pilot
        self.keys = 0
        self.typed = 0

    async def press(self, *keys: str) -> None:
        """Press keys, and wait for what they do."""
        self.keys += len(keys)
        await self.pilot.press(*keys)
        await settled(self.pilot)

    async def type(self, text: str) -> None:
        """Type into the field with the keyboard."""
        self.typed += len(text)
        self.pilot.app.post_message(events.Paste(text))
        await self.pilot.pause()

    async def tab(self, letter: str) -> None:
        """To a tab of the record."""
        await self.press("5", letter)

    async def at(self, kind: str, name: str, *keys: str) -> None:
        """To a line by the shortest way: next unmet, next section, or line by line; then press keys."""
        rows = record(self.pilot.app).rows  # type: ignore[arg-type]
        places = [index for index, row in enumerate(rows.rows) if row.key == (kind, name)]
        assert places, f"no row {kind} {name} in:\n{rows.text}"
        for _ in range(3):  # a way may be longer than it looked: look again from there
            if rows.cursor == places[0]:
                break
            await self.press(*self._way(places[0]))
        assert rows.cursor == places[0], (rows.cursor, places[0], rows.text)
        if keys:
            await self.press(*keys)

    def _way(self, place: int) -> list[str]:
        """The fewest keys from the cursor to a line."""
        rows = record(self.pilot.app).rows  # type: ignore[arg-type]
        here = rows.cursor
        ways = [["j"] * (place - here) if place > here else ["k"] * (here - place)]
        ways += [["g", *["j"] * place], ["G", *["k"] * (rows.count() - 1 - place)]]
        heads = [index for index, row in enumerate(rows.rows) if row.is_heading]
        onward = [index for index in heads if index > here]
        for number, head in enumerate(onward, start=1):
            steps = ["j"] * (place - head) if place >= head else ["k"] * (head - place)
            ways.append(["right_square_bracket"] * number + steps)
        back = [index for index in reversed(heads) if index < here]
        for number, head in enumerate(back, start=1):
            steps = ["j"] * (place - head) if place >= head else ["k"] * (head - place)
            ways.append(["left_square_bracket"] * number + steps)
        return min(ways, key=len)

    async def fill(self, **values: str) -> None:
        """Fill lines of the form by their names, in their order, and save it; it must be gone then."""
        form = self.pilot.app.screen
        assert isinstance(form, PartForm)
        names = [field.name for field in form._fields]
        wanted = {name if name in names else name.replace("_", "-"): text for name, text in values.items()}
        assert set(wanted) <= set(names), (wanted, names)
        for name in sorted(wanted, key=names.index):
            widget = form.query_one(f"#value-{names.index(name)}")
            while not widget.has_focus:
                await self.press("tab")
            if isinstance(widget, (Input, TextArea)):
                await self.type(wanted[name])
            elif isinstance(widget, Points):
                await self.press("a")
            elif isinstance(widget, Chooser):
                for _ in widget.choices:
                    if widget.value == wanted[name]:
                        break
                    await self.press(wanted[name][0])
                assert widget.value == wanted[name]
        await self.press("ctrl+s")
        assert not isinstance(self.pilot.app.screen, PartForm), form.query_one(".wrong").render()
