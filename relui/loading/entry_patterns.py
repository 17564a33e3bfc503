"""A calendar entry's keys -> its pattern of days and hours, with every problem at the key that has it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeVar

from relui.domain.calendar.entries import (
    WEEKDAYS,
    Days,
    Monthly,
    Pattern,
    Rule,
    Span,
    Weekday,
    Weekly,
    Yearly,
)
from relui.domain.text import quoted
from relui.errors import BadInput
from relui.loading.written_times import day_named, has_weekday, is_day, wall_named, weekly_named

if TYPE_CHECKING:
    from relui.loading.organisation_forms import EntryForm

_MONTH_DAY = re.compile(r"(\d{1,2})-(\d{1,2})", re.ASCII)
_WEEK_MINUTES = 7 * 24 * 60
_SOME_DAY = date(2000, 1, 1)
_INDEX: dict[str, int] = {day: number for number, day in enumerate(WEEKDAYS)}
_LASTING = ("monthly", "yearly", "once")
"""Kinds that have no `duration`."""
_REPEATING = ("weekly", "monthly", "yearly", "rrule")
T = TypeVar("T")
Said = dict[str, str]
"""Key -> what is wrong with it and the way out."""


class UnfitPattern(BadInput):
    """An entry whose keys make no pattern; `said` is what is wrong at which key."""

    def __init__(self, said: Said) -> None:
        super().__init__(" ".join(said.values()))
        self.said = said


def pattern_of(form: EntryForm) -> Pattern:
    """When an entry takes place. Raises UnfitPattern with what is wrong at which key."""
    given = [key for key in _REPEATING if getattr(form, key) is not None]
    if len(given) > 1:
        words = f"`{given[1]}` and `{given[0]}` cannot stand in one entry. Make two entries of it."
        raise UnfitPattern({given[1]: words})
    kind = given[0] if given else "weekly" if has_weekday(form.start or "") else "once"
    if misplaced := dict(_misplaced(form, kind)):
        raise UnfitPattern(misplaced)
    if kind == "weekly":
        return _weekly(form)
    if form.monthly is not None:
        return Monthly(form.monthly.first, form.monthly.last)
    if form.yearly is not None:
        return _yearly(form.yearly.first, form.yearly.last)
    return _rule(form) if form.rrule is not None else _once(form)


def _misplaced(form: EntryForm, kind: str) -> Iterator[tuple[str, str]]:
    """Keys that this kind of pattern needs and that are missing, or that it cannot have."""
    last = "to" if form.duration is None else "duration"
    needed = {"weekly": ("from", last), "rrule": ("from", "duration"), "once": ("from", "to")}.get(kind, ())
    values = {
        "from": form.start,
        "to": form.end,
        "duration": form.duration,
        "except": form.except_for or None,
    }
    if kind == "once" and all(value is None for value in values.values()):
        yield "", "nothing says when. Add `weekly`, `monthly`, `yearly` or `rrule`, or `from` and `to`."
        return
    for key, value in values.items():
        if value is None and key in needed:
            yield key, f"`{key}` is missing. {_MISSING[kind, key]}"
        elif value is not None and key not in needed and not (kind == "rrule" and key == "except"):
            yield key, f"`{key}` does not fit here. {_MISPLACED[key, kind]}"


_HOURS = "For hours, write an `rrule` with `from` and `duration`."
_MISSING = {
    ("weekly", "from"): 'Say when it starts: from: "18:00".',
    ("weekly", "to"): 'Say when it ends: to: "06:00", or to: "mon 07:00".',
    ("rrule", "from"): "Say when it starts for the first time: from: 2026-11-21T20:00.",
    ("rrule", "duration"): "Say how long each lasts: duration: 2h.",
    ("once", "from"): "Say when it starts: from: 2026-11-21.",
    ("once", "to"): "Say when it ends: to: 2026-11-22.",
}
_MISPLACED = {
    **{("from", k): f"Whole days are meant: put `from` and `to` inside `{k}`. {_HOURS}" for k in _REPEATING},
    **{("to", k): f"Whole days are meant: put `from` and `to` inside `{k}`. {_HOURS}" for k in _LASTING},
    ("to", "rrule"): "An `rrule` has a `duration` instead.",
    ("to", "weekly"): "There is a `duration` already. Keep one of them.",
    **{("duration", k): "Elsewhere than beside `weekly` and `rrule`, `to` says the end." for k in _LASTING},
    **{("except", k): "It belongs to `rrule`: starts that do not take place." for k in (*_REPEATING, "once")},
}


def _weekly(form: EntryForm) -> Weekly:
    said: Said = {}
    first = _read(form.start, weekly_named, "from", said)
    last = None if form.duration else _read(form.end, weekly_named, "to", said)
    days = _days(form, first[0] if first else "", said)
    if said or first is None:
        raise UnfitPattern(said)
    start = first[1]
    if form.duration:
        if form.duration > _WEEK_MINUTES:
            raise UnfitPattern({"duration": "it is longer than a week. Write a shorter one, or an `rrule`."})
        ends = datetime.combine(_SOME_DAY, start) + timedelta(minutes=form.duration)
        return _made(days, start, ends.time(), (ends.date() - _SOME_DAY).days)
    assert last is not None, "a text that could not be read was said"
    midnight = (form.end or "").strip().endswith("24:00")
    if last[0]:
        return _to_weekday(days, start, last[0], last[1], midnight=midnight)
    if start == last[1] and not (midnight and start == time()):
        words = (
            "it ends when it starts: no time is left. For a whole day write "
            'from: "00:00", to: "24:00"; for 24 hours from another time duration: 24h.'
        )
        raise UnfitPattern({"to": words})
    return Weekly(days, start, last[1])


def _days(form: EntryForm, named: str, said: Said) -> tuple[Weekday, ...]:
    """The weekdays on which it starts: those of `weekly`, or the one that stands in `from`."""
    days: tuple[Weekday, ...] = tuple(dict.fromkeys(form.weekly or ()))
    own = tuple(day for day in WEEKDAYS if day == named)
    if days and own and days != own:
        said["from"] = f"it names {named}, and `weekly` says {', '.join(days)}. Leave the weekday out here."
    return days or own


def _to_weekday(days: tuple[Weekday, ...], start: time, day: str, end: time, *, midnight: bool) -> Weekly:
    """A window that ends on a named weekday, such as Monday 07:00; midnight as 24:00 is that day's end."""
    if len(days) != 1:
        words = f"an end on {day} fits one day of `weekly`. Make an entry for each, or write a `duration`."
        raise UnfitPattern({"to": words})
    later = (_INDEX[day] - _INDEX[days[0]]) % 7 + midnight
    if not later and end == start:
        words = "it ends when it starts. For a whole week write duration: 168h."
        raise UnfitPattern({"to": words})
    return _made(days, start, end, later if later or end > start else 7)


def _made(days: tuple[Weekday, ...], start: time, end: time, later: int) -> Weekly:
    """The pattern; the day after needs no telling where the end is not after the start."""
    return Weekly(days, start, end, 0 if later == int(end <= start) else later)


def _yearly(first: str, last: str) -> Yearly:
    said: Said = {}
    days = [_read(text, _month_day, f"yearly.{key}", said) for key, text in (("from", first), ("to", last))]
    if said or days[0] is None or days[1] is None:
        raise UnfitPattern(said)
    return Yearly(days[0], days[1])


def _month_day(text: str) -> tuple[int, int]:
    found = _MONTH_DAY.fullmatch(text.strip())
    if found is None:
        raise BadInput(f"{quoted(text)} is not a day of the year. Write month and day: 12-15.")
    month, day = int(found[1]), int(found[2])
    try:
        date(2000, month, day)  # a leap year: 29 February is a day of the year
    except ValueError as error:
        raise BadInput(
            f"{quoted(text)} is not a day of the year: {error}. Write month and day: 12-15."
        ) from None
    return month, day


def _rule(form: EntryForm) -> Rule:
    said: Said = {}
    start = _read(form.start, wall_named, "from", said)
    left_out = [_read(text, wall_named, "except", said) for text in form.except_for]
    if said or start is None or form.rrule is None or form.duration is None:
        raise UnfitPattern(said)
    return Rule(form.rrule, start, form.duration, tuple(at for at in left_out if at is not None))


def _once(form: EntryForm) -> Days | Span:
    start, end = (form.start or "").strip(), (form.end or "").strip()
    said: Said = {}
    if is_day(start) and is_day(end):
        first, last = _read(start, day_named, "from", said), _read(end, day_named, "to", said)
        if first and last and last < first:
            said["to"] = f"it ends on {last}, before it starts on {first}. Exchange them, or correct one."
        if said or first is None or last is None:
            raise UnfitPattern(said)
        return Days(first, last)
    if is_day(start) or is_day(end):
        whole, other = ("from", "to") if is_day(start) else ("to", "from")
        texts = {"from": start, "to": end}
        _read(texts[whole], day_named, whole, said)
        _read(texts[other], wall_named, other, said)
        words = (
            f"`{whole}` is a whole day and `{other}` a time. Write both as days, or both as 2026-11-21T20:00."
        )
        raise UnfitPattern(said or {other: words})
    begins, ends = _read(start, wall_named, "from", said), _read(end, wall_named, "to", said)
    if begins and ends and ends <= begins:
        said["to"] = (
            "it ends when it starts: no time is left. Write a later end."
            if ends == begins
            else f"it ends at {ends:%Y-%m-%dT%H:%M}, before it starts at {begins:%Y-%m-%dT%H:%M}. "
            "Exchange them, or correct one."
        )
    if said or begins is None or ends is None:
        raise UnfitPattern(said)
    return Span(begins, ends)


def _read(text: str | None, reader: Callable[[str], T], key: str, said: Said) -> T | None:
    """What `reader` makes of a key's text, or None and the error's words in `said`."""
    try:
        return reader(text or "")
    except BadInput as error:
        said.setdefault(key, error.message)
        return None
