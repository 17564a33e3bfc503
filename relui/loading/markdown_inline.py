"""What a line of Markdown says: escapes and entities resolved, emphasis off, placeholders and options found.

Characters that the author protected (`\\[`, `&#91;`, inside a code span) are held as lone surrogates
while the line is searched for structure. No cleaned text contains surrogates, so they can't be mixed up.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from relui.domain.checklist import FieldKind, ItemField
from relui.domain.text import clean, slug, unique

_SHIELD = 0xDC00
_PROTECTED = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<code>(?<!`)(?P<ticks>`{1,3})(?!`)[^\n]{1,500}?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<entity>&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|<(?P<link>[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*)>"
)
_UNSHIELD = {_SHIELD + code: code for code in range(128)}
_BOLD = re.compile(r"(?<![\w*])\*\*(?=[^\s*])([^*\n]{1,400}?)(?<=\S)\*\*(?![\w*])")
_BOLD_LINES = re.compile(r"(?<![\w_])__(?=[^\s_])([^_\n]{1,400}?)(?<=\S)__(?![\w_])")
_PLACEHOLDER = re.compile(r"(?<![\]!\w])\[([^\[\]]{2,60})\](?![(\[])")
_BLANK_LINE = re.compile(r"([^\W\d_][\w /.-]{1,40}?) ?: ?_{3,}")

_CONDITION = (
    r"(?:if|when|where) (?:any|"
    r"(?:\w+ )?(?:applicable|needed|necessary|required|relevant|present|planned|used))\b"
    r"|(?:falls|sofern|wenn|soweit) (?:\w+ ){0,2}?(?:vorhanden|zutreffend|nötig|notwendig|erforderlich"
    r"|relevant|geplant|anwendbar|benötigt|verfügbar|zutrifft)\b|bei bedarf\b|gegebenenfalls\b|ggf\b\.?"
)
_OPTIONAL = re.compile(
    rf"[(\[](?:\w+ )?optional\w*(?:[,;:] [^)\]]*)?[)\]]\W*$|^[(\[](?:\w+ )?optional\w*[)\]]|^optional\w*[:,]"
    rf"|[,;:–—-] optional$|[(\[](?:{_CONDITION})(?: \w+){{0,4}}[)\]]\W*$|^[(\[]?(?P<first>{_CONDITION})",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(rf"[ ,](?:{_CONDITION})(?P<rest>[^()\[\]]*)$", re.IGNORECASE)
"""A condition outside brackets, on what stands before it."""
_PARTS = re.compile(
    r"[.!?;:] +\S|, +(?!if|when|where|falls|sofern|wenn|soweit)\w|\b(?:and|und|then|dann)\b", re.IGNORECASE
)


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\w.:-]+", text.casefold()))


_DATE_WORDS = _words("date day deadline datum tag termin frist yyyy-mm-dd tt.mm.jjjj")
_TIME_WORDS = _words("time hour clock timestamp hh:mm zeit uhrzeit uhr zeitpunkt startzeit endzeit")
_LINK_WORDS = _words("link url uri href weblink hyperlink permalink")
_PERSON_WORDS = _words(
    """name who person owner approver approved tester reviewer reviewed responsible lead manager engineer
    developer contact on-call oncall signature signed initials assignee author operator
    wer verantwortlich verantwortliche verantwortlicher zuständig zuständige zuständiger ansprechpartner
    ansprechpartnerin prüfer prüferin testerin freigeber bearbeiter bearbeiterin unterschrift kürzel
    vertreter kontakt entwickler genehmiger durchgeführt"""
)
_TEXT_WORDS = _words(
    """version comment notes note reason result status value number id ticket details description environment
    kommentar bemerkung notiz grund ergebnis wert nummer beschreibung umgebung dauer duration"""
)
_THINGS = _words("file branch service server host datei dienst release database")
"""What has a name and is no person."""
_NOT_A_FIELD = _words("todo wip tbd optional fixme ok ja nein yes no neu new draft")


def shield(line: str) -> str:
    """`line` with escaped characters, entities, code spans and `<links>` held back from being structure."""
    return _PROTECTED.sub(_protected, line)


def _protected(found: re.Match[str]) -> str:
    if found["entity"]:
        decoded = html.unescape(found["entity"])
        return found[0] if decoded == found[0] else _held(decoded)
    return _held(found["escaped"] or found["code"] or found["link"] or "")


def _held(text: str) -> str:
    return "".join(chr(_SHIELD + ord(char)) if char.isascii() else char for char in text)


def unshield(line: str) -> str:
    """The plain text of a shielded line."""
    return line.translate(_UNSHIELD)


def literal(line: str) -> str:
    """What a line says, with emphasis marks and blanks as they stand."""
    return clean(unshield(shield(line)))


def plain(line: str) -> str:
    """What a line says to a reader: stripped, without the marks of bold text."""
    return clean(unshield(without_bold(shield(line)))).strip()


def without_bold(shielded: str) -> str:
    """A shielded line without the marks of bold text; everything else stays as written."""
    return _BOLD_LINES.sub(r"\1", _BOLD.sub(r"\1", shielded))


def is_optional(text: str) -> bool:
    """Whether a text says of itself that it may not apply: `(if any)`, `falls vorhanden` ... [S0.2].

    The condition must be on the whole: one on a part of it, or in a second sentence, makes nothing optional.
    """
    if found := _OPTIONAL.search(text):
        return found["first"] is None or not re.search(r"[.!?] +\S", text[found.end() :])
    condition = _CONDITIONAL.search(text)
    return condition is not None and not _PARTS.search(text)


def placeholders(shielded: str) -> list[str]:
    """Labels of the values that a line asks for: `[Name]`, `[Datum]`, or `Name: ____`. Links are none."""
    matches = [match for match in _PLACEHOLDER.finditer(shielded) if _asks(unshield(match[1]))]
    matches += _BLANK_LINE.finditer(shielded)
    return [clean(unshield(match[1])).strip() for match in sorted(matches, key=lambda match: match.start())]


def _asks(label: str) -> bool:
    words = _words(label)
    if not words or not label.strip()[:1].isalpha() or words & _NOT_A_FIELD:
        return False
    if kind_of(label) != "text" or words & _TEXT_WORDS:
        return True
    return not any(char.isdigit() for char in label) and not (label.isupper() and len(label) <= 4)


def kind_of(label: str) -> FieldKind:
    """The kind of value that a label asks for, by common words in English and German; `text` when unsure.

    A label that asks for a date and a time at once is text: neither kind could hold both.
    """
    words = _words(label)
    dated = bool(words & _DATE_WORDS) or any(word.endswith("datum") for word in words)
    timed = bool(words & _TIME_WORDS) or any(word.endswith("uhrzeit") for word in words)
    if dated != timed:
        return "date" if dated else "time"
    if dated:
        return "text"
    if words & _LINK_WORDS:
        return "link"
    named = words & _PERSON_WORDS or any(word.endswith(("name", "prüfer")) for word in words)
    return "person" if named and not words & _THINGS else "text"


def fields_named(labels: Iterable[str], known: tuple[ItemField, ...] = ()) -> tuple[ItemField, ...]:
    """A field for each label, after the `known` ones; ids are unique among them."""
    fields = list(known)
    for label in labels:
        if label:
            name = unique(slug(label), [field.id for field in fields])
            fields.append(ItemField(id=name, label=label, kind=kind_of(label)))
    return tuple(fields)
