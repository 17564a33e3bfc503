"""Partial progress: how far the deployment is in each service or region.

The regions that the release was created with (`--set region=eu,us`) are expected; others may be named.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from relui.domain.log import Act
from relui.domain.naming import did_you_mean
from relui.domain.release import Release
from relui.domain.ruling import Ruling, refuse_closed
from relui.domain.text import one_line, quoted
from relui.errors import BadInput

STATES = {
    "waiting": "not started",
    "deploying": "being deployed",
    "done": "deployed and verified",
    "failed": "failed",
    "rolled-back": "rolled back",
    "left-out": "left out of this release",
}
"""What a service or region can be, in words."""

PLACES_LIMIT = 200
"""Services and regions that one release may name."""


def places(release: Release) -> dict[str, str]:
    """Each service or region with its state; those that are expected and not begun are `waiting`."""
    expected = dict.fromkeys(release.values.get("region", ()), "waiting")
    return {**expected, **release.dossier.progress}


def record_progress(
    release: Release, names: Iterable[str], state: str, at: datetime, by: str, reason: str = ""
) -> Ruling:
    """Record the state of services or regions as one act; `all` means every one that is known.

    Raises BadInput for an unknown state, and without a reason for what failed, was rolled back or left out.
    """
    refuse_closed(release)
    word = state.strip().lower()
    if word not in STATES:
        raise BadInput(f"{quoted(state)} is not a state of progress.{did_you_mean(word, STATES)}")
    reason = one_line(reason, what="The reason")
    if word in ("failed", "rolled-back", "left-out") and not reason:
        raise BadInput(f"Say why it is {STATES[word]}: the reason stays in the record.")
    known = places(release)
    wanted = [one_line(name, what="The service or region", required=True) for name in names]
    if wanted == ["all"]:
        wanted = list(known)
    if not wanted:
        raise BadInput("Name the services or regions whose progress it is.")
    by_folded = {name.casefold(): name for name in known}
    wanted = list(dict.fromkeys(by_folded.get(name.casefold(), name) for name in wanted))
    changed = [name for name in wanted if release.dossier.progress.get(name) != word]
    if not changed:
        return Ruling(release, None, already=tuple(wanted))
    progress = {**release.dossier.progress, **dict.fromkeys(changed, word)}
    if len(progress) > PLACES_LIMIT:
        raise BadInput(f"A release names at most {PLACES_LIMIT} services and regions. Split it.")
    result = replace(release, dossier=replace(release.dossier, progress=progress))
    act = Act("progress", f"{', '.join(changed)}: {STATES[word]}", reason)
    return Ruling(result, act, tuple(changed), already=tuple(name for name in wanted if name not in changed))


def finished(release: Release) -> bool:
    """Nothing is waiting or being deployed any more; true where no place is named."""
    return not any(state in ("waiting", "deploying") for state in places(release).values())


def partly(release: Release) -> bool:
    """Some places are done and others are not: the release succeeded partly, if it stays so."""
    states = list(places(release).values())
    return "done" in states and any(state != "done" for state in states)


def progress_words(release: Release) -> str:
    """`2 of 3 deployed and verified: us failed`; empty where no place is named."""
    known = places(release)
    if not known:
        return ""
    done = sum(1 for state in known.values() if state == "done")
    rest = ", ".join(f"{name} {STATES[state]}" for name, state in known.items() if state != "done")
    return f"{done} of {len(known)} {STATES['done']}" + (f": {rest}" if rest else "")
