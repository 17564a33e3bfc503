"""Retrospectives that are owed: of releases that were closed without the one that they ask for [S0.9].

Instants are UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from relui.domain.dossier.notices import end_of_day
from relui.domain.instants import local_day
from relui.domain.learning.pir import business_days_after
from relui.domain.learning.retention import months_before
from relui.domain.organisation import Organisation
from relui.domain.summary import Summary


class OwedRetrospective(Struct, frozen=True):
    """A release that was closed without its retrospective: whose it is, since when, and until when."""

    release: str
    service: str
    version: str
    owner: str
    closed: datetime
    due: datetime
    overdue: bool


def retrospective_due(closed: datetime, zone: str, organisation: Organisation) -> datetime:
    """Until when it is written: the end of the policy's business days (`pir_days`) after the closing."""
    day = business_days_after(local_day(closed, zone), organisation.policy.pir_days, organisation.holidays)
    return end_of_day(day, zone)


def retrospectives_owed(
    rows: Iterable[Summary], organisation: Organisation, now: datetime
) -> tuple[OwedRetrospective, ...]:
    """Those of archived releases, the first due first; one older than the retention is owed no more."""
    horizon = months_before(now, organisation.policy.retention_months)
    found: list[OwedRetrospective] = []
    for row in rows:
        if row.retrospective != "owed" or row.closed_at is None or row.closed_at < horizon:
            continue
        due = retrospective_due(row.closed_at, row.zone, organisation)
        found.append(
            OwedRetrospective(row.id, row.service, row.version, row.owner, row.closed_at, due, now > due)
        )
    return tuple(sorted(found, key=lambda each: (each.due, each.release)))
