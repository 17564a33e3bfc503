"""The record of a governed release, as `relui show` tells it and behind `--json`: only what is there."""

from __future__ import annotations

from relui.cli.output import Lines, Piece, Styled, count, moment, section
from relui.cli.shapes import Shape, picked, shape_of, shapes_of
from relui.domain.dossier.decisions import leader, standing_decisions
from relui.domain.dossier.editing import parts_of
from relui.domain.dossier.environments import progress_words
from relui.domain.dossier.fields import KINDS, Kind
from relui.domain.dossier.gates import stage_now
from relui.domain.dossier.points import POINTS, doubts
from relui.domain.dossier.signers import confirmed_words, ready_words
from relui.domain.dossier.signoffs import SUBJECTS, stale, standing, state_of
from relui.domain.editing import DOSSIER_FIELDS, field_text
from relui.domain.release import Release


def record_lines(release: Release, zone: str) -> Lines:
    """The lines of a record; times in `zone`."""
    for name in DOSSIER_FIELDS:
        if text := " ".join(field_text(release, name).split()):
            yield (f"{name.capitalize().replace('-', ' ')}: {text}",)
    if release.dossier.iteration > 1:
        yield (f"Build {release.dossier.iteration}: testing began anew.",)
    if words := progress_words(release):
        yield (f"Progress: {words}",)
    if leader(release) != release.owner:
        yield (f"Led by {leader(release)}",)
    for kind in KINDS.values():
        yield from section(kind.plural.capitalize(), _parts(release, kind))
    yield from section("Confirmed", _confirmed(release, zone))
    yield from section("Earlier builds", _earlier(release, zone))
    yield from section("Sign-offs", _signoffs(release, zone))
    yield from section("Decisions", _decisions(release, zone))
    yield from section("Overridden", _overrides(release, zone))
    yield from section("Sent", _sent(release, zone))


def _parts(release: Release, kind: Kind) -> Lines:
    for part in parts_of(release, kind.name):
        words = [f"{part.id}"]
        for field in kind.fields:
            text = " ".join(kind.text(part, field.name, release.zone).split())
            if field.name == "cases":
                text = count(len(part.cases), "case")  # type: ignore[union-attr]  # a run has cases
            if field.name == "ready":
                text = f"{text}, {ready_words(part)}".rstrip(", ")  # type: ignore[arg-type]  # a change is
            if text and not (field.switch and text == "no"):
                words.append(f"{field.label.lower()} {text}" if field.name != "summary" else text)
        yield ("  ".join(words),)


def _confirmed(release: Release, zone: str) -> Lines:
    for each in release.dossier.confirmations:
        words = POINTS[each.id].words if each.id in POINTS else each.id
        note = f": {' '.join(each.note.split())}" if each.note else ""
        evidence = f" ({each.evidence})" if each.evidence else ""
        text = f"{words} ({each.id})  {confirmed_words(each)}, {moment(each.at, zone)}{note}{evidence}"
        yield (text, *_stale(doubts(release, each)))


def _earlier(release: Release, zone: str) -> Lines:
    """What was recorded for the builds before the present one."""
    for each in release.dossier.past_builds:
        yield (f"Build {each.id}  until {moment(each.ended, zone)}: {each.why}",)
        for name, text in (("tag", each.tag), ("build logs", each.logs), *each.checksums.items()):
            if text:
                yield (f"  {name}  {text}",)
        for name, at in each.promoted.items():
            yield (f"  promoted to {name}  {moment(at, zone)}",)
        for given in each.confirmations:
            yield (f"  {given.id}  {confirmed_words(given)}, {moment(given.at, zone)}",)


def _stale(causes: tuple[str, ...]) -> tuple[Piece, ...]:
    return ("  ", Styled("STALE", "alarm"), f" {'; '.join(causes)}") if causes else ()


def _signoffs(release: Release, zone: str) -> Lines:
    """The decisions of people that nothing superseded."""
    for subject in SUBJECTS:
        for each in standing(release, subject):
            given = each.signoff
            who = f"{given.by} for {given.acting_for}" if given.acting_for else given.by
            verb = "approved" if given.verdict == "approve" else "REJECTED"
            comment = f": {' '.join(given.comment.split())}" if given.comment else ""
            yield (f"{subject} {verb} by {who}, {moment(given.at, zone)}{comment}", *_stale(each.causes))


def _decisions(release: Release, zone: str) -> Lines:
    stand = standing_decisions(release)
    for each in release.dossier.decisions:
        words = " ".join((each.words or each.outcome).split())
        where = f" for {', '.join(each.scope)}" if each.scope else ""
        to = f" to {each.to}" if each.kind in ("hand-over", "delegate") else ""
        kind = f"withdrew {each.withdraws}" if each.withdraws else each.kind
        gone = "" if each in stand or each.withdraws else "  withdrawn"
        told = f": {words}" if words else ""
        yield (f"{each.id}  {moment(each.at, zone)}  {kind}{to}{where} by {each.by}{told}{gone}",)


def _overrides(release: Release, zone: str) -> Lines:
    for each in release.dossier.overrides:
        build = f" of build {each.iteration}" if each.iteration > 1 else ""
        yield (f"{each.criterion}{build} by {each.by}, {moment(each.at, zone)}: {each.reason}",)


def _sent(release: Release, zone: str) -> Lines:
    for each in release.dossier.sent:
        verb = f"withdrew {each.withdraws}" if each.withdraws else f"to {each.to}"
        yield (f"{each.id}  {each.message} {verb} by {each.by}, {moment(each.at, zone)}",)


_PARTS = ("changes", "components", "environments", "runs", "defects", "config_items", "contacts")


def dossier(release: Release) -> Shape:
    """Everything beside the checklist; what a release does not have is empty."""
    kept, stand = release.dossier, standing_decisions(release)
    return {
        "stage": stage_now(release) if release.criteria else "",
        "leader": leader(release),
        **picked(
            kept,
            "iteration resources needs follows rollback_minutes rollback_limit rollback_triggers "
            "package_at package_access package_tag tag_build build_logs logs_build built_at "
            "deployed_version schema_versions api_versions user_action test_plan",
        ),
        **{name: shapes_of(getattr(kept, name)) for name in _PARTS},
        "confirmations": [{**shape_of(each), "doubts": doubts(release, each)} for each in kept.confirmations],
        "signed": [subject for subject in SUBJECTS if state_of(release, subject).signed],
        "signoffs": _signoff_shapes(release),
        "decisions": [{**shape_of(each), "stands": each in stand} for each in kept.decisions],
        "overrides": shapes_of(kept.overrides),
        "sent": shapes_of(kept.sent),
        "progress": kept.progress,
        "past_builds": shapes_of(kept.past_builds),
    }


def _signoff_shapes(release: Release) -> list[Shape]:
    """Each with whether it stands (nothing of the same person superseded it), and why it is stale."""
    standing_ids = {each.signoff.id for subject in SUBJECTS for each in standing(release, subject)}
    return [
        {
            **shape_of(each),
            "stands": each.id in standing_ids,
            "stale": stale(release, each) if each.id in standing_ids else (),
        }
        for each in release.dossier.signoffs
    ]
