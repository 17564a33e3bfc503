"""What a YAML file says as a pydantic model, or all that is wrong with it, each by its line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from relui.errors import BadInput
from relui.loading.wording import worded
from relui.loading.yaml_reader import Problem, YamlDocument, listed

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
