"""Which lines of the record call for help in trouble: those whose symptom shows there [S1.35]."""

from __future__ import annotations

from relui.domain.dossier.editing import part_named
from relui.domain.dossier.fields import KINDS
from relui.domain.learning.trouble import of_part, of_rollback
from relui.ui.kit.rows import Row
from relui.ui.record.gate_rows import criterion_of
from relui.ui.record.signing_rows import SIGNED_FOR
from relui.ui.record.view import GROUP_CRITERIA, View

_WRONG = ("unmet", "stale", "bad")
_ONCE_BEGUN = ("completion-confirmed",)
"""Criteria that call for no help before the deployment has begun: nobody expects them to be met."""


def troubles_of(view: View, row: Row) -> tuple[str, ...]:
    """The situations that a line shows; nothing when it is met, not asked for yet, or of a closed release."""
    if view.release.closed or row.is_heading:
        return ()
    if row.kind in KINDS:
        found = of_part(part_named(view.release, row.kind, row.id))
        return found or (("environment",) if row.kind == "environment" and row.state in _WRONG else ())
    if row.kind == "act" and row.id == "rollback":
        return of_rollback(view.release, view.now)
    if row.state not in _WRONG:
        return ()
    if row.kind == "subject":
        refused = ("rejected",) if row.id == "acceptance" and row.state != "unmet" else ()
        return refused or tuple(name for name in SIGNED_FOR.get(row.id, ()) if view.asks(name))  # type: ignore[call-overload]  # a subject's name
    if row.kind == "place":
        return ("post-deploy",) if row.state == "bad" else ()
    began = view.release.started_at is not None
    return tuple(name for name in _criteria(row) if view.asks(name) and (began or name not in _ONCE_BEGUN))


def _criteria(row: Row) -> tuple[str, ...]:
    """The criteria that a line stands for, or is asked for by."""
    if row.kind == "criterion":
        return (criterion_of(row),)
    if row.kind == "point":
        return GROUP_CRITERIA.get(row.id.partition(".")[0], ())
    if row.kind == "act":
        return {"go": ("go-decided",), "complete": ("completion-confirmed",)}.get(row.id, ())
    return {"slot": ("slot-booked",), "summary": ("test-summary-proceeds",)}.get(row.kind, ())
