"""Field patches between two documents: what a log entry keeps, and what undo and verification replay.

A document is JSON: objects, arrays, text, numbers, true, false, null (tuples count as arrays, because
structs have them). A path is a list of keys; an array whose members all have a text `id` of their own is
walked by those ids while their order stays the same and new ones come last, any other array is one value.
A patch without `before` added its field or member, one without `after` removed it. True, 1 and 1.0 are
three different values.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

Document = dict[str, Any]


class Patch(Struct, frozen=True, omit_defaults=True):
    """One field: where, what it was, what it became (UNSET: it was not there)."""

    path: tuple[str, ...]
    before: Any | UnsetType = UNSET
    after: Any | UnsetType = UNSET

    def reversed(self) -> Patch:
        """The patch that takes this one back."""
        return Patch(self.path, self.after, self.before)


class PatchMismatch(Exception):
    """A patch's `before` is not what stands in the document: `path` says where, `found` what is there."""

    def __init__(self, path: tuple[str, ...], found: object) -> None:
        super().__init__(".".join(path))
        self.path = path
        self.found = found


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same at any depth; unlike `==`, 1 is neither 1.0 nor true."""
    if one is other:
        return True
    if isinstance(one, (dict, list, tuple)):
        return _same_container(one, other)
    return type(one) is type(other) and one == other and (type(one) is not float or repr(one) == repr(other))


def _same_container(one: Any, other: Any) -> bool:
    """Equal encodings prove it for most values, and much faster than walking them."""
    if isinstance(one, dict) != isinstance(other, dict) or not isinstance(other, (dict, list, tuple)):
        return False
    if len(one) != len(other):
        return False
    try:
        if msgspec.json.encode(one) == msgspec.json.encode(other):
            return True
    except (ValueError, OverflowError, TypeError):  # a number or a text that only a foreign file can hold
        pass
    if isinstance(one, dict):
        return all(key in other and same(value, other[key]) for key, value in one.items())
    return all(map(same, one, other))


def copied(value: Any) -> Any:
    """A JSON value that shares nothing with the original; tuples become lists."""
    if isinstance(value, dict):
        return {key: copied(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [copied(member) for member in value]
    return value


def diff(before: Document, after: Document) -> tuple[Patch, ...]:
    """The patches that turn `before` into `after`, in a stable order. They share nothing with either."""
    found: list[Patch] = []
    _diff((), before, after, found)
    return tuple(found)


def value_at(document: Document, path: Iterable[str]) -> Any:
    """What stands at a path, UNSET where nothing does."""
    found: Any = document
    for key in path:
        members = _keyed(found)
        if members is None or key not in members:
            return UNSET
        found = members[key]
    return found


def _diff(path: tuple[str, ...], before: Any, after: Any, found: list[Patch]) -> None:
    if same(before, after):
        return
    old, new = _keyed(before), _keyed(after)
    if old is None or new is None or not path_walkable(before, after, old, new):
        found.append(Patch(path, copied(before), copied(after)))
        return
    for key in [*old, *(key for key in new if key not in old)]:
        if key not in new:
            found.append(Patch((*path, key), before=copied(old[key])))
        elif key not in old:
            found.append(Patch((*path, key), after=copied(new[key])))
        else:
            _diff((*path, key), old[key], new[key], found)


def path_walkable(before: Any, after: Any, old: Document, new: Document) -> bool:
    """Both are objects, or both are arrays, the later one with the same ids first in the same order."""
    if isinstance(before, dict) or isinstance(after, dict):
        return isinstance(before, dict) and isinstance(after, dict)
    return len(new) >= len(old) and list(new)[: len(old)] == list(old)


def _keyed(value: Any) -> Document | None:
    """An object as it is, an array of identified members by id, anything else None."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, (list, tuple)) or not value:
        return None
    by_id: Document = {}
    for member in value:
        name = member.get("id") if isinstance(member, dict) else None
        if not isinstance(name, str) or name in by_id:
            return None
        by_id[name] = member
    return by_id


def apply(document: Document, patches: Iterable[Patch]) -> Document:
    """`document` with the patches applied; the result shares nothing with the arguments.

    Raises PatchMismatch when a field is not what a patch says it was.
    """
    return replay(copied(document), patches)


def replay(document: Document, patches: Iterable[Patch]) -> Document:
    """Apply patches to a document of one's own, in place where that is possible; use what is returned.

    Raises PatchMismatch as `apply` does, and leaves the document half-way then.
    """
    changed: Any = document
    for patch in patches:
        if patch.path:
            _replay(changed, patch)
        else:
            if patch.before is UNSET or not same(changed, patch.before):
                raise PatchMismatch((), changed)
            changed = copied(patch.after)
    if not isinstance(changed, dict):
        raise PatchMismatch((), changed)
    return changed


def _replay(document: Any, patch: Patch) -> None:
    holder = document
    for depth, key in enumerate(patch.path[:-1]):
        fields = _keyed(holder)
        if fields is None or key not in fields:
            raise PatchMismatch(patch.path[: depth + 1], UNSET)
        holder = fields[key]
    key, fields = patch.path[-1], _keyed(holder)
    there = UNSET if fields is None else fields.get(key, UNSET)
    if there is UNSET or patch.before is UNSET:
        fits = there is UNSET and patch.before is UNSET
    else:
        fits = same(there, patch.before)
    if fields is None or not fits:
        raise PatchMismatch(patch.path, there)
    if isinstance(holder, list):
        _replace_member(holder, key, patch)
    elif patch.after is UNSET:
        holder.pop(key, None)
    else:
        holder[key] = copied(patch.after)


def _replace_member(holder: list[Any], key: str, patch: Patch) -> None:
    """A member of an array changes as a whole, comes as the last one, or goes while others stay."""
    if patch.after is not UNSET and not (isinstance(patch.after, dict) and patch.after.get("id") == key):
        raise PatchMismatch(patch.path, UNSET)
    if patch.before is UNSET:
        holder.append(copied(patch.after))
        return
    index = next(index for index, member in enumerate(holder) if member["id"] == key)
    if patch.after is not UNSET:
        holder[index] = copied(patch.after)
    elif len(holder) > 1:
        del holder[index]
    else:  # an array that became empty is one that is not there: that changes the array
        raise PatchMismatch(patch.path, holder[index])
