"""What the suites of a JUnit report declare, compared with what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from relui.domain.text import clean, quoted

_TOLD = 5
"""Suites whose numbers differ are told up to this many."""
_BAD = ("failures", "errors")
_NOT_RUN = ("skipped", "disabled", "skips", "skip", "ignored")
"""What tools call the number of cases that were not run; some say it in two attributes, some twice."""
_WORDS = {"tests": "tests", "bad": "failed", "not_run": "not run"}


class Count(Struct):
    """Cases, how many failed and were not run; `marks` counts failures, of which a case can have several.

    `outside` counts what failed outside cases, `again` the failures of runs that a case was given again.
    """

    tests: int = 0
    bad: int = 0
    not_run: int = 0
    marks: int = 0
    outside: int = 0
    again: int = 0

    def add(self, other: Count) -> None:
        """Count the other's as well."""
        self.tests += other.tests
        self.bad += other.bad
        self.not_run += other.not_run
        self.marks += other.marks
        self.outside += other.outside
        self.again += other.again


class Suite:
    """One suite while it is read: what it declares, what stands in it, and in the suites inside it."""

    def __init__(self, name: str, attributes: Mapping[str, str]) -> None:
        self.name = clean(name).strip()
        self.own, self.inner = Count(), Count()
        self._attributes = attributes
        self._said_inside: list[dict[str, set[int]]] = []

    def whole(self) -> Count:
        """What stands in it and in the suites inside it."""
        both = Count()
        both.add(self.own)
        both.add(self.inner)
        return both

    def declared(self) -> dict[str, set[int]]:
        """`tests`, `bad` and `not_run` as it declares them; more than one where attributes can be read so."""
        if self._attributes.get("hostname") == "tbd":
            return {}  # Catch2 counts assertions
        numbers = {name: _number(value) for name, value in self._attributes.items()}
        found: dict[str, set[int]] = {}
        if (tests := numbers.get("tests")) is not None:
            found["tests"] = {tests}
        if bad := [number for name in _BAD if (number := numbers.get(name)) is not None]:
            found["bad"] = {sum(bad)}
        left = [number for name in _NOT_RUN if (number := numbers.get(name)) is not None]
        if left and set(_NOT_RUN) & numbers.keys() != {"disabled"}:  # gtest says no more, and skips as well
            found["not_run"] = {sum(left), *left}
        return found

    def without_its_failures(self) -> int:
        """The failures that it declares where nothing at all stands in it: it could not run."""
        whole = self.whole()
        return 0 if whole.tests or whole.outside else max(self.declared().get("bad", {0}))

    def took(self, inner: Suite) -> None:
        """A suite inside it ended."""
        self.inner.add(inner.whole())
        self._said_inside.append(inner.declared())

    def differences(self) -> Iterator[str]:
        """`declares 5 tests and has 3`; nothing where the numbers can be read as what stands there."""
        if self._counts_runs():
            return
        fitting = self._fitting()
        for figure, declared in self.declared().items():
            if not declared & fitting[figure]:
                yield f"declares {max(declared)} {_WORDS[figure]} and has {getattr(self.whole(), figure)}"

    def _counts_runs(self) -> bool:
        """Each run of a repeated case is counted, as Surefire does, among tests and failures alike."""
        declared, count = self.declared(), self.whole()
        tests, bad = {count.tests + count.again}, {count.bad + count.again}
        return bool(count.again) and declared.get("tests") == tests and declared.get("bad", bad) == bad

    def _fitting(self) -> dict[str, set[int]]:
        """What a suite may declare: with or without inner suites, skipped cases and failures outside cases.

        Tools differ in all of these. What inner suites declare wrongly is theirs to be told.
        """
        both = self.whole()
        fitting: dict[str, set[int]] = {"tests": set(), "bad": set(), "not_run": set()}
        for count in (self.own, both):
            fitting["tests"] |= {count.tests, count.tests + count.outside, count.tests - count.not_run}
            fitting["bad"] |= {count.bad + count.outside, count.bad, count.marks + count.outside}
            fitting["not_run"].add(count.not_run)
        for figure, own in (("tests", self.own.tests), ("bad", self.own.bad), ("not_run", self.own.not_run)):
            inside = [max(said[figure]) for said in self._said_inside if figure in said]
            fitting[figure].add(own + sum(inside))
        return fitting


def told(different: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A sentence for each suite whose numbers differ: (suite, difference), the first few."""
    found = list(different)
    for name, words in found[:_TOLD]:
        yield f"The suite {quoted(name)} {words}. See whether the report is whole."
    if len(found) > _TOLD:
        yield f"So do {len(found) - _TOLD} more suites: what they declare is not what stands in them."


def _number(text: str) -> int | None:
    try:
        number = int(text.strip().replace(",", ""))
    except ValueError:
        return None
    return number if 0 <= number < 10**9 else None
