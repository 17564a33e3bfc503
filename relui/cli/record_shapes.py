"""The record of a governed release behind `--json`: parts, sign-offs, decisions, messages (docs/cli.md)."""

from __future__ import annotations

from relui.cli.shape import Shape, shape_of, shapes_of
from relui.domain.dossier.decisions import leader, standing_decisions
from relui.domain.dossier.points import doubts
from relui.domain.dossier.signoffs import SUBJECTS, stale, standing, state_of
from relui.domain.dossier.stages import stage_now
from relui.domain.release import Release


def dossier(release: Release) -> Shape:
    """Everything beside the checklist; what a release does not have is empty."""
    kept = release.dossier
    return {
        "stage": stage_now(release) if release.criteria else "",
        "leader": leader(release),
        "iteration": kept.iteration,
        "resources": kept.resources,
        "needs": kept.needs,
        "follows": kept.follows,
        "rollback_minutes": kept.rollback_minutes,
        "rollback_limit": kept.rollback_limit,
        "rollback_triggers": kept.rollback_triggers,
        "package_at": kept.package_at,
        "package_access": kept.package_access,
        "package_tag": kept.package_tag,
        "tag_build": kept.tag_build,
        "build_logs": kept.build_logs,
        "logs_build": kept.logs_build,
        "built_at": kept.built_at,
        "deployed_version": kept.deployed_version,
        "schema_versions": kept.schema_versions,
        "api_versions": kept.api_versions,
        "user_action": kept.user_action,
        "test_plan": kept.test_plan,
        "changes": shapes_of(kept.changes),
        "components": shapes_of(kept.components),
        "environments": shapes_of(kept.environments),
        "runs": shapes_of(kept.runs),
        "defects": shapes_of(kept.defects),
        "config_items": shapes_of(kept.config_items),
        "contacts": shapes_of(kept.contacts),
        "confirmations": _confirmations(release),
        "signed": [subject for subject in SUBJECTS if state_of(release, subject).signed],
        "signoffs": _signoffs(release),
        "decisions": _decisions(release),
        "overrides": shapes_of(kept.overrides),
        "sent": shapes_of(kept.sent),
        "progress": kept.progress,
        "past_builds": [
            {
                **shape_of(each),
                "confirmations": [_without_basis(shape_of(one)) for one in each.confirmations],
            }
            for each in kept.past_builds
        ],
    }


def _without_basis(whole: Shape) -> Shape:
    return {name: value for name, value in whole.items() if name != "basis"}


def _confirmations(release: Release) -> list[Shape]:
    return [
        {**_without_basis(shape_of(each)), "doubts": doubts(release, each)}
        for each in release.dossier.confirmations
    ]


def _signoffs(release: Release) -> list[Shape]:
    """Each with whether it stands (nothing of the same person superseded it), and why it is stale."""
    standing_ids = {each.signoff.id for subject in SUBJECTS for each in standing(release, subject)}
    return [
        {
            **_without_basis(shape_of(each)),
            "stands": each.id in standing_ids,
            "stale": stale(release, each) if each.id in standing_ids else (),
        }
        for each in release.dossier.signoffs
    ]


def _decisions(release: Release) -> list[Shape]:
    stand = {each.id for each in standing_decisions(release)}
    return [{**shape_of(each), "stands": each.id in stand} for each in release.dossier.decisions]
