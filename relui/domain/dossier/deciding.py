"""Deciding in free words, claiming and handing over the lead, withdrawing a decision [S1.27, S1.28]."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec.structs import replace

from relui.domain.dossier.decisions import completion, handed_to, leader, standing_decisions
from relui.domain.dossier.parts import Decision, DecisionKind
from relui.domain.log import Act
from relui.domain.organisation import Organisation
from relui.domain.release import Release
from relui.domain.ruling import Ruling, reason_given, refuse_closed
from relui.domain.text import did_you_mean, long_text, one_line, quoted, shortened
from relui.errors import BadInput, Refused

NOT_WITHDRAWN = ("cancel", "advance", "resume", "hand-over")
"""What cannot be withdrawn: something else has followed from it. Decide anew instead."""


def decided(release: Release, kind: DecisionKind, by: str, at: datetime, **more: object) -> Release:
    """The release with one more decision."""
    entry = Decision(
        id=f"D-{len(release.dossier.decisions) + 1}",
        kind=kind,
        at=at.astimezone(UTC),
        by=one_line(by, what="The name of who decides", required=True),
        **more,  # type: ignore[arg-type]  # the fields of Decision
    )
    dossier = replace(release.dossier, decisions=(*release.dossier.decisions, entry))
    return replace(release, dossier=dossier)


def decide(release: Release, words: str, by: str, at: datetime, scope: Iterable[str] = ()) -> Ruling:
    """Record a decision in free words, for some services or regions or for all of the release."""
    refuse_closed(release)
    words = long_text(words, what="The decision")
    if not words:
        raise BadInput("Say what was decided. Nothing was changed.")
    places = tuple(one_line(place, what="A service or region", required=True) for place in scope)
    result = decided(release, "decide", by, at, words=words, scope=places)
    where = f" for {', '.join(places)}" if places else ""
    return Ruling(
        result, Act("decide", f"decided{where}: {shortened(words, 80)}", reversible=False), ("decide",)
    )


def claim(release: Release, by: str, at: datetime) -> Ruling:
    """`by` leads from now on."""
    refuse_closed(release)
    before = leader(release)
    if before.casefold() == by.casefold():
        return Ruling(release, None, already=("claim",), told=(f"{by} leads {release.id} already.",))
    result = decided(release, "claim", by, at, words=f"took over from {before}", to=by)
    return Ruling(result, Act("claim", f"leads from now on, after {before}", reversible=False), ("claim",))


def hand_over(release: Release, to: str, by: str, at: datetime, worries: str = "") -> Ruling:
    """Hand the lead over to another person, with what worries, or `none`: the page is `shift_page`."""
    refuse_closed(release)
    to = one_line(to, what="Who takes over", required=True)
    worries = long_text(worries, what="What worries") or "none"
    if to.casefold() == leader(release).casefold():
        return Ruling(release, None, already=("hand-over",), told=(f"{to} leads {release.id} already.",))
    result = decided(release, "hand-over", by, at, words=worries, to=to)
    act = Act("hand-over", f"handed over to {to}", worries, reversible=False)
    return Ruling(result, act, ("hand-over",))


def delegate(
    release: Release, organisation: Organisation, by: str, at: datetime, to: str = "", reason: str = ""
) -> Ruling:
    """`by` lets their delegate sign for them on this release, though they are there [S1.38].

    `to` is the delegate that the organisation names, when it is said at all. Raises Refused for anybody else.
    """
    refuse_closed(release)
    person = organisation.person(by)
    if person is None:
        raise Refused(f"{quoted(by)} is not among the people of the organisation, and has no delegate.")
    named = organisation.delegate_of(person)
    if named is None:
        raise Refused(
            f"{person.name} has no delegate. Delegates are named in advance: give {person.id} one in the "
            "organisation first."
        )
    if to.strip() and organisation.person(to) != named:
        raise Refused(f"The delegate of {person.name} is {named.name}, and nobody else.")
    if handed_to(release, person.id, named.id):
        told = f"{named.name} signs for {person.name} already."
        return Ruling(release, None, already=("delegate",), told=(told,))
    reason = long_text(reason, what="The reason")
    result = decided(release, "delegate", person.id, at, words=reason, to=named.id)
    act = Act("delegate", f"lets {named.id} sign for {person.id}", reason, reversible=False)
    return Ruling(result, act, ("delegate",))


def withdraw(release: Release, decision_id: str, by: str, at: datetime, reason: str) -> Ruling:
    """Withdraw a decision by a new one with the reason; the start or the completion that it set goes too.

    Raises BadInput for an unknown decision or without a reason, Refused for one that cannot be withdrawn.
    """
    refuse_closed(release)
    known = {each.id.casefold(): each for each in release.dossier.decisions}
    found = known.get(decision_id.strip().casefold())
    if found is None:
        hint = did_you_mean(decision_id, [each.id for each in release.dossier.decisions])
        raise BadInput(f"{release.id} has no decision {quoted(decision_id)}.{hint or ' It has none yet.'}")
    if found.withdraws or found.kind in NOT_WITHDRAWN:
        raise Refused(f"{found.id} ({found.kind}) cannot be withdrawn. Record a new decision instead.")
    if found not in standing_decisions(release):
        return Ruling(release, None, already=(found.id,), told=(f"{found.id} is withdrawn already.",))
    _refuse_followed(release, found)
    reason = reason_given(reason, "Withdrawing a decision", lines=True)
    result = decided(release, "decide", by, at, words=reason, withdraws=found.id)
    if found.kind == "start":
        result = replace(result, started_at=None)
    if found.kind in ("complete", "rollback"):
        rest = completion(result)
        result = replace(result, completed_at=rest.at if rest else None)
    act = Act("withdraw", f"withdrew {found.id} ({found.kind})", reason, reversible=False)
    return Ruling(result, act, (found.id,))


def _refuse_followed(release: Release, found: Decision) -> None:
    """Raises Refused for what the deployment went on from."""
    after: dict[str, tuple[DecisionKind, ...]] = {
        "go": ("start",),
        "start": ("complete", "rollback"),
        "no-go": ("go", "resume"),
    }
    later = [
        each
        for each in standing_decisions(release, *after.get(found.kind, ()))
        if after.get(found.kind) and _number(each) > _number(found)
    ]
    if later:
        raise Refused(
            f"{found.id} ({found.kind}) cannot be withdrawn: {later[0].id} ({later[0].kind}) followed "
            f"from it. Withdraw {later[0].id} first."
        )


def _number(decision: Decision) -> int:
    return int(decision.id.rpartition("-")[2])
