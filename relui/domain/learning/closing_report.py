"""What a release lacks before it is closed, and what its record lacks for ever then [S1.29, S1.33].

With criteria what they ask for stands in the way; without, only open required items and an emergency's debt
do, and everything else warns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from relui.domain.checklist import STAGES
from relui.domain.closing import missing
from relui.domain.dossier import conditions
from relui.domain.dossier.conditions import Context
from relui.domain.dossier.criteria import listed
from relui.domain.dossier.decisions import final_outcome
from relui.domain.dossier.definition import config_gaps, field_gaps
from relui.domain.dossier.gates import gate, judged, stage_now
from relui.domain.dossier.notices import notices
from relui.domain.dossier.package import deployed_gaps
from relui.domain.dossier.stages import unmet_of
from relui.domain.learning.metrics import metrics
from relui.domain.outline import Node, Outline
from relui.domain.release import Release
from relui.domain.ruling import Gap, sentence

PointState = Literal["met", "warns", "blocks"]


class ReportLine(Struct, frozen=True):
    """One point of the closing: how it stands, what is missing, and where each is met.

    `criterion` is the one that asks for it, if the release has it; `passed` says that it was overridden.
    """

    name: str
    standing: PointState
    words: str
    gaps: tuple[Gap, ...] = ()
    criterion: str = ""
    passed: bool = False


def closing_report(release: Release, context: Context, reviewed: bool = False) -> tuple[ReportLine, ...]:
    """Every point, in the order in which a release is closed. `reviewed`: its review was held already."""
    return tuple(_lines(release, context, reviewed))


def blocking(lines: tuple[ReportLine, ...]) -> tuple[ReportLine, ...]:
    """Those that keep the release from being closed."""
    return tuple(each for each in lines if each.standing == "blocks")


def _lines(release: Release, context: Context, reviewed: bool) -> Iterator[ReportLine]:
    outline = Outline(release)
    open_now = missing(release, outline)
    yield _items("required items", open_now.required, "are open: each needs a reason")
    yield _items("failed items", open_now.failed, "failed: a reason, or another outcome")
    yield _items("owed items", open_now.owed, "are owed: no reason clears that")
    light = _Judge(release, context)
    yield from light.earlier()
    outcome = final_outcome(release)
    yield light.line(
        "final status", "metrics-recorded", conditions.metrics_recorded(release, context).gaps
        if release.criteria else (), outcome or "successful unless another is chosen",
    )  # fmt: skip
    yield ReportLine("metrics", "met", _figures(release, context))
    gaps = (*config_gaps(release), *_deployed_gaps(release))
    yield light.line("configuration", "configuration-updated", gaps, "records are up to date")
    told = conditions.stakeholders_told(release, context).gaps
    yield light.line("stakeholders", "stakeholders-told", told, "were told the result")
    late = tuple(_late_notices(release, context))
    yield light.line("notice", "notices-sent", late, "went out in time")
    fields = field_gaps(release) if release.criteria else _times(release)
    yield light.line("mandatory fields", "", fields, "are filled in")
    documents = _confirmed(release, context, "close.documents")
    yield light.line("documents", "documents-archived", documents, "are archived")
    pir = () if reviewed else _confirmed(release, context, "close.pir")
    yield light.line("review", "review-planned", pir, "was held" if reviewed else "is planned")
    retro = conditions.retrospective_written(release, context).gaps
    yield light.line("retrospective", "retrospective-written", retro, "is written")


class _Judge:
    """Says of each point whether it is met, blocks or warns; a criterion's own judgement goes first."""

    def __init__(self, release: Release, context: Context) -> None:
        self._release = release
        self._context = context
        self._criteria = {each.id: each for each in listed(release)}

    def earlier(self) -> Iterator[ReportLine]:
        """What gates before the close still ask for, from the present stage on."""
        if not self._criteria or self._release.closed:
            return
        here = STAGES.index(stage_now(self._release))
        gates = (gate(self._release, name, self._context) for name in STAGES[here:] if name != "close")
        for each in unmet_of(gates):
            words = sentence(each.gaps) or each.why
            yield ReportLine(f"gate {each.criterion.gates[0]}", "blocks", words, each.gaps, each.criterion.id)

    def line(self, name: str, criterion: str, gaps: tuple[Gap, ...], met: str) -> ReportLine:
        found = self._criteria.get(criterion)
        if found is None:
            return ReportLine(name, "warns" if gaps else "met", sentence(gaps) or met, gaps)
        judgement = judged(self._release, found, self._context)
        if judgement.passes:
            passed = judgement.state == "overridden"
            return ReportLine(name, "met", "overridden" if passed else met, (), criterion, passed)
        gaps = judgement.gaps or gaps
        return ReportLine(name, "blocks", sentence(gaps), gaps, criterion)


def _items(name: str, nodes: tuple[Node, ...], words: str) -> ReportLine:
    gaps = tuple(Gap(f"{node.text} ({node.path})", "item", node.path) for node in nodes)
    if not gaps:
        return ReportLine(name, "met", "none")
    return ReportLine(name, "blocks", f"{len(gaps)} {words}: {sentence(gaps)}", gaps)


def _figures(release: Release, context: Context) -> str:
    """The figures as the archive will show them."""
    found = metrics(release, context.organisation.policy.on_time_tolerance)
    punctual = {True: "on time", False: "not on time", None: "start not known"}[found.on_time]
    took = "duration not known" if found.actual_minutes is None else f"{found.actual_minutes} min"
    return f"{punctual}, {took} of {found.planned_minutes} min planned, {found.changes} changes"


def _times(release: Release) -> tuple[Gap, ...]:
    """A release without criteria is asked only for when it was deployed."""
    return tuple(gap for gap in field_gaps(release) if gap.name in ("started", "completed"))


def _deployed_gaps(release: Release) -> tuple[Gap, ...]:
    return deployed_gaps(release) if release.criteria or release.dossier.components else ()


def _late_notices(release: Release, context: Context) -> Iterator[Gap]:
    if release.is_emergency:
        return
    notice = notices(release, context.organisation.holidays)[0]
    if not notice.in_time:
        yield Gap(f"{notice.message}: {notice.why or 'not sent in time'}", "message", notice.message)


def _confirmed(release: Release, context: Context, point: str) -> tuple[Gap, ...]:
    return conditions.points_confirmed(point)(release, context).gaps
