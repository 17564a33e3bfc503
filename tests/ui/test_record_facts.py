"""What the record's rows say of a deployment: the same as every other screen, and no empty words."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from relui.domain.dossier.deployment import complete
from relui.domain.dossier.editing import add_part
from relui.domain.marking import tick
from relui.ui.kit.rows import Row
from relui.ui.record.gate_rows import gate_rows
from relui.ui.record.tabs import unmet_by_tab
from relui.ui.record.view import field_rows, view_of
from tests.domain.dossier.gated import DAY, context, staged
from tests.domain.releases import GO_LIVE, payments


def test_a_start_by_the_checklist_stands_on_the_record_as_well() -> None:
    """[S1.34]"""
    made = tick(payments(), ["deploy.command"], "ada", GO_LIVE).release
    view = view_of(made, context(), "UTC")
    (row,) = field_rows(view, {"started": "Really started"}, frozenset())
    assert "21 Nov" in row.words and "20:00" in row.words
    assert any(each.id == "start" and "20:00" in each.words for each in gate_rows(view))


def test_a_completion_without_verification_ends_in_no_colon() -> None:
    """[S1.28]"""
    made = replace(payments(), started_at=GO_LIVE)
    end = GO_LIVE + timedelta(hours=1)
    done = complete(made, context(), "ada", end).release
    texts = {row.id: row.words for row in gate_rows(view_of(done, context(), "UTC"))}
    assert texts["complete"] == "successful"


def test_the_gate_go_shows_what_is_unmet_again() -> None:
    """[S1.2]"""
    made = add_part(staged(), "change", {"id": "CHG-9", "summary": "One more"}, DAY, "ada").release
    rows: dict[str, Row] = {row.id: row for row in gate_rows(view_of(made, context(), "UTC"))}
    assert "unmet again since it left planning" in rows["go/changes-approved"].words
    assert rows["go/changes-approved"].state == "stale"
    assert unmet_by_tab(view_of(made, context(), "UTC"))["changes"] >= 1
