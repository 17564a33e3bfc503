"""Acts in a thread of their own: a lock that somebody holds, or a slow disk, does not stop the screen.

Most acts take a few milliseconds, so whoever starts one waits for it a moment. What takes longer goes on
beside the screen, which says what it waits for; Esc gives it up as long as nothing is written. One thread
carries out one act after the other: two never meet.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from contextvars import copy_context
from queue import SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeVar

from relui.patience import GivenUp, Patience, under

Result = TypeVar("Result")

AT_ONCE = 0.05
"""Seconds that the screen stands still for an act at most: less than anybody sees."""
TELL_AFTER = 0.3
"""Seconds after which the screen says what it waits for."""
_LOOK = 0.1
_LEFT_ALONE = 0.2
"""Seconds in which an act notices that it was given up; then it is left to itself, and writes nothing."""


class Act(Generic[Result]):
    """One act under way, or carried out."""

    def __init__(self, do: Callable[[], Result]) -> None:
        self.patience = Patience()
        self._do = do
        self._context = copy_context()
        self._future: Future[Result] = Future()

    def carry_out(self) -> None:
        """Do it, in the thread for acts."""
        try:
            result = self._context.run(self._patiently)
        except BaseException as error:  # noqa: BLE001 - whoever waits for the act gets what it raised
            self._future.set_exception(error)
        else:
            self._future.set_result(result)

    def _patiently(self) -> Result:
        with under(self.patience):
            return self._do()

    @property
    def ended(self) -> bool:
        """It was carried out, or it failed."""
        return self._future.done()

    def wait(self, seconds: float) -> bool:
        """Stand still until it ended, for so many seconds at most; whether it has."""
        try:
            self._future.exception(seconds)
        except TimeoutError:
            return False
        return True

    def result(self) -> Result:
        """What it gave. Raises what it raised."""
        return self._future.result(0)

    async def until_ended(self, tell: Callable[[str], None]) -> Result:
        """Wait beside the screen, and `tell` what is waited for. Raises what the act raised, and GivenUp."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()

        def wake(_: Future[Result]) -> None:
            with suppress(RuntimeError):  # the app has ended meanwhile
                loop.call_soon_threadsafe(ended.set)

        self._future.add_done_callback(wake)
        clock = loop.time
        begun, told, left_at = clock(), "", 0.0
        while not self.ended:
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), _LOOK)
            if self.patience.given_up and not self.patience.writing:
                left_at = left_at or clock()
                if not self.ended and clock() - left_at > _LEFT_ALONE:
                    raise GivenUp("Given up. Nothing was written.")
            elif not self.ended and clock() - begun >= TELL_AFTER and (words := self._waiting()) != told:
                told = words
                tell(words)
        return self.result()

    def _waiting(self) -> str:
        if self.patience.writing:
            late = " It cannot be given up any more." if self.patience.given_up else ""
            return f"Waiting for the disk to write.{late}"
        if self.patience.waits_for:
            return f"Waiting: somebody else is writing {self.patience.waits_for}. Esc gives up."
        return "Waiting for the disk. Esc gives up."


class Acts:
    """Carries acts out, one after the other."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Act[Any]] = SimpleQueue()
        self._thread: Thread | None = None
        self._last: Act[Any] | None = None

    @property
    def under_way(self) -> Act[Any] | None:
        """The last act, while it goes on beside the screen."""
        return None if self._last is None or self._last.ended else self._last

    def start(self, do: Callable[[], Result]) -> Act[Result]:
        """Begin an act, and wait for it as long as nobody notices."""
        act = Act(do)
        stuck = self._last is not None and not self._last.ended and self._last.patience.given_up
        if self._thread is None or stuck:
            self._queue = SimpleQueue()
            self._thread = Thread(target=_carry_out, args=(self._queue,), name="acts", daemon=True)
            self._thread.start()
        self._last = act
        self._queue.put(act)
        act.wait(AT_ONCE)
        return act

    def give_up(self) -> bool:
        """Give up the act that is under way; False when there is none."""
        act = self.under_way
        if act is None:
            return False
        act.patience.give_up()
        return True


def _carry_out(queue: SimpleQueue[Act[Any]]) -> None:
    while True:
        queue.get().carry_out()
