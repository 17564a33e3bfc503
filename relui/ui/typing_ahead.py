"""Keys in turn: each does its work before the next one is looked at, so that nobody types ahead of a screen.

Textual hands a key to the widget that has the keyboard when the key arrives, and goes on. Over a slow line
several arrive at once: what was meant for the screen that the first one opens would act on the screen below.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from textual import events
from textual.app import App
from textual.message_pump import MessagePump

if TYPE_CHECKING:
    from textual.worker import Worker

_PATIENCE = 0.5
"""Seconds that a key waits for the one before; then it goes its way."""
_LOOK = 0.005


class KeysInTurn(App[None]):
    """An app that finishes a key, or a paste, before it begins the next."""

    opening: Worker[object] | None = None
    """What the last command does beside its screen; it may open another."""
    _turn = 0
    _busy = False

    async def on_event(self, event: events.Event) -> None:
        """Hold what is typed until all that was typed before is worked off, and has opened what it opens."""
        if not isinstance(event, (events.Key, events.Paste)) or event.is_forwarded:
            await super().on_event(event)
        elif self._busy:
            self._held.append(event)
        else:
            await self._begin(event)

    @property
    def _held(self) -> deque[events.Event]:
        held: deque[events.Event] = self.__dict__.setdefault("_typed_ahead", deque())
        return held

    async def _begin(self, event: events.Event) -> None:
        self._busy, self._turn, self.opening = True, self._turn + 1, None
        target = self.focused or self.screen
        way = [target, *target.ancestors]  # up which the key goes until somebody knows what to do with it
        try:
            await super().on_event(event)
        finally:  # also when a key leads to an error that is told
            asyncio.get_running_loop().call_later(_PATIENCE, self._let_go, self._turn)
            self._follow(way, self._turn)

    def _follow(self, way: Sequence[MessagePump], turn: int) -> None:
        """Behind the key in the queue of each that it passes; at the end it is worked off."""
        if not way:
            self._worked_off(turn)
        elif not way[0].call_later(self._follow, way[1:], turn):
            self._follow(way[1:], turn)

    def _worked_off(self, turn: int) -> None:
        if turn == self._turn and self._busy:
            if not self._held and self.opening is None:
                self._busy = False
            else:
                self._waiting = asyncio.create_task(self._until_open(turn))

    async def _until_open(self, turn: int) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while (work := self.opening) and not work.is_finished and self.screen is work.node:
                    await asyncio.sleep(_LOOK)
                await self.screen._mounted_event.wait()
        self._let_go(turn)

    def _let_go(self, turn: int) -> None:
        """The next one's turn, unless it began already."""
        if turn != self._turn or not self._busy:
            return
        self._turn += 1
        if self._held:
            self.call_later(self._begin, self._held.popleft())
        else:
            self._busy = False
