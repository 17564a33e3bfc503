"""Days as trackers and spreadsheets write them. What can be two days is never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from relui.domain.text import quoted
from relui.errors import BadInput

ORDERS = ("day-first", "month-first")
"""How 11/12/2026 can be meant."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_TIME = rf"(?:(?:,?\s+|T){_CLOCK})?"
_NAMED = (
    # Jira's 21/Nov/26 5:00 PM, 21-Nov-2026, 21 November 2026, Sat, 21 Nov 2026 17:00:00 +0000; Nov 21, 2026
    rf"(?:[a-z]{{3,9}},?\s+)?(?P<day>\d{{1,2}})[/ .-]+{_MONTH}[/ .,-]+(?P<year>\d{{4}}|\d{{2}}){_TIME}",
    rf"(?:[a-z]{{3,9}},?\s+)?{_MONTH}\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}}){_TIME}",
)
_ISO = rf"(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}}){_TIME}"
_DOTTED = rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}}|\d{{2}}){_TIME}"
_EITHER = rf"(?P<first>\d{{1,2}})(?P<mark>[/-])(?P<second>\d{{1,2}})(?P=mark)(?P<year>\d{{4}}|\d{{2}}){_TIME}"


class Dates:
    """How the days of one column are written: one way for all of it."""

    def __init__(self, cells: Iterable[str], order: str = "") -> None:
        """`order` is one of ORDERS, as somebody said it; else the cells prove it. Raises BadInput."""
        if order and order not in ORDERS:
            raise BadInput(f"dates: {quoted(order)} is neither {' nor '.join(ORDERS)}.")
        self.order, self.told, self._clash = order, "", ""
        proofs: dict[str, str] = {}
        doubtful = ""
        for cell in cells:
            found = _match(_EITHER, cell)
            if found is None:
                continue
            first, second = int(found["first"]), int(found["second"])
            if first > 12 >= second:
                proofs.setdefault("day-first", cell)
            elif second > 12 >= first:
                proofs.setdefault("month-first", cell)
            elif first != second:
                doubtful = doubtful or cell
        if order:
            return
        if len(proofs) == 1:
            ((self.order, proof),) = proofs.items()
            if doubtful:
                words = self.order.replace("-", " ")
                self.told = f"Days such as {quoted(doubtful)} are read {words}, as {quoted(proof)} must be."
        elif proofs:
            self._clash = (
                f"{quoted(proofs['day-first'])} is day first and {quoted(proofs['month-first'])} month first"
            )

    def read(self, cell: str) -> str:
        """A cell as 2026-11-21, without its time; what is no day is left as it is.

        Raises BadInput for one that can be two days.
        """
        found = next((each for form in (_ISO, _DOTTED, *_NAMED) if (each := _match(form, cell))), None)
        if found is not None:
            month = found["month"].casefold()
            return _written(
                found["year"], _MONTHS.index(month) + 1 if month in _MONTHS else int(month), found["day"]
            )
        found = _match(_EITHER, cell)
        if found is None:
            return cell
        day, month = found["first"], found["second"]
        if day != month and not self.order:
            why = f": {self._clash}" if self._clash else ""
            raise BadInput(
                f"{quoted(cell)} can be two days{why}. Say how they are meant (--map): dates=day-first or "
                "dates=month-first."
            )
        if self.order == "month-first":
            day, month = month, day
        return _written(found["year"], int(month), day)


def _match(form: str, cell: str) -> re.Match[str] | None:
    return re.fullmatch(form, cell.strip(), re.ASCII | re.IGNORECASE)


def _written(year: str, month: int, day: str) -> str:
    return f"{year if len(year) == 4 else '20' + year}-{month:02d}-{int(day):02d}"
