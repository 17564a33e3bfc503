"""Test results from a JUnit XML report: read piece by piece, without entities, bounded in size."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct

from relui.domain.dossier.parts import Case
from relui.domain.dossier.readers import CASES_LIMIT, case
from relui.domain.instants import from_wall, parse_instant
from relui.domain.text import clean, quoted
from relui.errors import BadInput
from relui.loading.source_file import opened

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SIZE_LIMIT = 64 * 1024 * 1024
"""Bytes that a report may have."""
DEPTH_LIMIT = 100
"""Elements that may stand in one another; suites in suites use three or four."""
ELEMENTS_LIMIT = 2_000_000
"""Elements that a report may have."""

_ROOTS = ("testsuites", "testsuite")
_BAD = ("failure", "error")
_FLAKY = ("flakyFailure", "flakyError")
_KEPT = (*_BAD, *_FLAKY, "skipped", "rerunFailure", "rerunError")
_WORSE = {"passed": 0, "blocked": 1, "failed": 2}


class Results(Struct, frozen=True):
    """The cases of a report, when it began and ended (UTC, where it says so), and what people are told."""

    cases: tuple[Case, ...]
    started: datetime | None = None
    ended: datetime | None = None
    told: tuple[str, ...] = ()


def load_junit(path: Path, zone: str = "UTC") -> Results:
    """The results of a JUnit XML report. Times without an offset are wall-clock time in `zone`.

    A skipped case counts as blocked, with a note. Raises BadInput for what is broken, hostile, too large,
    or no such report.
    """
    shown = clean(path.name)
    with opened(path) as file:
        if file.seek(0, 2) > SIZE_LIMIT:
            raise BadInput(f"{shown} is larger than {SIZE_LIMIT // 1024 // 1024} MB. Split the report.")
        file.seek(0)
        return _read(file, shown, zone)


def _read(file: BinaryIO, shown: str, zone: str) -> Results:
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    report = _Report(shown, zone)
    try:
        for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                report.start(element)
            else:
                report.end(element)
    except ParseError as error:
        line, column = error.position
        what = str(error).partition(":")[0]
        raise BadInput(
            f"{shown}, line {line}, column {column + 1}: is no well-formed XML ({what}). "
            "Write the report again."
        ) from None
    except DefusedXmlException:
        raise BadInput(
            f"{shown}: has a document type or entities, which no JUnit report needs. It was not read further."
        ) from None
    except (LookupError, ValueError) as error:
        raise BadInput(f"{shown}: cannot be read as XML: {error}. Save it as UTF-8.") from None
    return report.results()


class _Report:
    """What was read so far. Elements are let go as soon as they end."""

    def __init__(self, shown: str, zone: str) -> None:
        self.shown, self.zone = shown, zone
        self.stack: list[Element] = []
        self.suites: list[str] = []
        self.cases: dict[str, Case] = {}
        self.times: list[tuple[datetime, float]] = []
        self.again = self.elements = self.skipped = 0

    def start(self, element: Element) -> None:
        name = _name(element)
        if not self.stack and name not in _ROOTS:
            raise BadInput(
                f"{self.shown}: is no JUnit report: it begins with {quoted(name)}, not with testsuites."
            )
        self.stack.append(element)
        self.elements += 1
        if len(self.stack) > DEPTH_LIMIT:
            raise BadInput(
                f"{self.shown}: nests elements deeper than {DEPTH_LIMIT}. That is no JUnit report."
            )
        if self.elements > ELEMENTS_LIMIT:
            raise BadInput(f"{self.shown}: has more than {ELEMENTS_LIMIT:,} elements. Split the report.")
        if name == "testsuite":
            self.suites.append(element.get("name", ""))
            self._note_time(element)

    def end(self, element: Element) -> None:
        name = _name(element)
        self.stack.pop()
        if name == "testcase":
            self._add(element)
        elif name == "testsuite":
            self.suites.pop()
        if name in _KEPT and self.stack and _name(self.stack[-1]) == "testcase":
            return
        element.clear()
        if self.stack:
            self.stack[-1].remove(element)

    def _note_time(self, suite: Element) -> None:
        stamp = suite.get("timestamp", "").strip()
        try:
            at = datetime.fromisoformat(stamp)
            seconds = float(suite.get("time", "0").replace(",", "") or 0)
            aware = parse_instant(stamp, self.zone).at if at.tzinfo else from_wall(at, self.zone).at
        except (ValueError, BadInput, OverflowError):
            return  # when it ran is worth having, not worth refusing the results for
        self.times.append((aware.replace(microsecond=0), seconds if 0 <= seconds < 10**7 else 0.0))

    def _add(self, element: Element) -> None:
        named = element.get("name", "").strip()
        group = element.get("classname", "").strip() or (self.suites[-1] if self.suites else "")
        if not clean(named).strip():
            raise BadInput(f"{self.shown}: test case {len(self.cases) + 1} has no name. Each needs one.")
        result, note = _outcome(element)
        self.skipped += result == "blocked"
        made = case(f"{group}.{named}" if group else named, result, note)
        known = self.cases.get(made.id)
        if known is not None:
            self.again += 1
            if _WORSE[known.result] >= _WORSE[made.result]:
                return
        self.cases[made.id] = made
        if len(self.cases) > CASES_LIMIT:
            raise BadInput(f"{self.shown}: has more than {CASES_LIMIT:,} test cases. Import it in parts.")

    def results(self) -> Results:
        if not self.cases:
            raise BadInput(f"{self.shown}: has no test case in it.")
        told = []
        if self.skipped:
            told.append(f"{self.skipped} skipped: they count as blocked, because they were not executed.")
        if self.again:
            told.append(f"{self.again} came more than once: the worst result of each counts.")
        started = min((at for at, _ in self.times), default=None)
        ended = max((at + timedelta(seconds=round(took)) for at, took in self.times), default=None)
        return Results(tuple(self.cases.values()), started, ended, tuple(told))


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _outcome(element: Element) -> tuple[str, str]:
    """The result of a test case and a note: the first failure's message, or why it was skipped."""
    children = {_name(child): child for child in reversed(list(element))}
    for name in _BAD:
        if name in children:
            return "failed", _message(children[name])
    if "skipped" in children:
        why = _message(children["skipped"])
        return "blocked", f"not executed: {why}" if why else "not executed"
    flaky = Counter(_name(child) for child in element)
    again = sum(flaky[name] for name in _FLAKY)
    return "passed", f"passed after {again} failure{'' if again == 1 else 's'}" if again else ""


def _message(element: Element) -> str:
    text = element.get("message") or (element.text or "").strip().partition("\n")[0]
    return re.sub(r"\s+", " ", (text or element.get("type") or "")[:2_000]).strip()
