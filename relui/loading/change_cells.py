"""What stands in a CSV file of changes: which columns are read as what, what the words of trackers mean,
and how days are written. Names and words are known as trackers use them, or mapped; what can be two
days is never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from relui.domain.dossier.fields import CHANGE
from relui.domain.text import clean, did_you_mean, quoted
from relui.errors import BadInput

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": (
        "reference", "ref", "key", "issue key", "change number", "change id", "change", "number",
        "issue number", "ticket", "ticket number", "ticket id", "work item id", "issue id", "iid",
        "#", "bug id", "task custom id", "task id", "card id", "story id", "id",
    ),
    "summary": (
        "summary", "title", "subject", "short description", "issue summary", "name", "task name", "card name",
        "description",
    ),
    "approval": (
        "approval", "approval status", "approval state", "change approval", "cab approval", "cab decision",
        "cab status", "approved", "authorisation", "authorization", "authorised", "authorized",
    ),
    "status": ("status", "state", "issue status"),
    "target": (
        "target", "target date", "target end", "due", "due date", "planned end",
        "planned end date", "end date", "scheduled end", "deadline",
    ),
    "owner": ("owner", "change owner", "assignee", "assigned to", "assignees", "responsible"),
    "ready": ("ready", "owner ready", "owner says ready"),
    "kind": ("kind", "issue type", "work item type", "type", "tracker", "category"),
    "breaking": ("breaking", "breaking change"),
}  # fmt: skip
"""Field of a change -> the names of columns that are taken for it, the surest first.

A tracker's key comes before a number inside it. `approval` is what decides the status where there is one.
"""
_SHOWN = 12
"""Columns that are passed over are named up to this many."""


def columns_of(names: Sequence[str], mapping: Mapping[str, str]) -> tuple[dict[str, int], list[str]]:
    """Field -> index of its column, and the mapped fields whose column is not there."""
    index: dict[str, int] = {}
    for position, name in enumerate(names):
        index.setdefault(_plain(name), position)
    columns: dict[str, int] = {}
    lost: list[str] = []
    for field, column in mapping.items():
        if _plain(column) in index:
            columns[field] = index[_plain(column)]
        else:
            lost.append(field)
    for field, usual in COLUMNS.items():
        if field in mapping or (field == "approval" and "status" in mapping):
            continue
        for name in usual:
            position = index.get(_plain(name), -1)
            if position >= 0 and position not in columns.values():
                columns[field] = position
                break
    return columns, lost


def column_words(names: Sequence[str], columns: Mapping[str, int]) -> Iterator[str]:
    """Which column was read as what, and which were passed over."""
    read = []
    for field, position in columns.items():
        words = {"approval": "status", "id": "reference"}.get(field, field)
        if field == "status" and "approval" in columns:
            words = "what was withdrawn"
        read.append(f"{words} from {quoted(names[position])}")
    yield f"Read: {', '.join(read)}."
    over = [name for at, name in enumerate(names) if at not in columns.values() and clean(name).strip()]
    if over:
        some = ", ".join(quoted(name) for name in over[:_SHOWN])
        yield f"Passed over: {some}{f' and {len(over) - _SHOWN} more' if len(over) > _SHOWN else ''}."


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold()) or name.strip()


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


WITH_WORDS = ("status", "ready", "kind", "breaking", "owner", "target")
"""The fields whose words can be mapped."""
_STATUS_WORDS = {
    "approved": ("authorised", "authorized", "accepted", "scheduled", "pre-approved", "preapproved"),
    "proposed": (
        "", "new", "draft", "open", "requested", "pending", "submitted", "assess", "authorize", "authorise",
        "not requested", "not yet requested", "not approved", "pending approval", "waiting for approval",
        "awaiting approval", "in approval", "under review",
    ),
    "rejected": ("declined", "denied", "refused"),
    "withdrawn": (
        "cancelled", "canceled", "dropped", "won't do", "won't fix", "wontfix", "duplicate", "obsolete",
        "removed", "not planned", "abandoned",
    ),
}  # fmt: skip
_WORK_WORDS = frozenset(
    ("to do", "todo", "backlog", "selected for development", "ready", "in progress", "doing", "blocked",
     "on hold", "in review", "review", "in test", "testing", "reopened", "done", "resolved", "closed",
     "fixed", "completed", "complete", "merged", "implemented", "verified", "released", "active", "committed",
     "implement", "opened", "planning", "analysis", "triage", "development", "deployed")
)  # fmt: skip
"""What trackers say of the work. None of it says that anybody approved the change: it is proposed."""


class ChangeWords:
    """What the words of a file mean: as mapped, else as usual; and which of them were met."""

    def __init__(
        self, columns: Mapping[str, str], meanings: Mapping[tuple[str, str], str], dates: str = ""
    ) -> None:
        self.columns, self.dates = columns, dates
        self._meanings = meanings
        self._met: set[tuple[str, str]] = set()
        self._seen: dict[str, dict[str, str]] = {}
        self._work: dict[str, int] = {}

    @classmethod
    def of(cls, mapping: Mapping[str, str]) -> ChangeWords:
        """`status.Done` is a word of the field status, `dates` how days are written, all else a column.

        Raises BadInput.
        """
        columns: dict[str, str] = {}
        meanings: dict[tuple[str, str], str] = {}
        for name, value in mapping.items():
            field, dot, word = name.partition(".")
            if not dot:
                if name != "dates":
                    columns[name] = value
                continue
            if field not in WITH_WORDS:
                meant = did_you_mean(field, WITH_WORDS)
                raise BadInput(f"A change has no field {quoted(field)} with words to map.{meant}")
            meanings[field, _folded(word)] = value.strip()
        return cls(columns, meanings, mapping.get("dates", "").strip().lower())

    def read(self, field: str, cell: str) -> str:
        """What a cell means for its field, still to be read by the field itself."""
        folded = _folded(cell)
        self._seen.setdefault(field, {})[folded] = cell
        if (field, folded) in self._meanings:
            self._met.add((field, folded))
            return self._meanings[field, folded]
        if field != "status":
            return cell
        if folded in _WORK_WORDS:
            self._work[cell] = self._work.get(cell, 0) + 1
            return "proposed"
        return _usual(folded) or cell

    def approved(self, cell: str, state: str) -> str:
        """The status that a column of approvals says; a state beside it only says that it is withdrawn."""
        folded, beside = _folded(cell), _folded(state)
        self._seen.setdefault("status", {}).update({folded: cell, beside: state})
        for word in (folded, beside):
            if ("status", word) in self._meanings:
                self._met.add(("status", word))
        meant = self._meanings.get(("status", folded)) or _approval(folded) or cell
        withdrawn = self._meanings.get(("status", beside)) or _usual(beside)
        return "withdrawn" if withdrawn == "withdrawn" and meant != "rejected" else meant

    def refuse_unmet(self, shown: str) -> None:
        """Raises BadInput for a word that was mapped and stands nowhere: it is mistyped."""
        for field, folded in self._meanings:
            if (field, folded) not in self._met:
                seen = [cell for cell in self._seen.get(field, {}).values() if cell]
                there = f" There is: {', '.join(quoted(cell) for cell in seen[:10])}." if seen else ""
                raise BadInput(
                    f"{shown}: no {field} is {quoted(folded)}.{did_you_mean(folded, seen)}{there} "
                    "Nothing was imported."
                )

    def told(self) -> Iterator[str]:
        """That words about the work are no approval, and how to say that they are."""
        if self._work:
            counts = ", ".join(f"{quoted(cell)} ({count})" for cell, count in list(self._work.items())[:10])
            word = next(iter(self._work))
            yield (
                f"Taken as proposed, for it says how far the work is and not who approved: {counts}. "
                f"Where it means more, map it (--map): status.{word}=approved."
            )


def read_field(field: str, meant: str, cell: str) -> object:
    """The value of a field from what its cell means. Raises BadInput, with the way out for a status."""
    try:
        return CHANGE.field(field).read(meant, "UTC")
    except BadInput as error:
        if field != "status":
            raise
        raise BadInput(f"{error.message} Or map it (--map): status.{cell}=approved.") from None


def _usual(folded: str) -> str:
    """The status that a tracker's word means; nothing for one that is not known."""
    return next((known for known, others in _STATUS_WORDS.items() if folded in (known, *others)), "")


def _approval(folded: str) -> str:
    """The status that a word in a column of approvals means."""
    words = {"yes": "approved", "y": "approved", "true": "approved", "1": "approved", "no": "proposed",
             "n": "proposed", "false": "proposed", "0": "proposed"}  # fmt: skip
    return words.get(folded) or _usual(folded)


def _folded(word: str) -> str:
    return " ".join(word.replace("\u2019", "'").casefold().split())
