"""Which decisions are open now, and why the others are not: each rule is asked, on the release as read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from relui.domain.dossier.conditions import Context
from relui.domain.dossier.decisions import leader
from relui.domain.dossier.gates import GateShut
from relui.domain.release import Release
from relui.errors import ReluiError
from relui.ui.record.decisions import ACTS, Act

_SAID = "-"
"""What stands for a text that somebody has yet to write."""
_EMPTY = ("acting_for", "when", "scope", "actions", "override_reason", "outcome", "state")
"""Lines of the forms that are taken as they begin."""


class Offer(Struct, frozen=True):
    """A decision, and why it cannot be taken now; `passable` says that a reason can pass that."""

    act: Act
    why: str = ""
    passable: bool = False


def offers(release: Release, context: Context, by: str, now: datetime) -> list[Offer]:
    """Every decision in the order of the lifecycle, those that can be taken now before the others."""
    found = [_offer(act, release, context, by, now) for act in ACTS.values()]
    return [each for each in found if not each.why] + [each for each in found if each.why]


def _offer(act: Act, release: Release, context: Context, by: str, now: datetime) -> Offer:
    try:
        values = _likely(act, release, context, by)
        ruling = act.rule(release, context, by, now, act.read(release, values))
    except GateShut as shut:
        words = shut.lines[0].why if len(shut.lines) == 1 else shut.message
        return Offer(act, _first(words, release), act.name == "start")
    except ReluiError as error:
        return Offer(act, _first(error.message, release))
    if ruling.act is None:
        return Offer(act, _first(ruling.told[0], release) if ruling.told else "it is so already")
    return Offer(act)


def _likely(act: Act, release: Release, context: Context, by: str) -> Mapping[str, str]:
    """A form's lines as they begin, every text that is asked for written, every point ticked."""
    values: dict[str, str] = {}
    for field in act.ask(release, context, by):
        if field.points:
            values[field.name] = ", ".join(name for name, _ in field.points)
        elif field.name in _EMPTY:
            values[field.name] = field.value
        else:
            values[field.name] = field.value or _SAID
    if "to" in values:
        others = [person.id for person in context.organisation.people if person.id != leader(release)]
        values["to"] = others[0] if others else _SAID
    return values


def _first(message: str, release: Release) -> str:
    """The first line of a refusal, without the identifier that stands in the title."""
    line = message.partition("\n")[0].removeprefix(f"{release.id}: ")
    if line.startswith(release.id):
        line = f"it{line.removeprefix(release.id)}"
    for words in (f" of {release.id}", f" for {release.id}"):
        line = line.replace(words, "")
    if line.startswith("The "):
        line = f"the {line.removeprefix('The ')}"
    return line.rstrip(":. ")
