"""The words of trackers in a CSV file of changes: what each means, as usual or as somebody maps it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from relui.domain.dossier.fields import CHANGE
from relui.domain.text import did_you_mean, quoted
from relui.errors import BadInput

WITH_WORDS = ("status", "ready", "kind", "breaking", "owner", "target")
"""The fields whose words can be mapped."""
_STATUS_WORDS = {
    "approved": ("authorised", "authorized", "accepted", "scheduled", "pre-approved", "preapproved"),
    "proposed": (
        "",
        "new",
        "draft",
        "open",
        "requested",
        "pending",
        "submitted",
        "assess",
        "authorize",
        "authorise",
        "not requested",
        "not yet requested",
        "not approved",
        "pending approval",
        "waiting for approval",
        "awaiting approval",
        "in approval",
        "under review",
    ),
    "rejected": ("declined", "denied", "refused"),
    "withdrawn": (
        "cancelled",
        "canceled",
        "dropped",
        "won't do",
        "won't fix",
        "wontfix",
        "duplicate",
        "obsolete",
        "removed",
        "not planned",
        "abandoned",
    ),
}
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
