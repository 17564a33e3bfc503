"""The environments of a release: its promotion through them [S1.18], and how far each service or region is.

The regions that the release was created with (`--set region=eu,us`) are expected; others may be named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.calendar.wall_clock import moment_words
from relui.domain.dossier.parts import Environment
from relui.domain.log import Act
from relui.domain.release import Release
from relui.domain.ruling import Gap, Ruling, refuse_closed
from relui.domain.text import did_you_mean, one_line, quoted
from relui.errors import BadInput, Refused


class Purpose(Struct, frozen=True):
    """What an environment is for: who works in it, with which data, on which network."""

    who: str
    data: str
    network: str


PURPOSES = {
    "dev": Purpose("developers build", "synthetic data", "isolated network"),
    "test": Purpose("QA validates", "synthetic or anonymised data", "shared test network"),
    "staging": Purpose(
        "the service owner accepts", "production-like data", "a copy of the production network"
    ),
    "production": Purpose("operations deploys", "production data", "production network"),
}
"""The four usual environments, in the order of promotion."""

_OWN = 3  # an organisation's own environment comes behind staging, before production


def purpose(name: str) -> Purpose | None:
    """What an environment is for; None for one of the organisation's own."""
    return PURPOSES.get(name.casefold())


def in_order(release: Release, environments: Sequence[Environment]) -> tuple[Environment, ...]:
    """The schedule in the order of promotion; the release's target comes last, own names before it."""
    return tuple(sorted(environments, key=lambda each: _rank(release, each.id)))


def _rank(release: Release, name: str) -> int:
    folded = name.casefold()
    if folded == release.environment.casefold():
        return len(PURPOSES) + 1
    names = list(PURPOSES)
    return _OWN if folded not in names else names.index(folded) + (folded == "production")


def checked_environment(release: Release, before: Environment | None, part: Environment) -> Environment:
    """The environment, by the usual name when it is one of the four. Raises BadInput when another is
    planned out of order."""
    if part.id.casefold() in PURPOSES:
        part = replace(part, id=part.id.casefold())
    others = [each for each in release.dossier.environments if before is None or each.id != before.id]
    for other in others:
        if part.planned is None or other.planned is None or other.id.casefold() == part.id.casefold():
            continue
        mine, theirs = _rank(release, part.id), _rank(release, other.id)
        if (mine < theirs and part.planned > other.planned) or (
            mine > theirs and part.planned < other.planned
        ):
            first, second = (part.id, other.id) if mine < theirs else (other.id, part.id)
            raise BadInput(f"{first} comes before {second}: plan its promotion not later than that one.")
    return part


def schedule_gaps(release: Release) -> tuple[Gap, ...]:
    """What the promotion schedule lacks: an instant for each environment, the target among them."""
    environments = release.dossier.environments
    if not environments:
        return (Gap("no environment in the promotion schedule", "environment"),)
    found = [
        Gap(f"no planned time for {each.id}", "environment", each.id)
        for each in environments
        if each.planned is None
    ]
    if release.environment.casefold() not in (each.id.casefold() for each in environments):
        text = f"{release.environment}, its target, is not in the promotion schedule"
        found.append(Gap(text, "environment", release.environment))
    return tuple(found)


def promoted(release: Release, name: str) -> bool:
    """The present build was promoted to the environment."""
    folded = name.casefold()
    return any(
        each.id.casefold() == folded and each.promoted is not None and _is_present(release, each)
        for each in release.dossier.environments
    )


def _is_present(release: Release, environment: Environment) -> bool:
    """A promotion of an older record, without a build, was that of the first."""
    return (environment.iteration or 1) == release.dossier.iteration


def staging(release: Release) -> Environment | None:
    """Where the release is accepted: `staging`, else the last of the schedule before its target; None where
    the schedule has neither."""
    target = release.environment.casefold()
    before = [each for each in release.dossier.environments if each.id.casefold() != target]
    named = [each for each in before if each.id.casefold() == "staging"]
    found = named or in_order(release, before)
    return found[-1] if found else None


def promote(
    release: Release,
    name: str,
    at: datetime,
    by: str,
    *,
    access_verified: bool,
    when: datetime | None = None,
    baseline: str = "",
) -> Ruling:
    """Record that the present build was promoted to an environment, `when` (UTC; now unless said).

    Raises BadInput for an environment that is not in the schedule or an instant in the future, Refused
    when access was not verified beforehand or an earlier environment does not have this build yet.
    """
    refuse_closed(release)
    environment = environment_named(release, name)
    if not access_verified:
        raise Refused(
            f"Access to {environment.id} must be verified before the promotion. Check that everybody who "
            "needs it can get in, then record the promotion with access verified."
        )
    moment = (when or at).astimezone(UTC)
    if moment > at:
        words = moment_words(moment, release.zone)
        raise BadInput(f"A promotion is recorded when it was done: {words} is to come.")
    began = release.dossier.built_at
    if began is not None and moment < began:
        raise BadInput(
            f"Build {release.dossier.iteration} is of {moment_words(began, release.zone)}, and cannot have "
            f"been promoted before. If it was made earlier, say when: relui edit {release.id} --set "
            "built=INSTANT."
        )
    _refuse_skipped(release, environment, moment)
    found = one_line(baseline, what="The baseline") or environment.baseline
    done = replace(
        environment,
        promoted=moment
        if when is not None or not promoted(release, environment.id)
        else environment.promoted,
        by=by if not promoted(release, environment.id) else environment.by,
        access_verified=True,
        baseline=found,
        iteration=release.dossier.iteration,
    )
    if done == environment:
        return Ruling(release, None, already=(environment.id,))
    after = tuple(done if each is environment else each for each in release.dossier.environments)
    result = replace(release, dossier=replace(release.dossier, environments=after))
    build = f" (build {release.dossier.iteration})" if release.dossier.iteration > 1 else ""
    return Ruling(result, Act("promote", f"promoted to {environment.id}{build}, access verified"), (done.id,))


def _refuse_skipped(release: Release, environment: Environment, moment: datetime) -> None:
    """Raises Refused where an earlier environment does not have this build, BadInput where it came later."""
    for earlier in release.dossier.environments:
        if _rank(release, earlier.id) >= _rank(release, environment.id) or earlier.id == environment.id:
            continue
        if earlier.promoted is None or not _is_present(release, earlier):
            build = f"Build {release.dossier.iteration}" if release.dossier.iteration > 1 else "The release"
            raise Refused(
                f"{build} was not promoted to {earlier.id} yet, and that comes before {environment.id}. "
                f"Record that promotion first, or take {earlier.id} out of the schedule."
            )
        if earlier.promoted > moment:
            words = moment_words(earlier.promoted, release.zone)
            raise BadInput(f"It was promoted to {earlier.id} only after that, on {words}.")


def environment_named(release: Release, name: str) -> Environment:
    """The environment of the schedule. Raises BadInput with the nearest."""
    folded = name.strip().casefold()
    for environment in release.dossier.environments:
        if environment.id.casefold() == folded:
            return environment
    hint = did_you_mean(name, [each.id for each in release.dossier.environments])
    raise BadInput(
        f"{quoted(name)} is not in the promotion schedule of {release.id}.{hint or ' Add it first.'}"
    )


def baseline_gaps(release: Release, name: str = "test") -> tuple[Gap, ...]:
    """Whether an environment's baseline was compared with its documented configuration, before testing."""
    for environment in release.dossier.environments:
        if environment.id.casefold() == name.casefold():
            if environment.baseline:
                return ()
            text = f"the baseline of {environment.id} was not compared with its documented configuration"
            return (Gap(text, "environment", environment.id),)
    return (Gap(f"{name} is not in the promotion schedule", "environment", name),)


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
