"""The gates of the demo's emergencies: passed with a reason that stays, then the deployment is started."""

from __future__ import annotations

from datetime import datetime

from relui.demo.stories import Rule
from relui.domain.dossier.conditions import Context
from relui.domain.dossier.criteria import listed
from relui.domain.dossier.deployment import start
from relui.domain.dossier.gates import overridden
from relui.domain.log import Act
from relui.domain.organisation import Organisation
from relui.domain.release import Release
from relui.domain.ruling import Ruling


def passing(reason: str) -> Rule:
    """Override all criteria of a release, for a reason."""

    def rule(release: Release, by: str, at: datetime) -> Ruling:
        names = tuple(criterion.id for criterion in listed(release))
        words = f"overrode {', '.join(names)}"
        result = overridden(release, names, by, reason, at)
        return Ruling(result, Act("override", words, reason, reversible=False), names)

    return rule


def begin(release: Release, by: str, at: datetime) -> Ruling:
    """Start the deployment."""
    return start(release, Context(organisation=Organisation(), now=at), by, at)
