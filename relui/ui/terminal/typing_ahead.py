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
from textual.message_pump import MessagePump

from relui.ui.terminal.textual_private import HookedApp, is_mounted

if TYPE_CHECKING:
    from textual.worker import Worker

_LOOK = 0.005
"""Seconds between two looks whether the key before was worked off."""
_LOOKS = 100
"""Looks after which a key goes its way. Time in which the app was blocked, by a slow disk, counts as one."""


class KeysInTurn(HookedApp):
    """An app that finishes a key, or a paste, before it begins the next. A lone one costs nothing."""

    opening: Worker[object] | None = None
    """What the last command does beside its screen; it may open another."""
    _typed: events.Event | None = None
    """What is being worked off."""
    _way: Sequence[MessagePump] = ()
    """Whom it goes to, from the widget with the keyboard up to the app."""
    _handing: asyncio.Task[None] | None = None

    async def on_event(self, event: events.Event) -> None:
        """Hold what is typed until all that was typed before is worked off, and has opened what it opens."""
        if not isinstance(event, (events.Key, events.Paste)):
            await super().on_event(event)
        elif isinstance(event, events.Key) and event.key == "escape" and self.act_under_way():
            self._held.clear()  # typed for what would have followed the act
            self.give_up()
        elif event.is_forwarded:  # nobody below knew what to do with it
            await super().on_event(event)
            if event is self._typed:
                self._typed = None
        elif self._typed is None and self._handing is None and not self._opens():
            await self._begin(event)
        else:
            self._held.append(event)
            if self._handing is None:
                self._handing = asyncio.create_task(self._hand_over())

    def act_under_way(self) -> bool:
        """An act goes on beside the screen: what is typed waits for its end."""
        return False

    def give_up(self) -> bool:
        """Give up the act that goes on beside the screen; False when there is none."""
        return False

    @property
    def _held(self) -> deque[events.Event]:
        held: deque[events.Event] = self.__dict__.setdefault("_typed_ahead", deque())
        return held

    async def _begin(self, event: events.Event, begun: asyncio.Event | None = None) -> None:
        self._typed, self.opening = event, None
        target = self.focused or self.screen
        self._way = (target, *target.ancestors)
        try:
            await super().on_event(event)
        finally:  # also when it leads to an error that is told
            if isinstance(event, events.InputEvent) and not event.is_forwarded:
                self._typed = None
            if begun is not None:
                begun.set()

    async def _hand_over(self) -> None:
        """Begin what is held, one after the other."""
        while self._held:
            await self._worked_off()
            if not self._held:  # dropped meanwhile, with the act that they were typed behind
                break
            begun = asyncio.Event()
            if not self.call_later(self._begin, self._held.popleft(), begun):
                break
            await begun.wait()
        self._handing = None

    async def _worked_off(self) -> None:
        """Wait for the key before: until it passed everybody, and the screen that it opens is up."""
        passed = asyncio.Event()
        if self._typed is not None:
            _follow(self._way, passed)
        else:
            passed.set()
        looks = 0
        while looks < _LOOKS:
            looks += 0 if self.act_under_way() else 1
            if not passed.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(passed.wait(), _LOOK)
            elif self._opens() or not is_mounted(self.screen):
                await asyncio.sleep(_LOOK)
            else:
                return

    def _opens(self) -> bool:
        work = self.opening
        if self.act_under_way():
            return True
        return work is not None and not work.is_finished and self.screen is work.node


def _follow(way: Sequence[MessagePump], done: asyncio.Event) -> None:
    """Go behind a key in the queue of each that it passes; at the end it is worked off."""
    if not way:
        done.set()
    elif not way[0].call_later(_follow, way[1:], done):
        _follow(way[1:], done)
