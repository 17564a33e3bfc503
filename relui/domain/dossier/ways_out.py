"""The one command that helps best with an unmet criterion: the same at the gate and in every refusal."""

from __future__ import annotations

from relui.domain.dossier.gaps import Gap
from relui.domain.release import Release

_PARTS = ("change", "component", "environment", "test", "defect", "config-item", "contact")


def command_for(release: Release, gap: Gap | None, act: str) -> str:
    """The command that meets a gap of a criterion; `act` is the criterion's own, where it has none."""
    at, name = (gap.at, gap.name) if gap else ("", "")
    if at == "edit" and name:
        return f"relui edit {release.id} --set {name}=..."
    if at == "promote" and name:
        return f"relui environment promote {release.id} {name} --access-verified"
    if at == "override" and name:
        return f"relui override {release.id} {name} --reason T"
    if at in ("confirm", "sign", "message") and name:
        return f"relui {at} {release.id} {name}"
    if at == "start":
        return f"wait for it, or relui start {release.id} --override REASON"
    if at == "book":
        return f"relui book {release.id} --at INSTANT"
    if at in _PARTS:
        return f"relui {at} {_part_words(release, at, name)}".rstrip()
    first, _, rest = act.partition(" ")
    if first in _PARTS:
        return f"relui {act} {release.id}"
    return f"relui {first} {release.id} {rest}".rstrip()


def _part_words(release: Release, kind: str, name: str) -> str:
    """`edit REL-2026-11-003 CHG-1` for a part that is there, else how it is added."""
    from relui.domain.dossier.editing import parts_of
    from relui.domain.dossier.package import CATEGORY_OF

    if any(part.id == name for part in parts_of(release, kind)):
        return f"edit {release.id} {name}"
    if kind == "component" and name in CATEGORY_OF:
        return f"add {release.id} {name} --kind {name}"
    if kind == "test" and name:
        return f"add {release.id} --category {name}"
    return f"add {release.id} {name}"
