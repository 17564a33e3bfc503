"""A template file of the wrong shape, as far as it goes: so that all of its mistakes are told in one go.

What is right about it (ids, requirements, nesting) can be checked before the rest is mended. Every list
keeps its length, so that each place stays where it is in the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from relui.domain.template import FieldForm, ItemForm, PhaseForm, Template


def sketched(data: Any) -> Template | None:
    """A template with whatever ids and requirements the data have, unchecked; None when it is no mapping."""
    if not isinstance(data, Mapping):
        return None
    kind = data.get("kind")
    return Template.model_construct(
        template=_text(data, "template"),
        name="",
        kind=kind if kind in ("base", "pack", "emergency") else "base",
        packs=_texts(data, "packs"),
        phases=[_phase(one, at) for at, one in enumerate(_list(data, "phases"))],
        items=[_item(one, at) for at, one in enumerate(_list(data, "items"))],
    )


def _phase(data: Any, at: int) -> PhaseForm:
    items = [_item(one, number) for number, one in enumerate(_list(data, "items"))]
    return PhaseForm.model_construct(id=_id(data, at), name="", stage="build", items=items)


def _item(data: Any, at: int) -> ItemForm:
    return ItemForm.model_construct(
        id=_id(data, at),
        text="",
        into=_text(data, "into") or None,
        after=_text(data, "after") or None,
        requires=_texts(data, "requires"),
        fields=[_field(one, number) for number, one in enumerate(_list(data, "fields"))],
        items=[_item(one, number) for number, one in enumerate(_list(data, "items"))],
    )


def _field(data: Any, at: int) -> FieldForm:
    return FieldForm.model_construct(id=_id(data, at), label="")


def _id(data: Any, at: int) -> str:
    """The id as probably meant: capitals are a mistake that is told already. What has none gets one of its
    own, so that nothing is called doubled for that."""
    return _text(data, "id").lower() or f"\0{at}"


def _text(data: Any, key: str) -> str:
    value = data.get(key) if isinstance(data, Mapping) else None
    return value if isinstance(value, str) else ""


def _list(data: Any, key: str) -> Sequence[Any]:
    value = data.get(key) if isinstance(data, Mapping) else None
    return value if isinstance(value, list) else []


def _texts(data: Any, key: str) -> list[str]:
    """Every entry of a list; what is no text stands as nothing, which is not looked for."""
    return [one if isinstance(one, str) else "" for one in _list(data, key)]
