"""What is said of many components at once: checksums, not needed, as in the build before [S1.9, S1.12].

Checksums come from a manifest, by the file that a location ends in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain, count
from pathlib import PurePosixPath

from msgspec.structs import replace

from relui.domain.dossier.builds import LOGS, TAG, former
from relui.domain.dossier.editing import PARTS_LIMIT
from relui.domain.dossier.package import CATEGORY_OF, checked_component, undeclared
from relui.domain.dossier.parts import Component
from relui.domain.dossier.readers import ID_LIMIT
from relui.domain.log import Act
from relui.domain.release import Release
from relui.domain.ruling import Ruling, refuse_closed
from relui.domain.text import counted, did_you_mean, first_of, one_line, quoted, unique
from relui.errors import BadInput

_BY_WORD = (
    ("rollback", "rollback-script"),
    ("deploy", "deployment-script"),
    ("smoke", "verification-test"),
    ("health", "health-check"),
    ("release-notes", "release-notes"),
    ("runbook", "runbook"),
    ("known-issues", "known-issues"),
)
_BY_ENDING = {
    "database-script": (".sql",),
    "static-asset": (".css", ".js", ".map", ".png", ".svg", ".woff2", ".html", ".ico", ".jpg"),
    "environment-config": (".yaml", ".yml", ".json", ".toml", ".ini", ".conf", ".env", ".properties"),
    "deployment-script": (".sh", ".ps1", ".bat", ".tf"),
    "image": (".oci", ".img", ".iso", ".ova", ".qcow2"),
}
_SHOWN = 6


def take_checksums(
    release: Release,
    sums: Mapping[str, str],
    source: str,
    at: datetime,
    *,
    add: bool = False,
    kind: str = "",
    where: str = "",
) -> Ruling:
    """The release with the checksums of a manifest (file -> checksum), as one act; the log names `source`.

    A component takes the one of the file that its location or its name ends in; what several files or
    several components fit is left, and told. With `add` the files that fit none become components: of
    `kind`, else as their names tell, and with `where`, or the place of the package, before their location.
    Raises BadInput for an unknown kind, or when nothing fits.
    """
    refuse_closed(release)
    if kind and kind not in CATEGORY_OF:
        raise BadInput(f"There is no kind of component {quoted(kind)}.{did_you_mean(kind, CATEGORY_OF)}")
    pairs, left = _pairs(release.dossier.components, list(sums))
    changed: list[str] = []
    already: list[str] = []
    replaced: list[str] = []
    components: list[Component] = []
    for component in release.dossier.components:
        part = component
        if component.id in pairs:
            part = _with(release, component, sums[pairs[component.id]])
            (already if part == component else changed).append(component.id)
            if component.checksum and component.checksum != part.checksum:
                replaced.append(component.id)
        components.append(part)
    taken = set(pairs.values()) | {name for name, _ in left}
    unknown = [name for name in sums if name not in taken]
    added = _added(release, components, sums, unknown, kind, where) if add else []
    told = _told(pairs, release.dossier.components, replaced, [] if add else unknown, added)
    if not changed and not added:
        if not already:
            raise BadInput(" ".join([f"Nothing in {source} fits a component. Nothing was changed.", *told]))
        return Ruling(release, None, already=tuple(already), left=tuple(left), told=tuple(told))
    after = replace(release, dossier=replace(release.dossier, components=(*components, *added)))
    names = [*changed, *(part.id for part in added)]
    act = Act("add-component" if added else "edit-component", _act_words(changed, added, source))
    return Ruling(after, act, tuple(names), tuple(already), tuple(left), tuple(told))


def _pairs(
    components: Sequence[Component], files: Sequence[str]
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Component -> its file, and the files that are left, with the reason."""
    pairs: dict[str, str] = {}
    left: list[tuple[str, str]] = []
    by_end: dict[str, list[Component]] = {}
    for component in components:
        for end in _ends(component):
            by_end.setdefault(end, []).append(component)
    fitting: dict[str, list[str]] = {}
    for file in files:
        for component in by_end.get(_base(file), []):
            fitting.setdefault(component.id, []).append(file)
    for component in components:
        found = fitting.get(component.id, [])
        most = max((_fit(component, file) for file in found), default=0)
        best = [file for file in found if _fit(component, file) == most]
        if component.presence == "not-needed":
            left += [(file, f"is {component.id}, which is declared not needed") for file in best]
        elif len(best) > 1:
            left += [(file, f"fits {component.id}, as {_other(best, file)} does") for file in best]
        elif best:
            pairs[component.id] = best[0]
    left += _settled(pairs, components)
    return pairs, [each for each in dict.fromkeys(left) if each[0] not in pairs.values()]


def _settled(pairs: dict[str, str], components: Sequence[Component]) -> list[tuple[str, str]]:
    """Leave a file that several components have to the one that it fits best; else to none of them."""
    left = []
    for file, number in Counter(pairs.values()).items():
        if number > 1:
            several = [name for name, other in pairs.items() if other == file]
            surest = _surest([each for each in components if each.id in several], file)
            for name in several:
                if name != surest:
                    del pairs[name]
            if not surest:
                left.append((file, f"fits {', '.join(several)}"))
    return left


def _other(files: Sequence[str], file: str) -> str:
    return next(other for other in files if other != file)


def _surest(components: Sequence[Component], file: str) -> str:
    """The one component that a file fits better than any other; nothing where two are alike."""
    fits = sorted(((_fit(component, file), component.id) for component in components), reverse=True)
    return fits[0][1] if fits[0][0] > fits[1][0] else ""


def _texts(component: Component) -> list[str]:
    """What can end in a file's name: its location, without a query as well, and its name."""
    texts = (component.location, re.sub(r"[?#].*", "", component.location), component.id)
    return [text.replace("\\", "/").rstrip("/") for text in texts if text]


def _ends(component: Component) -> set[str]:
    """What stands behind the last slash, colon, equals sign or blank of each."""
    return {
        end for text in _texts(component) for end in (text.rpartition("/")[2], re.split(r"[/:=\s]", text)[-1])
    }


def _base(file: str) -> str:
    return _plain(file).rpartition("/")[2]


def _fit(component: Component, file: str) -> int:
    """How many characters its location or its name has at the end in common with the file's path."""
    path = _plain(file)
    return max(_shared(text, path) for text in _texts(component))


def _shared(one: str, other: str) -> int:
    pairs = enumerate(zip(reversed(one), reversed(other), strict=False))
    return next((at for at, (mine, theirs) in pairs if mine != theirs), min(len(one), len(other)))


def _plain(file: str) -> str:
    return re.sub(r"^(?:\./)+", "", file.replace("\\", "/"))


def _with(release: Release, component: Component, checksum: str) -> Component:
    there = component.location and component.presence == "missing"
    number = release.dossier.iteration  # what the manifest says, it says of the present build
    presence = "present" if there else component.presence
    part = replace(component, checksum=checksum, presence=presence, iteration=number)
    return checked_component(release, component, part)


def _added(
    release: Release,
    components: Sequence[Component],
    sums: Mapping[str, str],
    files: Sequence[str],
    kind: str,
    where: str,
) -> list[Component]:
    if len(components) + len(files) > PARTS_LIMIT:
        raise BadInput(
            f"A release holds at most {PARTS_LIMIT:,} components; these would be more. Nothing was changed."
        )
    names = {component.id.casefold() for component in components}
    prefix = (where or release.dossier.package_at).rstrip("/")
    made = []
    for file in files:
        path = _plain(file)
        base = _base(file).lstrip("-")[: ID_LIMIT - 8] or "file"
        numbered = chain((base,), (f"{base}-{number}" for number in count(2)))
        name = next(each for each in numbered if each.casefold() not in names)
        names.add(name.casefold())
        of_kind = kind or _kind_of(path)
        location = f"{prefix}/{path.lstrip('/')}" if prefix else path
        part = Component(
            id=name, category=CATEGORY_OF[of_kind], kind=of_kind, location=location, checksum=sums[file],
            presence="present", iteration=release.dossier.iteration,
        )  # fmt: skip
        made.append(checked_component(release, None, part))
    return made


def _kind_of(path: str) -> str:
    """The kind that a file's name tells; a binary when it tells nothing."""
    name = PurePosixPath(path.lower()).name.replace("_", "-")
    ending = PurePosixPath(name).suffix
    for word, kind in _BY_WORD:
        if word in name and ending not in (".jar", ".war", ".whl", ".gz", ".zip", ".deb", ".rpm", ".exe"):
            return kind
    return next((kind for kind, endings in _BY_ENDING.items() if ending in endings), "binary")


def _told(
    pairs: Mapping[str, str],
    components: Iterable[Component],
    replaced: Sequence[str],
    unknown: Sequence[str],
    added: Sequence[Component],
) -> list[str]:
    told = []
    if replaced:
        told.append(f"Replaced other checksums: {first_of(replaced, _SHOWN)}.")
    if added:
        kinds = Counter(component.kind for component in added)
        told.append(
            f"Added as {', '.join(f'{name} ({count})' for name, count in kinds.items())}: see to the kinds."
        )
    if unknown:
        told.append(f"No component ends in {first_of(unknown, _SHOWN)}. They can be added (--add).")
    bare = [each.id for each in components if each.id not in pairs and each.presence != "not-needed"]
    if bare:
        told.append(f"Not in it: {first_of(bare, _SHOWN)}.")
    return told


def _act_words(changed: Sequence[str], added: Sequence[Component], source: str) -> str:
    took = f"took {counted(len(changed), 'checksum')} from {source}: {first_of(changed, _SHOWN)}"
    more = f"added {counted(len(added), 'component')}: {first_of([part.id for part in added], _SHOWN)}"
    if not changed:
        return f"{more}, from {source}"
    return f"{took}; {more}" if added else took


ALL = "all"


def carry_over(release: Release, names: Iterable[str], at: datetime) -> Ruling:
    """Say that parts of the package are in the present build as they were in the one before.

    `all` means every component that is left; the tag (`package-tag`) and the logs (`build-logs`) are named.
    Raises BadInput for what is no component with a checksum, and for nothing.
    """
    refuse_closed(release)
    number, left = release.dossier.iteration, former(release)
    wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    if wanted == [ALL]:
        wanted = [name for name in left if name not in (TAG, LOGS)] or [ALL]
    known = [*(each.id for each in release.dossier.components if each.checksum), TAG, LOGS]
    for name in wanted:
        if name not in known and name != ALL:
            raise BadInput(
                f"{quoted(name)} is no component of {release.id} with a checksum.{did_you_mean(name, known)}"
            )
    if not wanted:
        raise BadInput("Say what is in this build as it was before: components by name, or all.")
    changed = tuple(name for name in wanted if name in left)
    if not changed:
        return Ruling(release, None, already=tuple(wanted))
    dossier = replace(
        release.dossier,
        components=tuple(
            replace(each, iteration=number) if each.id in changed else each
            for each in release.dossier.components
        ),
        tag_build=number if TAG in changed else release.dossier.tag_build,
        logs_build=number if LOGS in changed else release.dossier.logs_build,
    )
    act = Act("carry-over", f"said to be in build {number} as before: {', '.join(changed)}")
    already = tuple(name for name in wanted if name not in changed)
    return Ruling(replace(release, dossier=dossier), act, changed, already=already)


def declare_not_needed(release: Release, kinds: Iterable[str], reason: str, at: datetime) -> Ruling:
    """Declare kinds of component as not needed, for one reason and as one act; `all` means every undeclared.

    Raises BadInput for an unknown kind or without a reason. Kinds with a component are left, and told.
    """
    refuse_closed(release)
    reason = one_line(reason, what="The reason why they are not needed", required=True)
    wanted = list(dict.fromkeys(kinds))
    free = undeclared(release)
    if wanted == ["all"]:
        wanted = list(free)
    for kind in wanted:
        if kind not in CATEGORY_OF:
            raise BadInput(f"There is no kind of component {quoted(kind)}.{did_you_mean(kind, CATEGORY_OF)}")
    components = list(release.dossier.components)
    added = [kind for kind in wanted if kind in free]
    for kind in added:
        name = unique(kind, (component.id for component in components))
        category = CATEGORY_OF[kind]
        components.append(
            Component(id=name, category=category, kind=kind, presence="not-needed", why_not=reason)
        )
    declared = tuple(kind for kind in wanted if kind not in free)
    if not added:
        return Ruling(release, None, already=declared)
    result = replace(release, dossier=replace(release.dossier, components=tuple(components)))
    act = Act("add-component", f"declared not needed: {', '.join(added)}", reason)
    left = tuple((kind, "is declared already") for kind in declared)
    return Ruling(result, act, tuple(added), left=left)
