"""The lines of a Markdown task list, each with what it is: heading, task, bullet, code, text, rule or blank.

Where a code fence begins and ends, and which lines define links, is the Markdown parser's to say. The rest is
read line by line, because checklists contain what a parser does not know: `[ ] text` without a dash becomes
part of the paragraph before it, and bold lines that serve as headings stay bold lines.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Any, Literal

from msgspec import Struct

from relui.loading.markdown_inline import plain, shield, without_bold

Kind = Literal["blank", "heading", "task", "bare", "bullet", "code", "rule", "text", "link"]
"""A `bare` line is a task without a list dash; `code` is a line of a code fence or of a comment; `link` says
where the links of a label lead to."""

BOLD_LEVEL = 7
"""The level of a bold line that serves as a heading: below every `#` heading."""

_MARKS = "[ xX✓✔√☑✅✗✘❌!~/-]"
_TASK = re.compile(
    rf"(?P<marker>[-*+•‣◦–]|\d{{1,9}}[.)]) +\[(?P<mark>{_MARKS}?)\ufe0f?\](?: +(?P<text>.*))?$"
)
_BARE = re.compile(rf"\[(?P<mark>{_MARKS}?)\ufe0f?\](?: +(?P<text>.*))?$")
_BULLET = re.compile(r"(?P<marker>[-*+•‣◦]|\d{1,9}[.)]) +(?P<text>.+)$")
_BOX = re.compile(r"(?:(?P<marker>[-*+•]) +)?(?P<mark>[☐☑☒⬜])\ufe0f? *(?P<text>.+)$")
_RULE = re.compile(r"(?:(?:-[ ]*){3,}|(?:\*[ ]*){3,}|(?:_[ ]*){3,})$")
_UNDERLINE = re.compile(r"(?:=+|-{2,}) *$")
_FENCE = re.compile(r"(`{3,}|~{3,})([^`]*)$")
_LONGEST_FENCE = 9
_QUOTED = re.compile(r"(?:> ?)+(?= *(?:[-*+•‣◦–☐☑☒⬜]|\d{1,9}[.)]|\[.?\ufe0f?\]) *)")
_HTML_BOX = re.compile(
    r"(?P<marker>[-*+] +)?(?:<li[^>]{0,80}>\s*)?<input\b(?P<kind>[^>]{0,200})>"
    r"(?P<text>.*?)(?:</li>|<br ?/?>)?$"
)
_WHOLLY_BOLD = re.compile(r"[^\w*]{0,8}(?P<mark>\*\*|__)(?P<text>[^*]{1,120})(?P=mark) ?:?[^\w*]{0,8}$")
_PARTLY_BOLD = re.compile(r"[^\w*]{0,8}(?P<mark>\*\*|__)(?P<text>[^*]{1,120})(?P=mark).{0,120}$")
_REMARK = re.compile(
    r"(?:note|notes|hint|tip|important|warning|attention|caution|example|owner|hinweis|achtung|wichtig|tipp|"
    r"beispiel|bemerkung|anmerkung|warnung|verantwortlich)\w*\b",
    re.IGNORECASE,
)


class Line(Struct):
    """One line: number (from 1), what it is, its indentation in columns, and its text without markers.

    `content` is the column at which the text starts, `mark` what stands in a task's box, `level` a
    heading's depth, `first` whether a block of code starts here.
    """

    number: int
    kind: Kind
    indent: int
    raw: str
    text: str = ""
    content: int = 0
    mark: str = ""
    level: int = 0
    first: bool = False


def lines_of(text: str) -> list[Line]:
    """Every line of a readable text (see `relui.loading.foreign_text`), in order."""
    raws = text.split("\n")
    found: list[Line] = []
    blocks = blocks_of(text)
    ends = _ends(raws, blocks)
    at = _front_matter(raws, found)
    while at < len(raws):
        if at in blocks.links:
            label, end = blocks.links[at]
            found += [Line(number + 1, "link", 0, raws[number], label) for number in range(at, end)]
            at = end
            continue
        end = blocks.fences.get(at) or _block_end(raws, at, ends)
        if end:
            found += [_code(number, raws[number], first=number == at) for number in range(at, end)]
            at = end
        elif _is_underlined(raws, at, found):
            level = 1 if raws[at + 1].startswith("=") else 2
            found += [_heading(at, raws[at], raws[at], level), Line(at + 2, "rule", 0, raws[at + 1])]
            at += 2
        else:
            found.append(_line(at, raws[at]))
            at += 1
    _find_bold_headings(found)
    return found


def _line(at: int, raw: str) -> Line:
    body = _QUOTED.sub("", raw, count=1) if raw.lstrip(" ").startswith(">") else raw
    indent = len(body) - len(body.lstrip(" "))
    body = _with_box(body.strip())
    number = at + 1
    if not body:
        return Line(number, "blank", 0, raw)
    if _RULE.match(body):
        return Line(number, "rule", indent, raw)
    depth = len(body) - len(body.lstrip("#"))
    if indent < 4 and 0 < depth <= 6 and (depth > 1 or body[1:2] in ("", " ")) and body.strip("# "):
        return _heading(at, raw, _without_closing(body[depth:].strip()), depth)
    if found := _TASK.match(body) or _BARE.match(body) or _BOX.match(body):
        bare = not found.groupdict().get("marker")
        content = indent + (2 if bare else len(found["marker"]) + 1)
        text = (found["text"] or "").strip()
        return Line(number, "bare" if bare else "task", indent, raw, text, content, found["mark"] or " ")
    if found := _BULLET.match(body):
        return Line(number, "bullet", indent, raw, found["text"].strip(), indent + len(found["marker"]) + 1)
    return Line(number, "text", indent, raw, body)


def _with_box(body: str) -> str:
    """A check box in HTML as one in Markdown."""
    found = _HTML_BOX.match(body) if "<input" in body else None
    if found is None or "checkbox" not in found["kind"]:
        return body
    mark = "x" if re.search(r"\bchecked\b", found["kind"]) else " "
    return f"{found['marker'] or '- '}[{mark}] {found['text'].strip()}"


def _heading(at: int, raw: str, text: str, level: int) -> Line:
    return Line(at + 1, "heading", 0, raw, text.strip(), level=level)


def _without_closing(text: str) -> str:
    """A heading's text without the `##` that may close it."""
    bare = text.rstrip("#")
    return bare.rstrip() if bare.endswith(" ") else text


def _code(at: int, raw: str, *, first: bool) -> Line:
    return Line(at + 1, "code", len(raw) - len(raw.lstrip(" ")), raw, raw.strip(), first=first)


def _front_matter(raws: list[str], found: list[Line]) -> int:
    """Read `key: value` lines between two `---` at the top as code; the number of lines that were read."""
    if raws[0].rstrip() != "---":
        return 0
    for at, raw in enumerate(raws[1:60], start=1):
        if raw.rstrip() in ("---", "..."):
            found += [_code(number, raws[number], first=number == 0) for number in range(at + 1)]
            return at + 1
        if not re.match(r"[\w-]+:|[ #-]", raw):
            return 0
    return 0


def _ends(raws: list[str], blocks: Blocks) -> dict[str, list[int]]:
    """Where comments, and code fences that the parser does not know, can end: the lines, by what they close.

    Such a fence stands too far in below a task without a dash. It does not reach over one that is known.
    """
    found: dict[str, list[int]] = {}
    known = {number for start, end in blocks.fences.items() for number in range(start, end)}
    for number, raw in enumerate(raws):
        if number in known:
            continue
        body = raw.strip()
        if "-->" in body:
            found.setdefault("-->", []).append(number)
        if body[:3] in ("```", "~~~") and not body.strip(body[0]):
            for length in range(3, min(len(body), _LONGEST_FENCE) + 1):
                found.setdefault(body[0] * length, []).append(number)
    return found


def _block_end(raws: list[str], at: int, ends: dict[str, list[int]]) -> int:
    """The line after the code fence or comment that starts here; 0 when none does, or it never ends."""
    body = raws[at].strip()
    if body.startswith("<!--"):
        closing, first = ends.get("-->", []), at
    elif fence := _FENCE.match(body):
        closing, first = ends.get(fence[1][:_LONGEST_FENCE], []), at + 1
    else:
        return 0
    place = bisect_left(closing, first)
    return closing[place] + 1 if place < len(closing) else 0


def _is_underlined(raws: list[str], at: int, before: list[Line]) -> bool:
    """A lone line of text with `===` or `---` beneath it is a heading."""
    if at + 1 >= len(raws) or not _UNDERLINE.match(raws[at + 1]) or raws[at].startswith(" "):
        return False
    alone = not before or before[-1].kind in ("blank", "heading", "rule")
    return alone and _line(at, raws[at]).kind == "text" and not raws[at].startswith(("|", ">"))


def _find_bold_headings(lines: list[Line]) -> None:
    """Make headings of bold lines: whole ones, and those that begin bold and lead straight to a list."""
    follower: Kind = "blank"
    for line in reversed(lines):
        if line.kind == "text" and line.indent < 2 and _is_bold_heading(line.text, follower):
            line.kind, line.level, line.indent = "heading", BOLD_LEVEL, 0
            line.text = without_bold(line.text).strip()
        if line.kind != "blank":
            follower = line.kind


def _is_bold_heading(text: str, follower: Kind) -> bool:
    shielded = shield(text)
    whole = _WHOLLY_BOLD.match(shielded)
    found = whole or (_PARTLY_BOLD.match(shielded) if follower in ("task", "bare") else None)
    if found is None:
        return False
    words = plain(found["text"])
    return not _REMARK.match(words) and not words.endswith((".", "!")) and any(map(str.isalnum, words))


_LEADS_SOMEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,30}:|[./#?]|[^\s/]+/|www\.")


class Blocks(Struct, frozen=True):
    """Lines from 0. `fences`: first line of a code fence -> the line after it. `links`: first line of the
    definition of a link -> its label, as labels are compared, and the line after it."""

    fences: dict[int, int]
    links: dict[int, tuple[str, int]]


def blocks_of(text: str) -> Blocks:
    """The code fences and the definitions of links in a text.

    A fence that nothing closes would be code to the end of the text: here it is none, so that no task is
    lost. A label followed by a word, as in `[Name]: Ada`, defines no link.
    """
    from markdown_it import MarkdownIt

    lines = text.split("\n")
    env: dict[str, Any] = {}
    fences: dict[int, int] = {}
    for token in MarkdownIt("commonmark").disable("code").parse(text, env):
        if token.type != "fence" or token.map is None:
            continue
        start, end = token.map
        if _closes(lines[end - 1], token.markup) and end - 1 > start:
            fences[start] = end
    links: dict[int, tuple[str, int]] = {}
    for label, found in env.get("references", {}).items():
        start, end = found["map"]
        if _LEADS_SOMEWHERE.match(found["href"]):
            links[start] = (label, end)
    return Blocks(fences, links)


def _closes(line: str, fence: str) -> bool:
    bare = line.strip().lstrip("> ")
    return bare.startswith(fence) and not bare.strip(fence[0])


def link_label(text: str) -> str:
    """A label as labels are compared: however it is capitalised and spaced."""
    from markdown_it.common.utils import normalizeReference

    return normalizeReference(text)
