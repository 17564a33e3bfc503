"""Test results from JUnit XML reports: read piece by piece, without entities, bounded in size.

Every tool has a dialect of its own, and no case may get lost between them: what failed outside a case is a
failed case, what was not run is blocked, and what a suite declares is compared with what stands in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from relui.domain.dossier.parts import Case
from relui.domain.dossier.readers import case
from relui.domain.instants import from_wall, parse_instant
from relui.domain.text import clean, quoted
from relui.errors import BadInput
from relui.loading.junit_results import (
    BAD,
    KEPT,
    NOT_RUN,
    Count,
    Gathered,
    Key,
    Results,
    Suite,
    message,
    name_of,
    outcome,
    repeated,
)
from relui.loading.source_files import opened

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SIZE_LIMIT = 64 * 1024 * 1024
"""Bytes that a report may have."""
DEPTH_LIMIT = 100
"""Elements that may stand in one another; suites in suites use three or four."""
ELEMENTS_LIMIT = 2_000_000
"""Elements that a report may have."""
FILES_LIMIT = 5_000
"""Reports that a folder may have."""

_ROOTS = ("testsuites", "testsuite")
_OTHERS = {
    "assemblies": "xUnit.net's own. Write JUnit as well: --logger junit, or -junit FILE",
    "assembly": "xUnit.net's own. Write JUnit as well: --logger junit, or -junit FILE",
    "testrun": "Visual Studio's (TRX) or NUnit's own. Write JUnit as well: --logger junit, or trx2junit",
    "test-run": "NUnit's own. Write JUnit as well: --logger junit",
    "test-results": "NUnit's own. Write JUnit as well: --logger junit",
    "robot": "Robot Framework's own. Write JUnit as well: --xunit FILE",
    "testng-results": "TestNG's own. It writes JUnit into the folder junitreports",
    "test": "CTest's own. Write JUnit as well: --output-junit FILE",
    "site": "CTest's own. Write JUnit as well: --output-junit FILE",
    "catch2testrun": "Catch2's own. Write JUnit: --reporter junit",
}
"""Reports of tests that are no JUnit: the name of their root, folded -> whose they are, and the way out."""
_OUTSIDE = "(outside its cases)"


class NotJUnit(BadInput):
    """The file is well-formed so far and no JUnit report."""


def load_junit(given: Path | Sequence[Path], zone: str = "UTC") -> Results:
    """The results of JUnit XML reports, as one run. Times without an offset are wall-clock time in `zone`.

    A folder stands for its *.xml files; what there is no JUnit report is told. A case that was not run counts
    as blocked, with a note. Raises BadInput for what is broken, hostile, too large, or no such report.
    """
    named = [given] if isinstance(given, Path) else list(given)
    found = Gathered(zone)
    read: list[Path] = []
    passed_over: list[str] = []
    for path, in_folder in {path: inside for name in named for path, inside in _files(name)}.items():
        try:
            _load(path, found)
            read.append(path)
        except NotJUnit as error:
            if not in_folder:
                raise
            passed_over.append(f"Passed over {error.message}")
    if not read and passed_over:
        raise BadInput(f"{clean(str(named[0]))}: has no JUnit report in it.\n" + "\n".join(passed_over[:10]))
    if len(passed_over) > 10:
        passed_over[10:] = [f"Passed over {len(passed_over) - 10} more files that are no JUnit reports."]
    return found.results(tuple(read), passed_over)


def _files(path: Path) -> Iterator[tuple[Path, bool]]:
    """A file itself, or the *.xml files of a folder in the order of their names; with whether it is one."""
    if not path.is_dir():
        yield path, False
        return
    try:
        inside = sorted(path.iterdir())
    except OSError as error:
        raise BadInput(f"{clean(str(path))} cannot be read: {(error.strerror or '').lower()}.") from None
    reports = [each for each in inside if each.suffix.lower() == ".xml" and not each.is_dir()]
    if len(reports) > FILES_LIMIT:
        raise BadInput(f"{clean(str(path))}: has more than {FILES_LIMIT:,} reports. Import it in parts.")
    if not reports:
        deeper = next((each.name for each in inside if each.is_dir() and any(each.glob("*.xml"))), "")
        hint = f" There is in {quoted(deeper)} inside it: name that folder." if deeper else ""
        raise BadInput(f"{clean(str(path))}: is a folder without an XML file in it.{hint}")
    yield from ((each, True) for each in reports)


def _load(path: Path, found: Gathered) -> None:
    shown = clean(path.name)
    with opened(path) as file:
        size = file.seek(0, 2)
        if size > SIZE_LIMIT:
            raise BadInput(f"{shown} is larger than {SIZE_LIMIT // 1024 // 1024} MB. Split the report.")
        if not size:
            raise BadInput(
                f"{shown}: is empty, and so no well-formed XML: what writes it did not get so far."
            )
        file.seek(0)
        _read(file, _Report(shown, found))


def _read(file: BinaryIO, report: _Report) -> None:
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    shown = report.shown
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


class _Report:
    """What was read so far of one report. Elements are let go as soon as they end."""

    def __init__(self, shown: str, found: Gathered) -> None:
        self.shown, self.found = shown, found
        self.stack: list[Element] = []
        self.suites: list[Suite] = []
        self.elements = self.number = 0

    def start(self, element: Element) -> None:
        """An element begins: its attributes are known, what is in it is not."""
        name = name_of(element)
        if not self.stack and name not in _ROOTS:
            whose = _OTHERS.get(name.lower())
            raise NotJUnit(
                f"{self.shown}: is no JUnit report: it begins with {quoted(name)}, not with testsuites."
                + (f" It is {whose}." if whose else "")
            )
        self.stack.append(element)
        self.elements += 1
        if len(self.stack) > DEPTH_LIMIT:
            raise BadInput(
                f"{self.shown}: nests elements deeper than {DEPTH_LIMIT}. That is no JUnit report."
            )
        if self.elements > ELEMENTS_LIMIT:
            raise BadInput(f"{self.shown}: has more than {ELEMENTS_LIMIT:,} elements. Split the report.")
        if name in _ROOTS:
            self.suites.append(Suite(element.get("name", ""), dict(element.attrib)))
            self._note_time(element)

    def end(self, element: Element) -> None:
        """An element is whole."""
        name = name_of(element)
        self.stack.pop()
        around = name_of(self.stack[-1]) if self.stack else ""
        if name == "testcase":
            self._add(element)
        elif name in _ROOTS:
            self._end_suite()
        elif around in _ROOTS and name in (*BAD, *NOT_RUN):
            self._outside(name, message(element))
        if name in KEPT and around == "testcase":
            return
        element.clear()
        if self.stack:
            self.stack[-1].remove(element)

    def _note_time(self, suite: Element) -> None:
        stamp = suite.get("timestamp", "").strip()
        zone = self.found.zone
        try:
            at = datetime.fromisoformat(stamp)
            seconds = float(suite.get("time", "0").replace(",", "") or 0)
            aware = parse_instant(stamp, zone).at if at.tzinfo else from_wall(at, zone).at
        except (ValueError, BadInput, OverflowError):
            return  # when it ran is worth having, not worth refusing the results for
        self.found.times.append((aware.replace(microsecond=0), seconds if 0 <= seconds < 10**7 else 0.0))

    def _suite_name(self) -> str:
        return next((suite.name for suite in reversed(self.suites) if suite.name), "")

    def _add(self, element: Element) -> None:
        self.number += 1
        named = element.get("name", "").strip()
        group = (element.get("classname") or element.get("class") or "").strip()
        if not clean(group).strip():
            group = self._suite_name()
        result, note, marks = outcome(element)
        self.found.not_run += result == "blocked"
        again = repeated(element)
        count = Count(1, int(result == "failed"), int(result == "blocked"), marks, again=again)
        (self.suites[-1].own if self.suites else Count()).add(count)
        shown = f"{group}.{named}" if group else named
        if not clean(named).strip():
            self.found.unnamed += 1
            shown = group or f"{self.shown}, case {self.number}"
        self._put(group, named, case(shown, result, note))

    def _outside(self, name: str, why: str) -> None:
        """Something is said of a whole suite: it failed or was not run, whatever its cases say."""
        suite = self._suite_name() or self.shown
        bad = name in BAD
        self.suites[-1].own.add(Count(outside=1))
        self.found.not_run += not bad
        note = why if bad else f"not executed: {why}" if why else "not executed"
        self._put(suite, _OUTSIDE, case(f"{suite} {_OUTSIDE}", "failed" if bad else "blocked", note))

    def _put(self, group: str, name: str, made: Case) -> None:
        suites = tuple(suite.name for suite in self.suites)
        self.found.put(Key(self.shown, suites, group, name), made)

    def _end_suite(self) -> None:
        suite = self.suites[-1]
        name = self._suite_name() or self.shown
        if lost := suite.without_its_failures():
            why = f"declares {lost} failure{'' if lost == 1 else 's'}, and no case is listed"
            self._outside("error", why)
        elif words := ", ".join(suite.differences()):
            self.found.different.append((name, words))
        self.suites.pop()
        if self.suites:
            self.suites[-1].took(suite)
