"""What can be decided on a release: each decision with its words, the lines it asks for, and its rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from relui.domain.dossier.conditions import Context
from relui.domain.dossier.signers import required_signers
from relui.domain.dossier.signoffs import POINTS, signed
from relui.domain.instants import parse_instant
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.ui.kit.judged_form import Field

Asked = Callable[[Release, Context, str], list[Field]]
Carried = Callable[[Release, Context, str, datetime, Mapping[str, Any]], Ruling]
Read = Callable[[Release, Mapping[str, str]], dict[str, Any]]


class Act(Struct, frozen=True):
    """A decision: its name, what it does in words, what it asks, how that is read, the rule that decides."""

    name: str
    title: str
    words: str
    ask: Asked
    rule: Carried
    read: Read = lambda release, values: dict(values)
    final: str = ""


_WHEN = Field("when", "When", "", "Empty: now. 2026-11-21T20:15, in the release's zone; not in the future.")


def _reason(about: str) -> Asked:
    return lambda release, context, by: [Field("reason", "Reason", "", about, several=True)]


def _when(release: Release, values: Mapping[str, str]) -> dict[str, Any]:
    text = values.get("when", "")
    return {**values, "when": parse_instant(text, release.zone).at if text.strip() else None}


def stands_for(release: Release, context: Context, subject: str, by: str) -> str:
    """For whom `by` would sign: themselves, or the one that they are the delegate of."""
    organisation = context.organisation
    me = organisation.person(by)
    signers = [
        person
        for each in required_signers(subject, release, organisation)  # type: ignore[arg-type]  # a subject's name
        for person in each.people
    ]
    if me is None or me in signers:
        return ""
    return next((p.id for p in signers if p.delegate and organisation.person(p.delegate) == me), "")


def signing_fields(release: Release, context: Context, subject: str, by: str) -> list[Field]:
    """Every point that an approval of the subject confirms, for whom, and a comment."""
    points = tuple(POINTS.get(subject, {}).items())  # type: ignore[call-overload]  # a subject's name
    about = "Space ticks a point; an approval needs all."
    return [
        *([Field("confirmed", "Confirmed", "", about, points=points)] if points else ()),
        Field(
            "acting_for",
            "For",
            stands_for(release, context, subject, by),
            "Whom a delegate stands for; else empty.",
        ),
        Field("comment", "Comment", "", "Needed to reject."),
    ]


def read_signing(release: Release, values: Mapping[str, str]) -> dict[str, Any]:
    """What a form of signing_fields says, as the rules take it."""
    found: dict[str, Any] = dict(values)
    if "confirmed" in found:
        found["confirmed"] = tuple(name for name in values["confirmed"].split(", ") if name)
    return found


def _ask_go(release: Release, context: Context, by: str) -> list[Field]:
    fields = signing_fields(release, context, "go", by)
    if signed(release, "go", context.lost):
        return [field for field in fields if field.name == "comment"]
    return fields


def _go(release: Release, context: Context, by: str, at: datetime, more: Mapping[str, Any]) -> Ruling:
    from relui.domain.dossier.go_decision import say_go

    return say_go(release, context, by, at, **more)


def _no_go(release: Release, context: Context, by: str, at: datetime, more: Mapping[str, Any]) -> Ruling:
    from relui.domain.dossier.go_decision import no_go

    return no_go(release, context.organisation, by, at, **more)


def _hold(release: Release, context: Context, by: str, at: datetime, more: Mapping[str, Any]) -> Ruling:
    from relui.domain.dossier.go_decision import hold

    return hold(release, by, at, **more)


def _resume(release: Release, context: Context, by: str, at: datetime, more: Mapping[str, Any]) -> Ruling:
    from relui.domain.dossier.go_decision import resume

    return resume(release, by, at, **more)


def _start(release: Release, context: Context, by: str, at: datetime, more: Mapping[str, Any]) -> Ruling:
    from relui.domain.dossier.deployment import start

    return start(release, context, by, at, **more)


def _complete(release: Release, context: Context, by: str, at: datetime, more: Mapping[str, Any]) -> Ruling:
    from relui.domain.dossier.deployment import complete

    return complete(release, context, by, at, **more)


def _ask_complete(release: Release, context: Context, by: str) -> list[Field]:
    from relui.domain.dossier.decisions import rolled_back
    from relui.domain.dossier.environments import partly

    likely = "rolled-back" if rolled_back(release) else "partial" if partly(release) else "successful"
    outcomes = (
        ("successful", "everything that was planned is live"),
        ("partial", "some services or regions are live"),
        ("rolled-back", "the earlier version runs again"),
    )
    return [
        Field("outcome", "Outcome", likely, "How it ended.", outcomes),
        Field("verification", "Verification", "", "What verifying it in production found.", several=True),
        Field("issues", "Issues", "", "What went wrong, and how it was resolved.", several=True),
        Field("actions", "Actions that remain", "", "One a line.", several=True),
        _WHEN,
    ]


def _read_complete(release: Release, values: Mapping[str, str]) -> dict[str, Any]:
    actions = tuple(text.strip() for text in values["actions"].splitlines() if text.strip())
    return {**_when(release, values), "actions": actions}


def _roll_back(release: Release, context: Context, by: str, at: datetime, more: Mapping[str, Any]) -> Ruling:
    from relui.domain.dossier.deployment import roll_back

    return roll_back(release, context.organisation, by, at, **more)


def _cancel(release: Release, context: Context, by: str, at: datetime, more: Mapping[str, Any]) -> Ruling:
    from relui.domain.dossier.deployment import cancel

    return cancel(release, by, at, **more)


def _ask_decision(release: Release, context: Context, by: str) -> list[Field]:
    return [
        Field("words", "Decision", "", "What was decided, and why.", several=True),
        Field("scope", "Only for", "", "Services or regions, separated by commas; empty: all of it."),
    ]


def _read_decision(release: Release, values: Mapping[str, str]) -> dict[str, Any]:
    return {**values, "scope": tuple(name.strip() for name in values["scope"].split(",") if name.strip())}


def _decide(release: Release, context: Context, by: str, at: datetime, more: Mapping[str, Any]) -> Ruling:
    from relui.domain.dossier.deciding import decide

    return decide(release, more["words"], by, at, more["scope"])


def _claim(release: Release, context: Context, by: str, at: datetime, more: Mapping[str, Any]) -> Ruling:
    from relui.domain.dossier.deciding import claim

    return claim(release, by, at)


def _ask_hand_over(release: Release, context: Context, by: str) -> list[Field]:
    names = ", ".join(person.id for person in context.organisation.people[:8])
    return [
        Field("to", "To", "", f"Who takes over. {names}".strip()),
        Field("worries", "What worries", "", "What the next one should know.", several=True),
    ]


def _hand_over(release: Release, context: Context, by: str, at: datetime, more: Mapping[str, Any]) -> Ruling:
    from relui.domain.dossier.deciding import hand_over

    return hand_over(release, more["to"], by, at, more["worries"])


def _delegate(release: Release, context: Context, by: str, at: datetime, more: Mapping[str, Any]) -> Ruling:
    from relui.domain.dossier.deciding import delegate

    return delegate(release, context.organisation, by, at, **more)


def _ask_progress(release: Release, context: Context, by: str) -> list[Field]:
    from relui.domain.dossier.environments import STATES, places

    return [
        Field("names", "Where", ", ".join(places(release)), "Services or regions, separated by commas; all."),
        Field("state", "State", "done", "How far it is.", tuple(STATES.items())),
        Field("reason", "Reason", "", "Needed for what failed, was rolled back or is left out."),
    ]


def _read_progress(release: Release, values: Mapping[str, str]) -> dict[str, Any]:
    return {**values, "names": tuple(name.strip() for name in values["names"].split(",") if name.strip())}


def _progress(release: Release, context: Context, by: str, at: datetime, more: Mapping[str, Any]) -> Ruling:
    from relui.domain.dossier.environments import record_progress

    return record_progress(release, more["names"], more["state"], at, by, more["reason"])


def _ask_when(release: Release, context: Context, by: str) -> list[Field]:
    return [_WHEN]


def _ask_start(release: Release, context: Context, by: str) -> list[Field]:
    """When; and where a gate is not met, the reason that would pass it."""
    from relui.domain.dossier.deployment import shut_at

    shut = shut_at(release, context, context.now) if release.criteria else ()
    about = "Why it starts although they are not met: it overrides them, and stays for ever."
    anyway = [Field("override_reason", f"Anyway ({len(shut)} unmet)", "", about)] if shut else []
    return [*anyway, _WHEN]


def _nothing(release: Release, context: Context, by: str) -> list[Field]:
    return []


_STAYS = "Why? It stays in the record."

ACTS: Mapping[str, Act] = {
    act.name: act
    for act in (
        Act("go", "Say go", "on the day, when everything else is met", _ask_go, _go, read_signing),
        Act("no-go", "Say no-go", "with a reason; the slot is given back", _reason(_STAYS), _no_go),
        Act("hold", "Hold", "nothing starts until it is resumed; the slot stays", _reason(_STAYS), _hold),
        Act(
            "resume",
            "Resume",
            "after a hold, or after a no-go with a new slot",
            _reason("What changed; may be empty."),
            _resume,
        ),
        Act("start", "Start deployment", "asks the gates, records the start", _ask_start, _start, _when),
        Act(
            "complete",
            "Complete",
            "outcome, verification, issues, what remains",
            _ask_complete,
            _complete,
            _read_complete,
        ),
        Act("rollback", "Declare rollback", "by the owner, with a reason", _reason(_STAYS), _roll_back),
        Act("decide", "Record decision", "in your own words", _ask_decision, _decide, _read_decision),
        Act(
            "progress",
            "Record progress",
            "how far services or regions are",
            _ask_progress,
            _progress,
            _read_progress,
        ),
        Act("claim", "Take the lead", "you lead from now on", _nothing, _claim),
        Act("hand-over", "Hand over", "somebody else leads from now on", _ask_hand_over, _hand_over),
        Act(
            "delegate",
            "Let my delegate sign",
            "on this release, though you are there",
            _reason("Why; may be empty."),
            _delegate,
        ),
        Act(
            "cancel",
            "Cancel release",
            "withdrawn for good, with a reason",
            _reason(_STAYS),
            _cancel,
            final="It is closed as cancelled, its slot is given back, and it moves to the archive.",
        ),
    )
}
"""Every decision by name, in the order in which they are offered."""
