"""Markdown as lines for a pane: headings, lists, quotes, code, and what stands out within a line.

What people write in notes and retrospectives, not all of Markdown: the rest shows as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from textual.content import Content

from relui.domain.text import clean
from relui.ui.kit.text import line

_HEADING = re.compile(r"^ {0,3}(#{1,6}) +(.*?)(?: +#+)? *$")
_LISTED = re.compile(r"^( *)([-*+]|\d{1,4}[.)]) +(.*)$")
_QUOTED = re.compile(r"^ {0,3}> ?(.*)$")
_RULE = re.compile(r"^ {0,3}(?:-{3,}|\*{3,}|_{3,}) *$")
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_INLINE = re.compile(
    r"\\(?P<plain>[!-/:-@\[-`{-~])"
    r"|`(?P<code>[^`\n]{1,300})`"
    r"|\*\*(?P<bold>(?=\S)[^*\n]{1,300}?(?<=\S))\*\*"
    r"|(?<![\w*])\*(?P<star>(?=\S)[^*\n]{1,300}?(?<=\S))\*(?![\w*])"
    r"|(?<![\w_])_(?P<low>(?=\S)[^_\n]{1,300}?(?<=\S))_(?![\w_])"
    r"|\[(?P<name>[^\[\]\n]{1,200})\]\((?P<link>[^()\s]{1,300})\)"
)
_STANDING_OUT = {"code": "accent", "bold": "bold text", "star": "underline text", "low": "underline text"}


def markdown(text: str, width: int) -> list[Content]:
    """The lines of a text, folded to `width` cells, list items hanging below their sign."""
    width = max(width, 8)
    lines: list[Content] = []
    for first, rest, body in _blocks(clean(text, multiline=True)):
        room = max(width - rest.cell_length, 6)
        folded = body.wrap(room) if body.cell_length > room else [body]
        lines += [Content.assemble(rest if number else first, part) for number, part in enumerate(folded)]
    return lines


def _blocks(text: str) -> Iterator[tuple[Content, Content, Content]]:
    """What stands before the first line of a block, before its other lines, and the block itself."""
    none = Content()
    paragraph: list[str] = []
    fence = ""
    for row in [*text.split("\n"), ""]:
        fenced = _FENCE.match(row)
        if fence or fenced:
            if paragraph:
                yield none, none, _inline(" ".join(paragraph))
                paragraph = []
            if fenced and (not fence or fenced[1].startswith(fence)):
                fence = "" if fence else fenced[1]
                continue
            yield line(("| ", "muted")), line(("| ", "muted")), line((row, "accent"))
            continue
        made = _block(row)
        if made is None and row.strip():
            paragraph.append(row.strip())
            continue
        if paragraph:
            yield none, none, _inline(" ".join(paragraph))
            paragraph = []
        yield made or (none, none, none)


def _block(row: str) -> tuple[Content, Content, Content] | None:
    """A row that is a block of its own; None for words of a paragraph and for blank rows."""
    none = Content()
    if _RULE.match(row):
        return none, none, line(("-" * 12, "muted"))
    if heading := _HEADING.match(row):
        return none, none, line((heading[2], "bold accent"))
    if listed := _LISTED.match(row):
        indent = " " * min(len(listed[1]), 12)
        sign = f"{'-' if listed[2] in '-*+' else listed[2]} "
        return line(indent, (sign, "accent")), line(indent + " " * len(sign)), _inline(listed[3])
    if quoted := _QUOTED.match(row):
        return line(("| ", "muted")), line(("| ", "muted")), line((quoted[1], "muted"))
    return None


def _inline(text: str) -> Content:
    pieces: list[str | tuple[str, str]] = []
    at = 0
    for found in _INLINE.finditer(text):
        pieces.append(text[at : found.start()])
        at = found.end()
        kind = found.lastgroup or ""
        if kind == "plain":
            pieces.append(found[kind])
        elif kind == "link":
            pieces += [(found["name"], "underline text"), (f" ({found['link']})", "muted")]
        else:
            pieces.append((found[kind], _STANDING_OUT[kind]))
    return line(*pieces, text[at:])
