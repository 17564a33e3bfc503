"""What helps with an unmet criterion: one command, the best, and the same in every place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from relui.domain.dossier.gates import GateShut, Judgement, gate, way_out
from relui.domain.dossier.package import storage_gaps
from relui.domain.dossier.parts import Decision
from relui.domain.dossier.points import confirmation_gaps
from relui.domain.dossier.sending import record_sent
from relui.domain.dossier.stages import advance
from relui.domain.release import Release
from relui.domain.ruling import Gap, sentence, told_once
from tests.domain.dossier.gated import DAY, confirmed_all, context, planned, staged
from tests.domain.releases import GO_LIVE, NOW


def line_of(made: Release, name: str, stage: str) -> Judgement:
    return next(each for each in gate(made, stage, context()).judgements if each.criterion.id == name)


def test_a_refusal_names_the_same_command_as_the_gate() -> None:
    made = planned(risk="")
    line = line_of(made, "definition-complete", "plan")
    assert way_out(made, line) == "relui edit REL-2026-11-001 --set risk=..."
    with pytest.raises(GateShut, match=r"\(-> relui edit REL-2026-11-001 --set risk=\.\.\.\)"):
        advance(made, context(), "ada", DAY)


def test_a_notice_that_can_no_longer_be_in_time_is_passed_and_one_that_can_is_sent() -> None:
    """[S1.23]"""
    made = staged()
    sent = replace(made, dossier=replace(made.dossier, sent=()))
    late = line_of(sent, "notices-sent", "go")
    assert way_out(sent, late) == "relui override REL-2026-11-001 notices-sent --reason T"
    assert late.why.endswith("it can no longer be in time, an override passes it")
    again = record_sent(sent, "planned-release", "ada", DAY, to="all").release
    assert "override" in way_out(again, line_of(again, "notices-sent", "go"))
    early = context(now=GO_LIVE - timedelta(days=20))
    line = next(each for each in gate(sent, "go", early).judgements if each.criterion.id == "notices-sent")
    assert way_out(sent, line) == "relui message REL-2026-11-001 planned-release"


def test_a_release_that_was_rolled_back_leads_to_its_own_message() -> None:
    """[S1.29]"""
    back = Decision(id="D-1", kind="rollback", at=NOW, by="ada", words="broken")
    made = replace(planned(), dossier=replace(planned().dossier, decisions=(back,)))
    line = line_of(made, "stakeholders-told", "close")
    assert way_out(made, line) == "relui message REL-2026-11-001 release-failed"


def test_a_cause_that_several_points_share_is_told_once() -> None:
    made = replace(confirmed_all(planned(), "window"), go_live=GO_LIVE + timedelta(days=1))
    why = line_of(made, "window-confirmed", "go").why
    assert why.count("to be confirmed again") == why.count("the go-live moved") == 1
    assert why.endswith("operations confirmed the window, support confirmed the window, communications "
                        "confirmed the window")  # fmt: skip
    assert len({gap.text for gap in confirmation_gaps(made, "window")}) == 4
    assert told_once([Gap("a"), Gap("b: x", shared="b:"), Gap("b: y", shared="b:")]) == ["a", "b: x, y"]
    assert sentence([Gap(str(n)) for n in range(6)]) == "0; 1; 2; 3; and 2 more"


def test_a_tag_without_identifier_and_version_is_refused_once() -> None:
    """[S1.13]"""
    made = planned()
    texts = [
        gap.text
        for tag in ("v1", "")
        for gap in storage_gaps(replace(made, dossier=replace(made.dossier, package_tag=tag)))
    ]
    assert texts == [
        "the tag v1 does not bear the identifier REL-2026-11-001 and the version 2.4.0",
        "the package's tag, which bears REL-2026-11-001 and 2.4.0",
    ]
