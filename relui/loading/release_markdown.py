"""A Markdown task list read as a release: relui's own form with every fact, or any other with its states.

The own form is what relui/documents/checklist_markdown.py writes; its last line says so. Times are exact
to the second. Item ids are made anew from the texts, so requirements, commands and bound facts stay behind:
whoever needs those takes the JSON form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from relui.domain.text import clean
from relui.errors import BadInput
from relui.loading.checklist_shape import Shape, shaped, walk
from relui.loading.foreign_text import readable
from relui.loading.markdown_tasks import read_tasks
from relui.loading.own_facts import MarkdownRelease
from relui.loading.own_markdown import read_own

__all__ = ["FORMAT", "MarkdownRelease", "own_release", "release_from_markdown"]

_FORMAT_MARK = re.compile(r"<!-- relui release (\d{1,4}) -->\s*\Z")
FORMAT = 1
"""The newest form of a release in Markdown that can be read."""


def release_from_markdown(data: bytes | str, shown: str) -> MarkdownRelease:
    """Read a Markdown task list as a release; `shown` names it in errors and in reasons of its marks.

    A list of other origin gives phases, marks, title and description only: the caller supplies the facts.
    Raises BadInput when it is no text, has no tasks, or was written by a newer relui.
    """
    shown = clean(shown)
    made = own_release(data, shown) or _foreign(data, shown)
    if not any(phase.items for phase in made.phases):
        raise BadInput(f"{shown}: there are no tasks in it. Write each as `- [ ] text`.")
    return made


def _foreign(data: bytes | str, shown: str) -> MarkdownRelease:
    tasks = read_tasks(data, shown)
    shape = shaped(tasks, shown)
    return MarkdownRelease(
        phases=shape.phases,
        marks=shape.marks,
        description=shape.description,
        title=tasks.title or None,
        told=(*tasks.told, *shape.told, *tasks.report, *_optional(shape)),
    )


def _optional(shape: Shape) -> Iterator[str]:
    """What may be left out without a reason, as the texts say."""
    for phase in shape.phases:
        for item in walk(phase.items):
            if item.optional:
                yield f"Optional, because the text says so: {item.text}"


def own_release(data: bytes | str, shown: str) -> MarkdownRelease | None:
    """The release in relui's own form, or None for any other text. Raises BadInput for a newer form."""
    text = readable(data, shown, repair=False).text
    found = _FORMAT_MARK.search(text[-200:])
    if found is None:
        return None
    if int(found[1]) > FORMAT:
        raise BadInput(f"{shown}: was written by a newer relui (form {found[1]}). Update relui to read it.")
    return read_own(text.removesuffix(text[-200:][found.start() :]), shown)
