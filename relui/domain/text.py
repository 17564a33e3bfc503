"""Text from outside, made safe to keep and to show: it is never markup and never a terminal command.

Cleaned when it enters the record and again when it is drawn (docs/guide.md, "Terminal safety"). The
patterns are compiled at their first use: most text is plain ASCII and needs none of them.

Also names, and the nearest right one, for errors that show the way out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from relui.errors import BadInput

LINE_LIMIT = 10_000
"""Characters that one line (a title, a name, a reason) may hold."""
TEXT_LIMIT = 200_000
"""Characters that a long text (a note, a retrospective) may hold."""
_QUOTED_LIMIT = 80

_STRING = r"[^\x07\x1b\x90\x98\x9c-\x9f]*"  # stops at any control that could begin or end another one
_ESCAPES = (
    rf"(?:\x1b\]|\x9d){_STRING}(?:\x07|\x1b\\|\x9c)"  # OSC: titles, links, the clipboard
    rf"|(?:\x1b[PX^_]|[\x90\x98\x9e\x9f]){_STRING}(?:\x1b\\|\x9c)"  # DCS, SOS, PM, APC
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor movements
    r"|\x1b[ -/]*[0-~]"  # escapes of two and three characters, and the beginning of an unfinished string
)
_LINE_ENDS = r"\r\n|[\r\v\f\x85\u2028\u2029]"
_UNWANTED = (
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff"  # controls, surrogates, private use
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"  # invisible, bidi
    r"\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    r"\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # layout of hieroglyphs, notes
    r"\U000e0000-\U0010ffff]"  # tags, planes of private use
)
_JOINERS = r"[\u200c\u200d]+"


def clean(text: str, *, multiline: bool = False) -> str:
    """`text` without escape sequences, control, bidi-override and invisible characters.

    Line ends and tabs become blanks unless `multiline`; the joiners U+200C and U+200D stay inside words
    and emoji, which need them, and nowhere else. Cleaning twice changes nothing.
    """
    if text.isascii() and text.isprintable():
        return text
    text = re.sub(_LINE_ENDS, "\n", re.sub(_ESCAPES, "", text))
    text = text.replace("\t", "    " if multiline else " ")
    if not multiline:
        text = text.replace("\n", " ")
    text = re.sub(_UNWANTED, "", text)
    if "\u200c" in text or "\u200d" in text:
        text = re.sub(_JOINERS, _kept_joiner, text)
    return text


def harmless(text: str, instead: Callable[[str], str]) -> str:
    """`text` with every character that `clean` takes out or turns into a blank replaced by `instead` of it.

    For text that keeps its width on a screen; what an escape sequence said stays as plain text.
    """
    if text.isprintable():
        return text
    return re.sub(f"{_UNWANTED}|{_LINE_ENDS}|[\\t\\n]", lambda found: instead(found[0]), text)


def _kept_joiner(found: re.Match[str]) -> str:
    """One joiner where it joins two characters of a word or of an emoji, nothing anywhere else."""
    text, start, end = found.string, found.start(), found.end()
    if start == 0 or end == len(text) or not (_joinable(text[start - 1]) and _joinable(text[end])):
        return ""
    return found[0][0]


def _joinable(char: str) -> bool:
    from unicodedata import category

    return char.isalnum() or category(char)[0] == "M" or (category(char)[0] == "S" and not char.isascii())


def one_line(text: str, *, what: str, required: bool = False) -> str:
    """A cleaned and stripped single line. `what` names it in the error.

    Raises BadInput when it is longer than LINE_LIMIT, or empty though `required`.
    """
    line = clean(text).strip()
    if required and not line:
        raise BadInput(f"{what} is empty. Type at least one visible character.")
    if len(line) > LINE_LIMIT:
        raise BadInput(f"{what} has {len(line):,} characters; at most {LINE_LIMIT:,} fit. Shorten it.")
    return line


def long_text(text: str, *, what: str) -> str:
    """A cleaned text of several lines; one of blanks alone is empty.

    Raises BadInput when it is longer than TEXT_LIMIT.
    """
    cleaned = clean(text, multiline=True).strip("\n")
    if not cleaned or cleaned.isspace():
        return ""
    if len(cleaned) > TEXT_LIMIT:
        raise BadInput(f"{what} has {len(cleaned):,} characters; at most {TEXT_LIMIT:,} fit. Shorten it.")
    return cleaned


def quoted(text: str) -> str:
    """Something that was typed, as an error may repeat it: cleaned, in quotes, not longer than a line."""
    line = clean(text)
    return f"'{line[:_QUOTED_LIMIT]}...'" if len(line) > _QUOTED_LIMIT else f"'{line}'"


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


def counted(number: int, one: str) -> str:
    """A number with its noun: `1 item`, `3 items`."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def first_of(names: Sequence[str], most: int) -> str:
    """`a, b, c and 4 more`."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def shortened(text: str, limit: int = 40) -> str:
    """A text on one line, cut after `limit` characters."""
    flat = " ".join(text.split())
    return f"{flat[:limit]}..." if len(flat) > limit else flat


def became(before: str, after: str, limit: int = 40) -> str:
    """What a text was and is: `2h -> (none)`."""
    return f"{shortened(before, limit) or '(none)'} -> {shortened(after, limit) or '(none)'}"


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
