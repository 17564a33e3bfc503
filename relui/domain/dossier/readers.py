"""Readers of typed text for the fields of a dossier's parts, each with the text that it reads back from.

A reader gets the text and the release's zone (wall-clock input is meant in it) and raises BadInput.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from relui.domain.dossier.parts import Case
from relui.domain.instants import format_duration, parse_duration, parse_instant, zone_named
from relui.domain.text import clean, did_you_mean, long_text, nearest, one_line, quoted
from relui.errors import BadInput

Reader = Callable[[str, str], Any]
"""(text, zone) -> the value that is kept."""

ID_LIMIT = 200
"""Characters that the id of a part may have."""
SUMMARY_LIMIT = 500
"""Characters that a summary may have: it is one line of a list."""
CASES_LIMIT = 10_000
"""Cases that one test run may have: they are kept in the release, which every tick writes anew."""
_RESULTS = ("passed", "failed", "blocked", "planned")
_YES = ("yes", "y", "true", "1", "on")
_NO = ("no", "n", "false", "0", "off", "")


def line(what: str, *, required: bool = False, limit: int = 0) -> Reader:
    """One cleaned line; `what` names it in errors."""

    def read(text: str, zone: str) -> str:
        value = one_line(text, what=what, required=required)
        if limit and len(value) > limit:
            raise BadInput(f"{what} has {len(value):,} characters; at most {limit} fit. Shorten it.")
        return value

    return read


def paragraphs(what: str) -> Reader:
    """A cleaned text of several lines."""
    return lambda text, zone: long_text(text, what=what)


def one_of(what: str, known: tuple[str, ...]) -> Reader:
    """One of the known words, in any case; blanks and underscores count as dashes."""

    def read(text: str, zone: str) -> str:
        value = "-".join(text.strip().lower().replace("_", " ").split())
        if value not in known:
            raise BadInput(f"{what}: {quoted(text)} is not one of the choices.{did_you_mean(value, known)}")
        return value

    return read


def build(what: str) -> Reader:
    """The number of a build, 0 for an empty text."""

    def read(text: str, zone: str) -> int:
        value = text.strip().lower().removeprefix("build").strip()
        if value and not (value.isascii() and value.isdigit() and 0 < int(value[:6]) < 100_000):
            raise BadInput(f"{what}: {quoted(text)} is no number of a build. Write 2.")
        return int(value) if value else 0

    return read


def yes_or_no(what: str) -> Reader:
    """True for yes, False for no or nothing."""

    def read(text: str, zone: str) -> bool:
        value = text.strip().lower()
        if value in _YES:
            return True
        if value in _NO:
            return False
        raise BadInput(f"{what}: {quoted(text)} is neither yes nor no.")

    return read


def day(what: str) -> Reader:
    """A calendar day written 2026-11-21, or None for an empty text."""

    def read(text: str, zone: str) -> date | None:
        value = text.strip()
        if not value:
            return None
        try:
            # fromisoformat alone would also take 20261121 and 2026-W47-6.
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise BadInput(f"{what}: {quoted(text)} is not a date. Write it as 2026-11-21.")

    return read


def instant(text: str, zone: str) -> datetime | None:
    """An instant in UTC, or None for an empty text."""
    return parse_instant(text, zone).at if text.strip() else None


def minutes(text: str, zone: str) -> int:
    """A duration in minutes; 0 for an empty text."""
    return 0 if text.strip() in ("", "0", "0m") else parse_duration(text)


def cases(text: str, zone: str) -> tuple[Case, ...]:
    """Test cases, one a line or separated by `;`: `passed login`, `failed pay -- times out`, `search`.

    A case without a result is planned. Raises BadInput for one that is named twice, or a mistyped result.
    """
    found: dict[str, Case] = {}
    for part in text.splitlines() if "\n" in text.strip() else text.split(";"):
        words = one_line(part, what="A test case")
        if not words:
            continue
        result, _, rest = words.partition(" ")
        if result.lower() not in _RESULTS or not rest.strip():
            _refuse_slip(result, rest, words)
            result, rest = "planned", words
        name, _, note = rest.partition(" -- ")
        made = case(name, result.lower(), note)
        if made.id in found:
            raise BadInput(f"The test case {quoted(made.id)} is named twice. Each has one result in a run.")
        found[made.id] = made
    if len(found) > CASES_LIMIT:
        raise BadInput(f"A test run holds at most {CASES_LIMIT:,} cases; these are {len(found):,}. Split it.")
    return tuple(found.values())


def _refuse_slip(word: str, rest: str, words: str) -> None:
    """Raises BadInput for a first word that is nearly a result: a case of that name would be planned."""
    meant = nearest(word, _RESULTS, cutoff=0.75) if rest.strip() else None
    if meant is not None:
        raise BadInput(
            f"{quoted(words)} begins with no result of a test case. Did you mean '{meant} {rest.strip()}'? "
            f"Results are {', '.join(_RESULTS)}; write 'planned {words}' for a case of that name."
        )


def case(name: str, result: str, note: str = "") -> Case:
    """A test case with a cleaned name. Raises BadInput for one without a name.

    What is too long keeps its beginning and its end, and a digest of the whole: two names stay two, and the
    same name is the same in every run.
    """
    flat = " ".join(clean(name).replace(";", ",").replace(" -- ", " - ").split())
    if not flat:
        raise BadInput("A test case has no identifier. Give each of them one.")
    shown = one_line(" ".join(clean(note).split())[:SUMMARY_LIMIT], what="The note of a test case")
    name = flat if len(flat) <= ID_LIMIT else f"{flat[:90].rstrip()} ... {told_apart(flat[-90:], flat)}"
    return Case(name, result, shown)  # type: ignore[arg-type]  # one of _RESULTS


def told_apart(name: str, whole: str) -> str:
    """A name with eight digits of a digest of what it stands for: `retries [1f0c9a2b]`."""
    from hashlib import sha256

    return f"{name[: ID_LIMIT - 11]} [{sha256(whole.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}]"


def shown(value: object, zone: str) -> str:
    """A value as a person would type it (instants in `zone`). Read back it gives the same value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        local = value.astimezone(zone_named(zone))
        text = local.replace(tzinfo=None).isoformat(timespec="minutes")
        return text if parse_instant(text, zone).at == value else local.isoformat()
    if isinstance(value, int):
        return format_duration(value) if value else ""
    if isinstance(value, tuple):
        if value and isinstance(value[0], Case):
            return "\n".join(_case_text(each) for each in value)
        return ", ".join(str(each) for each in value)
    return str(value)


def _case_text(each: Case) -> str:
    return f"{each.result} {each.id}" + (f" -- {each.note}" if each.note else "")
