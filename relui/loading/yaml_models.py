"""What a YAML file says as a pydantic model, or all that is wrong with it, each by its line, in people's
words.

Pydantic knows what is wrong; its jargon (input types, union arms, error codes) stays in here.
"""

from __future__ import annotations

import re
import types
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from relui.domain.text import clean, did_you_mean
from relui.errors import BadInput
from relui.loading.yaml_reader import Loc, Problem, YamlDocument, listed

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


_QUOTED = re.compile(r"'([^']*)'")
_EXPECTED = {
    "bool_parsing": "is neither true nor false",
    "int_parsing": "is not a whole number",
    "int_from_float": "is not a whole number",
    "int_parsing_size": "is too large a number",
    "float_parsing": "is not a number",
    "decimal_parsing": "is not a number",
    "date_parsing": "is not a date. Write it as 2026-11-21",
    "date_from_datetime_parsing": "is not a date. Write it as 2026-11-21",
    "date_from_datetime_inexact": "is not a date. Write it as 2026-11-21",
    "datetime_parsing": "is not a date and time. Write it as 2026-11-21T20:00",
    "datetime_from_date_parsing": "is not a date and time. Write it as 2026-11-21T20:00",
    "time_parsing": 'is not a time of day. Write it as "20:00"',
}
_SHAPES = {
    "list": "a list (lines that start with `- `)",
    "tuple": "a list (lines that start with `- `)",
    "set": "a list (lines that start with `- `)",
    "dict": "a group of `key: value` lines",
    "model": "a group of `key: value` lines",
    "model_attributes": "a group of `key: value` lines",
    "string": "a text",
    "string_sub": "a text",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "date": "a date",
    "datetime": "a date and time",
    "time": "a time of day",
}


def worded(
    error: ValidationError, document: YamlDocument, model: type[BaseModel], within: Loc
) -> list[Problem]:
    """All problems of a failed validation, by line; a union that fails in each arm gives one problem."""
    details = error.errors(include_url=False)
    places = [document.known((*within, *detail["loc"])) for detail in details]
    found: list[tuple[int, Problem]] = []
    for number, (detail, place) in enumerate(zip(details, places, strict=True)):
        if _is_other_arm(detail, place, [other for at, other in enumerate(places) if at != number]):
            continue
        problem = document.problem(place, _sentence(detail, model))
        if not any(problem == other for _, other in found):
            found.append((problem.line, problem))
    return [problem for _, problem in sorted(found, key=lambda pair: pair[0])]


def _is_other_arm(detail: ErrorDetails, place: Loc, others: list[Loc]) -> bool:
    """Whether the value was meant for another arm of a union, whose own error says it better."""
    kind, value = detail["type"], detail["input"]
    if kind in ("literal_error", "enum") and isinstance(value, dict | list):
        return any(other[: len(place)] == place for other in others)
    if kind.endswith("_type") and detail["loc"] and isinstance(value, str) and value:
        return place in others
    return False


def _sentence(detail: ErrorDetails, model: type[BaseModel]) -> str:
    kind, value, loc = detail["type"], detail["input"], detail["loc"]
    context: dict[str, Any] = detail.get("ctx", {})
    if kind == "missing":
        return f"`{loc[-1]}` is missing. Add it."
    if kind == "extra_forbidden":
        return _unknown_key(str(loc[-1]), keys_at(model, loc[:-1]))
    if kind in ("literal_error", "enum"):
        known = _QUOTED.findall(str(context.get("expected", "")))
        return _unknown_value(value, known)
    if kind in ("value_error", "assertion_error"):
        return _ended(clean(str(context.get("error", detail["msg"]))))
    if kind in _EXPECTED:
        return f"{_quoted(value)} {_EXPECTED[kind]}." if value != "" else "no value is given. Write one."
    if kind.endswith("_type") and kind.removesuffix("_type") in _SHAPES:
        return f"{_quoted(value)} is here, but {_SHAPES[kind.removesuffix('_type')]} is expected."
    return _limit(kind, value, context) or _ended(clean(detail["msg"]))


def _limit(kind: str, value: Any, context: dict[str, Any]) -> str:
    if kind == "too_short":
        least = context.get("min_length", 1)
        return f"at least {least} {'entry is' if least == 1 else 'entries are'} needed."
    if kind == "too_long":
        return f"at most {context.get('max_length')} entries fit."
    if kind == "string_too_short":
        return "the text is empty." if not value else f"{_quoted(value)} is too short."
    if kind == "string_too_long":
        return f"the text is longer than {context.get('max_length')} characters."
    words = {
        "greater_than": ("more than", "gt"),
        "greater_than_equal": ("at least", "ge"),
        "less_than": ("less than", "lt"),
        "less_than_equal": ("at most", "le"),
    }
    if kind in words:
        word, key = words[kind]
        return f"{_quoted(value)} must be {word} {context.get(key)}."
    return ""


def _unknown_key(key: str, known: list[str]) -> str:
    return f"unknown key '{clean(key)[:60]}'.{did_you_mean(key, known)}"


def _unknown_value(value: Any, known: list[str]) -> str:
    hint = did_you_mean(value, known) if isinstance(value, str) else ""
    if not hint or hint.startswith(" Did"):
        hint = f"{hint} One of: {', '.join(known)}."
    return f"{_quoted(value)} is not known here.{hint}"


def _quoted(value: Any) -> str:
    if isinstance(value, dict):
        return "a group of keys"
    if isinstance(value, list):
        return "a list"
    text = "" if value is None else clean(str(value))
    if not text:
        return "nothing"
    return f"'{text[:60]}...'" if len(text) > 60 else f"'{text}'"


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def keys_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand at a place of a model, for the nearest right name."""
    here: list[Any] = [model]
    for step in loc:
        here = [found for annotation in here for found in _stepped(annotation, step)] or here
    return sorted({key for annotation in here for key in _keys(annotation)})


def _stepped(annotation: Any, step: str | int) -> list[Any]:
    """The annotations that a step (a key or an index) leads to."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _stepped(arguments[0], step)
    if origin in (Union, types.UnionType):
        return [found for arm in arguments for found in _stepped(arm, step)]
    if origin is dict:
        return [arguments[1]]
    if origin in (list, tuple, set, frozenset):
        return [arguments[0]] if isinstance(step, int) else []
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [
            field.annotation
            for name, field in annotation.model_fields.items()
            if step in (name, field.alias) and field.annotation is not None
        ]
    return []


def _keys(annotation: Any) -> list[str]:
    arguments = get_args(annotation)
    if get_origin(annotation) in (Union, types.UnionType, Annotated):
        return [key for arm in arguments for key in _keys(arm)]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [field.alias or name for name, field in annotation.model_fields.items()]
    return []


M = TypeVar("M", bound=BaseModel)


def checked(
    document: YamlDocument, model: type[M], *, within: Sequence[str | int] = ()
) -> tuple[M | None, list[Problem]]:
    """A document (or its part at `within`) as a model, or None and all that is wrong with it."""
    try:
        return model.model_validate(document.part(within)), []
    except ValidationError as error:
        return None, worded(error, document, model, tuple(within))


def problems(document: YamlDocument, model: type[M], *, within: Sequence[str | int] = ()) -> list[Problem]:
    """All that is wrong with a document (or its part at `within`) as a model, by line."""
    return checked(document, model, within=within)[1]


def validate(document: YamlDocument, model: type[M], *, within: Sequence[str | int] = ()) -> M:
    """The model of a document. Raises BadInput with all problems, each a line `FILE:LINE: place: what`."""
    made, found = checked(document, model, within=within)
    if made is None:
        raise BadInput(listed(found))
    return made
