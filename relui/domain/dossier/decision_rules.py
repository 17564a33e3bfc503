"""The rule behind each decision, asked alike by the desk that records it and by a form that tries it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from relui.domain.dossier.conditions import Context
from relui.domain.dossier.decidable import DECIDABLE
from relui.domain.dossier.deciding import claim, decide, delegate, hand_over
from relui.domain.dossier.deployment import cancel, complete, roll_back, start
from relui.domain.dossier.environments import record_progress
from relui.domain.dossier.stages import hold, no_go, resume, say_go
from relui.domain.organisation import Organisation
from relui.domain.release import Release
from relui.domain.ruling import Ruling

_RULES: Mapping[str, Callable[..., Ruling]] = {
    "go": say_go,
    "no-go": no_go,
    "hold": hold,
    "resume": resume,
    "start": start,
    "complete": complete,
    "rollback": roll_back,
    "decide": decide,
    "progress": record_progress,
    "claim": claim,
    "hand-over": hand_over,
    "delegate": delegate,
    "cancel": cancel,
}


def rule_on(
    decision: str,
    release: Release,
    by: str,
    at: datetime,
    given: Mapping[str, Any],
    *,
    organisation: Organisation,
    context: Callable[[Release], Context],
) -> Ruling:
    """What the decision comes to when `by` takes it at an instant (UTC); `given` is named by its `asks`.

    The context is made only where the rule needs it. Raises what the rule does: Refused, GateShut, BadInput.
    """
    knows = DECIDABLE[decision].knows
    more: dict[str, Any] = {"context": context(release)} if knows == "context" else {}
    more |= {"organisation": organisation} if knows == "organisation" else {}
    return _RULES[decision](release, by=by, at=at, **more, **given)
