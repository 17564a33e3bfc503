"""Names and the nearest right one, for errors that show the way out."""

from __future__ import annotations

import re
from collections.abc import Iterable

SHOWN = 20
"""Names that an error lists in full."""
_NOT_IN_SLUG = r"[^a-z0-9]+"  # compiled at its first use


def slug(text: str, *, limit: int = 48) -> str:
    """An id made from a text: lower case letters, digits and single dashes; `item` when none is left.

    Letters of other scripts are written in Latin ones, none is dropped. A long one ends with a whole word.
    """
    plain = text.casefold() if text.isascii() else _latin(text)
    made = re.sub(_NOT_IN_SLUG, "-", plain).strip("-")
    if len(made) > limit:
        made = made[: limit + 1].rpartition("-")[0] or made[:limit]
    return made.strip("-") or "item"


_LATIN = {"æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}  # what neither casefold nor its Unicode name tells


def _latin(text: str) -> str:
    """The text in ASCII: `ß` as `ss`, `é` as `e`, `ø` as `o`, `ж` as `zhe`; what is no letter as a blank."""
    import unicodedata

    written: list[str] = []
    for char in unicodedata.normalize("NFKD", text.casefold()):
        name = unicodedata.name(char, "") if not char.isascii() else ""
        if char.isascii():
            written.append(char)
        elif char in _LATIN:
            written.append(_LATIN[char])
        elif " LETTER " in name:
            written.append(name.partition(" LETTER ")[2].partition(" WITH ")[0].rpartition(" ")[2].lower())
        elif unicodedata.category(char).startswith("L"):
            written.append(f"{ord(char):x}")
        elif not unicodedata.combining(char):
            written.append(" ")
    return "".join(written)


def unique(name: str, taken: Iterable[str]) -> str:
    """`name`, or `name-2`, `name-3` ... when it is taken."""
    used = set(taken)
    if name not in used:
        return name
    number = 2
    while f"{name}-{number}" in used:
        number += 1
    return f"{name}-{number}"


def nearest(name: str, known: Iterable[str], *, cutoff: float = 0.55) -> str | None:
    """The known name that was probably meant, or None when none is close; 1 as `cutoff` is the very name."""
    import difflib

    candidates = list(known)
    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    found = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=cutoff)
    if found:
        return by_folded[found[0]]
    tails = [candidate for candidate in candidates if candidate.rpartition(".")[2] == name]
    return tails[0] if len(tails) == 1 else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """` Did you mean 'x'?`, or ` Known: a, b, c.`, or nothing: to be put behind an error's sentence.

    Of more than SHOWN names only the nearest are told: a list that is cut short hides the right one.
    """
    candidates = sorted(set(known))
    close = nearest(name, candidates)
    if close is not None:
        return f" Did you mean '{close}'?"
    if len(candidates) <= SHOWN:
        return f" Known: {', '.join(candidates)}." if candidates else ""
    import difflib

    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    some = difflib.get_close_matches(name.casefold(), by_folded, n=5, cutoff=0.4)
    return f" Nearest: {', '.join(by_folded[one] for one in some)}." if some else ""
