"""The demo's times: everything is told relative to the moment at which it is built."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from relui.domain.instants import from_wall, zone_named
from relui.errors import BadInput

_NOW = re.compile(r"now(?:([+-]\d+)([mh])(?:/(\d+)m)?)?")
_WALL = re.compile(r"(today|workday|D)([+-]\d+)?(?: (\d{2}:\d{2}))?")
_ELAPSED = re.compile(r"T(?:([+-]\d+)([mh]))?")


def minute(at: datetime) -> datetime:
    """The whole minute that an instant is in (UTC)."""
    return at.astimezone(UTC).replace(second=0, microsecond=0)


def workdays_from(day: date, count: int) -> date:
    """The day that many Mondays to Fridays after `day` (before it, when negative); 0 is `day` itself."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while day.weekday() > 4:
            day += step
    return day


class Moments:
    """Reads times such as `now-25m`, `today-2 03:25`, `T-75m` and `D-3 10:40` (data/releases.yaml), and
    days such as `today+4` (data/calendar.yaml).

    `now` is an aware instant; wall-clock times are in `zone`, an IANA name. `go_live` is what T and D
    count from.
    """

    def __init__(self, now: datetime, zone: str, go_live: datetime | None = None) -> None:
        self.now = minute(now)
        self.zone = zone
        self.go_live = go_live
        self.info = zone_named(zone)

    def since(self, go_live: datetime) -> Moments:
        """The same, with a go-live to count from."""
        return Moments(self.now, self.zone, go_live)

    def day_of(self, at: datetime) -> date:
        """The calendar day of an instant in the zone."""
        return at.astimezone(self.info).date()

    def wall(self, day: date, clock: time) -> datetime:
        """The instant (UTC) of a wall-clock time; in an hour that does not exist, the next that does."""
        return from_wall(datetime.combine(day, clock), self.zone).at

    def read(self, text: str) -> datetime:
        """The instant (UTC) that `text` means. Raises BadInput for anything else."""
        if found := _NOW.fullmatch(text):
            return self._from_now(found)
        if found := _ELAPSED.fullmatch(text):
            return self._start(text) + _elapsed(found[1], found[2])
        if (found := _WALL.fullmatch(text)) and found[3]:
            return self.wall(self._day(found, text), time.fromisoformat(found[3]))
        raise BadInput(f"The demo's data hold a time that cannot be read: '{text}'.")

    def is_day(self, text: str) -> bool:
        """The text means a whole day."""
        return (found := _WALL.fullmatch(text)) is not None and not found[3]

    def day(self, text: str) -> date:
        """The calendar day that `text` means. Raises BadInput for anything else."""
        if (found := _WALL.fullmatch(text)) and not found[3]:
            return self._day(found, text)
        raise BadInput(f"The demo's data hold a day that cannot be read: '{text}'.")

    def value(self, text: str) -> str:
        """A field's value: `D-2` as a date, `T-90m` as a time of the day; any other text as it is."""
        if self.go_live is not None:
            if (found := _WALL.fullmatch(text)) and found[1] == "D" and not found[3]:
                return self._day(found, text).isoformat()
            if _ELAPSED.fullmatch(text):
                return f"{self.read(text).astimezone(self.info):%H:%M}"
        return text

    def _from_now(self, found: re.Match[str]) -> datetime:
        at = self.now + _elapsed(found[1], found[2])
        return at - timedelta(minutes=at.minute % int(found[3])) if found[3] else at

    def _day(self, found: re.Match[str], text: str) -> date:
        start = self._start(text) if found[1] == "D" else self.now
        day = self.day_of(start) + timedelta(days=int(found[2] or 0))
        while found[1] == "workday" and day.weekday() > 3:
            day += timedelta(days=1)
        return day

    def _start(self, text: str) -> datetime:
        if self.go_live is None:
            raise BadInput(f"The demo's data hold a go-live that depends on itself: '{text}'.")
        return self.go_live


def _elapsed(amount: str | None, unit: str | None) -> timedelta:
    count = int(amount or 0)
    return timedelta(hours=count) if unit == "h" else timedelta(minutes=count)
