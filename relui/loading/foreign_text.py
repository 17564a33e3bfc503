"""Text files of unknown origin made readable: their encoding found, mis-decoded characters repaired, cleaned.

A team's checklist has often travelled through a chat, a wiki and a mail before it gets here. What was
repaired is told, never silent. Tabs become blanks (stops of four), so that indentation can be compared.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from relui.domain.text import clean
from relui.errors import BadInput

if TYPE_CHECKING:
    from ftfy import TextFixerConfig


SIZE_LIMIT = 1024 * 1024
"""Bytes (or characters) that a checklist may have."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark starts with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_STRAIGHTENED = (
    # Mojibake whose quotation mark an editor straightened afterwards: beyond what ftfy can know.
    (re.compile('â€"'), "–"),
    (re.compile("â†'"), "→"),
    (re.compile('âœ["“”]'), "✓"),
    (re.compile("âš[ \xa0]ï¸\x8f?"), "⚠\ufe0f"),
    (re.compile("ï¸\x8f?"), "\ufe0f"),
    (re.compile(r"â€(?=[\s.,;:!?)]|$)"), "”"),
    (re.compile(r"(?<=[0-9a-zäöüß.,:;!?)])Â(?=\s|$)"), ""),
)
_OTHER_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_WIDE_INDENT = re.compile("^[ \xa0\u2007\u202f\u3000]+", re.MULTILINE)


class ReadableText(Struct, frozen=True):
    """A cleaned text with `\\n` line ends and no tabs; `told` says, in sentences, what was repaired."""

    text: str
    told: tuple[str, ...] = ()


def readable(data: bytes | str, shown: str, *, repair: bool = True) -> ReadableText:
    """Decode, repair and clean a text; `shown` names it in errors.

    Raises BadInput for a file that is larger than SIZE_LIMIT, or that is no text at all.
    """
    shown = clean(shown)
    if len(data) > SIZE_LIMIT:
        raise BadInput(f"{shown}: is larger than {SIZE_LIMIT // 1024} KB. Split it into several files.")
    told: list[str] = []
    if isinstance(data, bytes):
        data, word = decoded(data, shown)
        told += [word] if word else []
    if "\0" in data:
        raise BadInput(f"{shown}: is not a text file. Save the checklist as Markdown or plain text.")
    text = data.removeprefix("\ufeff").replace("\r\n", "\n")
    if repair and not text.isascii():
        text, word = _repaired(text)
        told += [word] if word else []
    text = _OTHER_LINE_ENDS.sub("\n", text).expandtabs(4)
    text = _WIDE_INDENT.sub(lambda found: " " * len(found[0]), text)
    return ReadableText(clean(text, multiline=True), tuple(told))


def decoded(data: bytes, shown: str) -> tuple[str, str]:
    """The text of a file, and a sentence when its encoding had to be guessed. Raises BadInput."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            word = "" if encoding == "utf-8" else f"The file was read as {encoding[:6].upper()}."
            return data[len(mark) :].decode(encoding, errors="replace"), word
    if guess := _without_bom(data):
        return data.decode(guess, errors="replace"), "The file was read as UTF-16."
    for encoding, word in (
        ("utf-8", ""),
        ("cp1252", "The file is not UTF-8: it was read as Windows-1252."),
        ("latin-1", "The file is not UTF-8: it was read as Latin-1."),
    ):
        try:
            return data.decode(encoding), word
        except UnicodeDecodeError:
            continue
    raise BadInput(f"{shown}: its encoding is unknown. Save it as UTF-8.")


def _without_bom(data: bytes) -> str:
    """UTF-16 without a mark: nearly every second byte of Western text is zero there."""
    start = data[:2000]
    half = len(start) // 2
    if half and start[1::2].count(0) > half * 0.7:
        return "utf-16-le"
    if half and start[0::2].count(0) > half * 0.7:
        return "utf-16-be"
    return ""


def _repaired(text: str) -> tuple[str, str]:
    """Mis-decoded characters repaired line by line, and a sentence that counts the lines."""
    lines = text.split("\n")
    first = changed = 0
    for number, line in enumerate(lines, start=1):
        if line.isascii():
            continue
        better = _repaired_line(line)
        if better != line:
            lines[number - 1] = better
            changed += 1
            first = first or number
    if not changed:
        return text, ""
    where = f"in line {first}" if changed == 1 else f"in {changed} lines, the first is line {first}"
    return "\n".join(lines), f"Mis-decoded characters were repaired {where}."


def _repaired_line(line: str) -> str:
    from ftfy import fix_text

    line = fix_text(line, config=_fixer())
    for pattern, right in _STRAIGHTENED:
        line = pattern.sub(right, line)
    return line


@cache
def _fixer() -> TextFixerConfig:
    """Only encodings are repaired: quotes, ligatures and widths are the author's choice."""
    from ftfy import TextFixerConfig

    return TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        remove_control_chars=False,
        normalization=None,
        explain=False,
    )


def form_as_markdown(data: bytes | str, shown: str) -> str | None:
    """The Markdown of an issue form; None for a file that is not named as YAML.

    Raises BadInput for YAML that is no issue form, or one without check boxes.
    """
    if PurePath(shown).suffix.lower() not in (".yml", ".yaml"):
        return None
    from relui.loading.yaml_reader import parse_yaml

    form = parse_yaml(readable(data, shown).text, shown).data
    body = form.get("body") if isinstance(form, dict) else None
    lines: list[str] = []
    for part in body if isinstance(body, list) else ():
        if isinstance(part, dict) and isinstance(part.get("attributes"), dict):
            lines += _part(part["attributes"])
    if not lines:
        raise BadInput(
            f"{shown}: this is YAML, and neither Markdown nor an issue form with check boxes. A template of "
            "relui goes into the templates folder as it is: relui info says where that is."
        )
    title = form.get("name")
    return "\n".join([f"# {title}", ""] * bool(title) + lines) + "\n"


def _part(attributes: dict[str, Any]) -> list[str]:
    """A part of a form: its label as a heading, texts as they are, its options as tasks."""
    lines = [f"## {attributes['label']}", ""] if attributes.get("label") else []
    lines += [str(attributes[name]).rstrip() for name in ("description", "value") if attributes.get(name)]
    options = attributes.get("options")
    for option in options if isinstance(options, list) else ():
        if isinstance(option, dict) and option.get("label"):
            lines.append(f"- [ ] {' '.join(str(option['label']).split())}")
    return [*lines, ""]
