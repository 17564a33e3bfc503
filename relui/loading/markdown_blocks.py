"""Where the blocks of a Markdown text begin and end, as the Markdown parser finds them."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

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
