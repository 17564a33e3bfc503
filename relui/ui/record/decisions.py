"""What can be decided on a release, as declared: its form, what the form says, whether it is open now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from relui.domain.dossier.conditions import Context
from relui.domain.dossier.decidable import DECIDABLE, Ask, Decidable
from relui.domain.dossier.decision_rules import rule_on
from relui.domain.dossier.decisions import leader, rolled_back
from relui.domain.dossier.deployment import shut_at
from relui.domain.dossier.environments import partly, places
from relui.domain.dossier.gates import GateShut
from relui.domain.dossier.signoffs import signed
from relui.domain.instants import parse_instant
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.errors import ReluiError
from relui.ui.kit.form import CHOSEN
from relui.ui.kit.judged_form import Field
from relui.ui.record.forms import signing_fields

_SAID = "-"
"""What stands for a text that somebody has yet to write."""
_HINTS = {
    "instant": "Empty: now. 2026-11-21T20:15, in the release's zone; not in the future.",
    "lines": "One a line.",
}


def decision_fields(decision: Decidable, release: Release, context: Context, by: str) -> list[Field]:
    """The lines of a decision's form, each with what it likely says. Go is asked for like a sign-off."""
    if decision.name == "go":
        fields = signing_fields(release, context, "go", by)
        again = signed(release, "go", context.lost)
        return [field for field in fields if field.name == "comment" or not again]
    fields = []
    for ask in decision.asks:
        label = ask.label
        if ask.name == "override_reason":
            shut = shut_at(release, context, context.now) if release.criteria else ()
            label = f"{label} ({len(shut)} unmet)" if shut else ""
        if label:
            about = ask.hint or _HINTS.get(ask.kind, ask.about)
            if ask.kind == "person":
                names = ", ".join(person.id for person in context.organisation.people[:8])
                about = f"{about} {names}".strip()
            likely, several = _likely(ask, release), ask.kind in ("text", "lines")
            field = Field(ask.name, label, likely, about, tuple(ask.choices.items()), several)
            fields.insert(0 if ask.name == "override_reason" else len(fields), field)
    return fields


def _likely(ask: Ask, release: Release) -> str:
    if ask.name == "outcome":
        return "rolled-back" if rolled_back(release) else "partial" if partly(release) else ask.default
    return ", ".join(places(release)) if ask.name == "names" else ask.default


def given_decision(decision: Decidable, release: Release, values: Mapping[str, str]) -> dict[str, Any]:
    """What the form says, as the decision's rule takes it. Raises BadInput for an instant that is none."""
    return {ask.name: _read(ask, values[ask.name], release) for ask in decision.asks if ask.name in values}


def _read(ask: Ask, text: str, release: Release) -> Any:
    if ask.kind == "instant":
        return parse_instant(text, release.zone).at if text.strip() else None
    if ask.kind in ("many", "lines", "points"):
        pieces = text.splitlines() if ask.kind == "lines" else text.split(",")
        return tuple(piece.strip() for piece in pieces if piece.strip())
    return text


def decided(
    decision: Decidable, release: Release, context: Context, by: str, at: datetime, given: Mapping[str, Any]
) -> Ruling:
    """What a decision comes to on a release in its context. Raises Refused, GateShut, BadInput."""
    organisation = context.organisation
    return rule_on(
        decision.name, release, by, at, given, organisation=organisation, context=lambda _: context
    )


class Offer(Struct, frozen=True):
    """A decision, and why it cannot be taken now; `passable` says that a reason can pass that."""

    decision: Decidable
    why: str = ""
    passable: bool = False


def offers(release: Release, context: Context, by: str, now: datetime) -> list[Offer]:
    """Every decision in the order of the lifecycle, those that can be taken now before the others."""
    made = [_offer(decision, release, context, by, now) for decision in DECIDABLE.values()]
    return sorted(made, key=lambda offer: bool(offer.why))


def _offer(decision: Decidable, release: Release, context: Context, by: str, now: datetime) -> Offer:
    try:
        given = given_decision(decision, release, _as_if_written(decision, release, context, by))
        ruling = decided(decision, release, context, by, now, given)
    except GateShut as shut:
        words = shut.judgements[0].why if len(shut.judgements) == 1 else shut.message
        return Offer(decision, _first_line(words, release), decision.name == "start")
    except ReluiError as error:
        return Offer(decision, _first_line(error.message, release))
    if ruling.act is None:
        return Offer(decision, _first_line(ruling.told[0], release) if ruling.told else "it is so already")
    return Offer(decision)


def _as_if_written(decision: Decidable, release: Release, context: Context, by: str) -> dict[str, str]:
    """A form's lines as they begin, every text that is asked for written, every point ticked."""
    asks = {ask.name: ask for ask in decision.asks}
    others = [person.id for person in context.organisation.people if person.id != leader(release)]
    values: dict[str, str] = {}
    for field in decision_fields(decision, release, context, by):
        ask = asks[field.name]
        values[field.name] = field.value
        if field.points:
            values[field.name] = CHOSEN.join(name for name, _ in field.points)
        elif ask.name == "to":
            values[field.name] = next(iter(others), _SAID)
        elif ask.needed or (ask.kind in ("line", "text") and ask.name != "override_reason"):
            values[field.name] = field.value or _SAID
    return values


def _first_line(message: str, release: Release) -> str:
    """The first line of a refusal, without the identifier that stands in the title."""
    line = message.partition("\n")[0].removeprefix(f"{release.id}: ")
    if line.startswith(release.id):
        line = f"it{line.removeprefix(release.id)}"
    for words in (f" of {release.id}", f" for {release.id}"):
        line = line.replace(words, "")
    if line.startswith("The "):
        line = f"the {line.removeprefix('The ')}"
    return line.rstrip(":. ")
