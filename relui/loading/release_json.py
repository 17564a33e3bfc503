"""Reading relui's own JSON form of whole releases, with their logs checked before anything is taken over.

A log that does not verify is refused. Text that is not clean is cleaned; then the chain can't hold, and a
new log has to start. What `relui.documents.exports` wrote comes back as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn, TypeVar

import msgspec
from msgspec import Struct

from relui.domain.checklist import Item
from relui.domain.identifiers import parts
from relui.domain.instants import parse_offset, zone_named
from relui.domain.log import Entry, verify
from relui.domain.patches import Document
from relui.domain.release import Release
from relui.domain.text import TEXT_LIMIT, clean
from relui.errors import BadInput, Refused

SIZE_LIMIT = 64 * 1024 * 1024
"""Bytes that a file may have."""
DEPTH_LIMIT = 64
"""Levels of nesting that a file may have."""
FORM = 1
"""The newest form that can be read."""

_LONG_TEXTS = frozenset({"help", "note", "rationale", "risk", "rollback", "well", "hard", "next"})
"""Fields that may have several lines."""
_LONG_IN_DOSSIER = _LONG_TEXTS | {
    "attributes", "comment", "issues", "reason", "relationships", "resources", "rollback_triggers",
    "test_plan", "text", "user_action", "verification", "words",
}  # fmt: skip
"""Those of the dossier's parts, sign-offs, decisions and messages."""
_DIGESTS = "basis"
"""What a sign-off rests on: digests and names that line ends and tabs keep apart."""
_SCHEMA = "schema"
"""The one field of a stored document that is not the release's own: the version of its shape."""
_BYTE = re.compile(r" \(byte (\d+)\)$")
_PLACE = re.compile(r" - at `(key in )?\$(.*)`$")

_FAR = re.compile(r"(\w+): (.* is too far away)")
"""What a struct says of one of its instants (relui/domain/instants.py)."""

T = TypeVar("T")


class ImportedRelease(Struct, frozen=True):
    """One release of a file: the struct, its document and its log as they are to be stored.

    An empty `log` means that a new one has to start with an `import` entry; `told` says why.
    """

    release: Release
    state: Document
    log: list[Document]
    told: tuple[str, ...] = ()


class _Envelope(Struct):
    """The outer form of one release."""

    release: dict[str, Any]
    relui: int = FORM
    log: list[dict[str, Any]] | None = None


class _Stored(Struct):
    """What the store adds to a release's document."""

    schema: int = 1


def read_release_json(text: str | bytes, shown: str) -> list[ImportedRelease]:
    """Every release in a JSON text: one, an array, or `{"releases": [...]}`; `shown` names it in errors.

    Raises BadInput, naming line or path, for a text of another form, too large or too deep; Refused
    when a log does not verify.
    """
    shown = clean(shown)
    document = _decoded(text, shown)
    _refuse_deep(document, shown)
    found: list[ImportedRelease] = []
    for place, one in _documents(document, shown):
        imported = _imported(one, place, shown)
        if any(other.release.id == imported.release.id for other in found):
            _refuse(shown, f"{place}release.id", f"{imported.release.id} is in this file twice. Keep one.")
        found.append(imported)
    return found


def _decoded(text: str | bytes, shown: str) -> Any:
    """The JSON value. Raises BadInput with file and line."""
    try:
        data = text.encode() if isinstance(text, str) else text
    except UnicodeEncodeError:
        raise BadInput(f"{shown}: is not Unicode text. Save the file as UTF-8.") from None
    if len(data) > SIZE_LIMIT:
        raise BadInput(f"{shown}: is larger than {SIZE_LIMIT // 1024**2} MB. Import it in several files.")
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return msgspec.json.decode(data)
    except UnicodeDecodeError:
        raise BadInput(
            f"{shown}:{_bad_line(data)}: this is not UTF-8 text. Save the file as UTF-8."
        ) from None
    except RecursionError:
        _refuse_depth(shown)
    except msgspec.DecodeError as error:
        at = _BYTE.search(str(error))
        line = data.count(b"\n", 0, int(at[1]) if at else len(data)) + 1
        what = _BYTE.sub("", str(error)).removeprefix("JSON is malformed: ")
        raise BadInput(f"{shown}:{line}: this is not JSON: {_PLACE.sub('', what).lower()}.") from None


def _bad_line(data: bytes) -> int:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1
    return 1


def _refuse_deep(document: Any, shown: str) -> None:
    level, depth = [document], 0
    while level:
        depth += 1
        if depth > DEPTH_LIMIT:
            _refuse_depth(shown)
        inner: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                inner += value.values()
            elif isinstance(value, list):
                inner += value
        level = [value for value in inner if isinstance(value, dict | list)]


def _refuse_depth(shown: str) -> NoReturn:
    raise BadInput(f"{shown}: is nested more than {DEPTH_LIMIT} levels deep. No release is.")


def _documents(document: Any, shown: str) -> Iterator[tuple[str, Any]]:
    """Each release of the file, with where it stands: `[2].` or `releases[2].`."""
    place = ""
    if isinstance(document, dict) and "releases" in document:
        place, document = "releases", document["releases"]
        if not isinstance(document, list):
            _refuse(shown, place, "a list of releases is expected here.")
    if not isinstance(document, list):
        yield "", document
        return
    if not document:
        raise BadInput(f"{shown}: there are no releases in it.")
    for number, one in enumerate(document):
        yield f"{place}[{number}].", one


def _imported(document: Any, place: str, shown: str) -> ImportedRelease:
    if not isinstance(document, dict) or "release" not in document:
        _refuse(shown, place, 'this is no release. It must have the form {"relui": 1, "release": {...}}.')
    envelope = _converted(document, _Envelope, place, shown)
    if envelope.relui > FORM:
        _refuse(
            shown, f"{place}relui", f"form {envelope.relui} is of a newer relui. Update relui to read it."
        )
    state, log = envelope.release, envelope.log or []
    release = _converted(state, Release, f"{place}release", shown)
    _converted(state, _Stored, f"{place}release", shown)
    _converted(log, list[Entry], f"{place}log", shown)
    _check(release, f"{place}release", shown)
    _refuse_long(state, f"{place}release", shown)
    _refuse_unverified(release.id, state, log, shown)
    told: list[str] = [] if log else [f"{release.id} comes without a log: a new one starts."]
    cleaned = _cleaned(state)
    if cleaned != state or _cleaned(log, keep="\n\t") != log:
        told = [
            f"{release.id} contains control or invisible characters: they were removed, so its log can't "
            "be carried over, and a new one starts."
        ]
        state, log = cleaned, []
        release = _converted(state, Release, f"{place}release", shown)
        _check(release, f"{place}release", shown)
    unknown = sorted(set(state) - {_SCHEMA, *Release.__struct_fields__})
    if unknown:
        told.append(f"{release.id} has fields that are not known here: {', '.join(unknown)[:200]}.")
    return ImportedRelease(release, state, log, tuple(told))


def _refuse_unverified(release_id: str, state: Document, log: list[Document], shown: str) -> None:
    problems = verify(release_id, state, log).problems if log else ()
    if problems:
        raise Refused(
            f"{shown}: the record of {release_id} does not verify: {clean(problems[0])}. "
            "Nothing was imported. Import an export that was not edited, or remove its `log`."
        )


def _converted(value: Any, kind: type[T], place: str, shown: str) -> T:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        message = str(error)
        at = _PLACE.search(message)
        where = f"{place.removesuffix('.')}{at[2] if at else ''}".lstrip(".")
        what = clean(_PLACE.sub("", message))
        far = _FAR.fullmatch(what)
        if far:
            where, what = f"{where}.{far[1]}", far[2]
        _refuse(shown, where, f"{what[0].lower()}{what[1:]}.")


def _check(release: Release, place: str, shown: str) -> None:
    """What the types don't tell: identifier, zone, year, due times, ids."""
    if parts(release.id) is None:
        _refuse(shown, f"{place}.id", f"'{release.id[:60]}' is not an identifier such as REL-2026-11-003.")
    if not 1900 <= release.go_live.year < 9000:
        _refuse(shown, f"{place}.go_live", "this is too far away.")
    if release.duration <= 0:
        _refuse(shown, f"{place}.duration", "a duration is longer than nothing.")
    try:
        zone_named(release.zone)
    except BadInput as error:
        _refuse(shown, f"{place}.zone", error.message)
    _check_ids([phase.id for phase in release.phases], f"{place}.phases", shown)
    for number, phase in enumerate(release.phases):
        here = f"{place}.phases[{number}]"
        try:
            parse_offset(phase.due)
        except BadInput as error:
            _refuse(shown, f"{here}.due", error.message)
        _check_items(phase.items, here, shown)


def _check_items(items: Sequence[Item], place: str, shown: str) -> None:
    _check_ids([item.id for item in items], f"{place}.items", shown)
    for number, item in enumerate(items):
        _check_items(item.items, f"{place}.items[{number}]", shown)


def _check_ids(ids: Sequence[str], place: str, shown: str) -> None:
    """Ids make paths: none is empty, has a dot, or is there twice."""
    seen: set[str] = set()
    for number, name in enumerate(ids):
        if not name or "." in name or name in seen:
            why = "is here twice" if name in seen else "is not usable as an id"
            _refuse(shown, f"{place}[{number}].id", f"'{name[:60]}' {why}.")
        seen.add(name)


def _refuse_long(value: Any, place: str, shown: str) -> None:
    if isinstance(value, str) and len(value) > TEXT_LIMIT:
        _refuse(shown, place, f"the text has {len(value):,} characters; at most {TEXT_LIMIT:,} fit.")
    elif isinstance(value, dict):
        for key, inner in value.items():
            _refuse_long(inner, f"{place}.{key[:60]}", shown)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            _refuse_long(inner, f"{place}[{number}]", shown)


def _cleaned(value: Any, *, keep: str = "", long: frozenset[str] = _LONG_TEXTS) -> Any:
    """`value` with every text in it cleaned; of line ends and tabs those in `keep` stay.

    `long` names the fields that may have several lines.
    """
    if isinstance(value, str):
        return _cleaned_text(value, keep)
    if isinstance(value, list):
        return [_cleaned(inner, keep=keep, long=long) for inner in value]
    if isinstance(value, dict):
        return {
            clean(key): _cleaned(
                inner,
                keep=keep or ("\n\t" if key == _DIGESTS else "\n" if key in long else ""),
                long=_LONG_IN_DOSSIER if key == "dossier" else long,
            )
            for key, inner in value.items()
        }
    return value


def _cleaned_text(text: str, keep: str) -> str:
    if "\t" in keep:
        return "\t".join(clean(part, multiline=True) for part in text.split("\t"))
    return clean(text, multiline="\n" in keep)


def _refuse(shown: str, place: str, what: str) -> NoReturn:
    where = clean(place.removesuffix("."))
    raise BadInput(f"{shown}: {where}: {clean(what)}" if where else f"{shown}: {clean(what)}")
