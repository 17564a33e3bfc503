"""What is declared of parts of the package at once: not needed, or as in the build before [S1.12, S1.13]."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from relui.domain.binding import settle
from relui.domain.dossier.builds import LOGS, TAG, former
from relui.domain.dossier.package import CATEGORY_OF, undeclared
from relui.domain.dossier.parts import Component
from relui.domain.log import Act
from relui.domain.naming import did_you_mean, unique
from relui.domain.release import Release
from relui.domain.ruling import Ruling, refuse_closed
from relui.domain.text import one_line, quoted
from relui.errors import BadInput

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
    return Ruling(settle(replace(release, dossier=dossier), at), act, changed, already=already)


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
    return Ruling(settle(result, at), act, tuple(added), left=left)
