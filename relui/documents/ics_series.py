"""A recurring entry in ICS: an RFC 5545 series where that is exact, single events where it is not.

A series means the same for every program only while the wall clock and the elapsed time agree. A night on
which the clocks change is taken out of the series and written as an event of its own.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct

from relui.domain.calendar.entries import WEEKDAYS, Entry, Occurrence, Pattern, Rule, Weekly, Yearly
from relui.domain.calendar.occurrences import occurrences
from relui.domain.calendar.rrule_text import first_wall, read_rrule, walls_between
from relui.domain.calendar.wall import at_wall, changes_clocks, wall_of

_DAY = timedelta(days=1)
_DAYS = {"mon": "MO", "tue": "TU", "wed": "WE", "thu": "TH", "fri": "FR", "sat": "SA", "sun": "SU"}


class Series(Struct, frozen=True, kw_only=True):
    """One event that recurs: its first naive wall-clock start in the zone, the wall-clock length, the rule,
    and the starts that do not take place."""

    start: datetime
    length: timedelta
    rrule: str
    left_out: tuple[datetime, ...] = ()


class Told(Struct, frozen=True):
    """What an entry becomes: a series or none, and the occurrences that stand for themselves."""

    series: Series | None
    singles: tuple[Occurrence, ...]


def told(entry: Entry, zone: str, start: datetime, end: datetime) -> Told:
    """The entry between two instants (UTC); a series begins with the year before `start`.

    `zone` is the organisation's, for an entry without one. Raises BadInput for a rule that cannot be read.
    """
    zone = entry.zone or zone or "UTC"
    rule = _rrule(entry.when, zone)
    if not rule:
        return Told(None, tuple(occurrences(entry, start, end, zone)))
    found = occurrences(entry, _beginning(entry.when, zone, start), end, zone)
    regular = [one for one in found if _is_regular(one, entry.when, zone)]
    if len(regular) * 2 <= len(found):
        return Told(None, tuple(one for one in found if one.end > start))
    first = regular[0]
    singles = tuple(one for one in found if not _is_regular(one, entry.when, zone))
    left_out = {wall for one in singles for wall in _walls(one, zone)}
    if isinstance(entry.when, Rule):
        left_out |= set(entry.when.except_for)
        begins = first_wall(entry.when.rrule, entry.when.start, zone)
        assert begins is not None, "a rule that occurs has a first start"
    else:
        begins = wall_of(first.start, zone)
        if isinstance(entry.when, Weekly):
            left_out |= _skipped(entry.when, zone, begins.date(), end.date()) - {
                wall_of(one.start, zone) for one in regular
            }
    series = Series(
        start=begins,
        length=wall_of(first.end, zone) - wall_of(first.start, zone),
        rrule=rule,
        left_out=tuple(sorted(wall for wall in left_out if wall >= begins)),
    )
    return Told(series, singles)


def _rrule(when: Pattern, zone: str) -> str:
    """The exact rule of a pattern, or nothing where RFC 5545 has none."""
    if isinstance(when, Weekly):
        return f"FREQ=WEEKLY;BYDAY={','.join(_DAYS[day] for day in when.days)}"
    if isinstance(when, Yearly) and not _meets_leap_day(when):
        month, day = when.first
        return f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}"
    return _with_utc_until(when, zone) if isinstance(when, Rule) else ""


def _meets_leap_day(when: Yearly) -> bool:
    """The range is a day longer in leap years, or begins or ends on 29 February."""
    if (2, 29) in (when.first, when.last):
        return True
    year = 1 if when.last < when.first else 0
    first, last = date(2000, *when.first), date(2000 + year, *when.last)
    return first <= date(2000, 2, 29) <= last or bool(year and last >= date(2001, 3, 1))


def _with_utc_until(rule: Rule, zone: str) -> str:
    """The rule's text; an UNTIL in wall-clock time is told in UTC, as RFC 5545 asks beside a zone."""
    until = read_rrule(rule.rrule, zone).until
    parts = rule.rrule.strip().upper().removeprefix("RRULE:").rstrip(";").split(";")
    kept = [part for part in parts if not part.startswith("UNTIL=")]
    return ";".join([*kept, f"UNTIL={at_wall(until, zone):%Y%m%dT%H%M%SZ}"] if until else kept)


def _beginning(when: Pattern, zone: str, start: datetime) -> datetime:
    """Where a series is looked at from: a fixed day, so that exports of one year agree."""
    first = datetime(start.year - 1, 1, 1, tzinfo=UTC)
    if isinstance(when, Rule) and (begins := first_wall(when.rrule, when.start, zone)):
        return max(first, at_wall(begins, zone)) if not _counted(when, zone) else at_wall(begins, zone)
    return first


def _counted(rule: Rule, zone: str) -> bool:
    return read_rrule(rule.rrule, zone).count > 0


def _is_regular(one: Occurrence, when: Pattern, zone: str) -> bool:
    """It begins when the rule says, and the wall clock and the elapsed time agree on its length."""
    begins, ends = wall_of(one.start, zone), wall_of(one.end, zone)
    if at_wall(begins, zone) != one.start or ends - begins != one.end - one.start:
        return False
    if isinstance(when, Weekly):
        return begins.time() == when.start and ends.time() == when.end
    if isinstance(when, Rule):
        return begins in walls_between(when.rrule, when.start, zone, begins.date(), begins.date())
    return begins.time() == time() == ends.time()


def _skipped(when: Weekly, zone: str, first: date, last: date) -> set[datetime]:
    """The written starts around a change of the clocks, some of which no time is left for."""
    found = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {
        datetime.combine(day, when.start)
        for day in found
        if WEEKDAYS[day.weekday()] in when.days
        and (changes_clocks(day, zone) or changes_clocks(day + _DAY, zone))
    }


def _walls(one: Occurrence, zone: str) -> tuple[datetime, datetime]:
    """The wall-clock starts that a series could have for it: as it is, and as it is written where the hour
    does not exist."""
    before = wall_of(one.start - _DAY, zone) - (one.start - _DAY).replace(tzinfo=None)
    return wall_of(one.start, zone), one.start.replace(tzinfo=None) + before
