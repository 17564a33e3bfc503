"""The bundled templates hold every check of the trade, at the time and in the phase where it belongs."""

from __future__ import annotations

from pathlib import Path

import pytest

from relui.domain.checklist import Item, Phase
from relui.domain.composing import compose, criteria_of, options_of, parameters_of
from relui.domain.creation import EMERGENCY_CRITERIA
from relui.domain.template import Template
from relui.loading.template_checks import placed_items
from relui.loading.templates import TemplateLibrary

FOLDER = Path(__file__).parents[2] / "templates"
PACKS = ["ab-test", "aws", "database-migration", "kubernetes", "mobile", "multi-region"]


@pytest.fixture(scope="module")
def library() -> TemplateLibrary:
    return TemplateLibrary(FOLDER, None)


def paths(template: Template) -> list[str]:
    return [item.path for item in placed_items(template)]


def leaf(phases: tuple[Phase, ...], path: str) -> Item:
    first, *rest = path.split(".")
    items = next(phase.items for phase in phases if phase.id == first)
    for step in rest[:-1]:
        items = next(item.items for item in items if item.id == step)
    return next(item for item in items if item.id == rest[-1])


def test_every_bundled_template_lints_clean(library: TemplateLibrary) -> None:
    files = sorted(FOLDER.glob("*.yaml"))
    assert {path.stem for path in files} >= {"standard", "governed", "emergency", "governance", *PACKS}
    assert [str(problem) for path in files for problem in library.lint_file(path)] == []


def test_the_standard_has_seven_phases_with_their_times(library: TemplateLibrary) -> None:
    """[S0.2 - S0.7]"""
    standard = library.get("standard")
    assert [(phase.id, phase.due, phase.stage) for phase in standard.phases] == [
        ("pre-release", "T-48h", "build"),
        ("staging-test", "T-24h", "test"),
        ("communication", "T-24h", "stage"),
        ("pre-deploy", "T-1h", "deploy"),
        ("deploy", "T", "deploy"),
        ("post-deploy", "T+30m", "deploy"),
        ("close", "T+24h", "close"),
    ]
    assert standard.types == ["major", "minor", "patch"]
    assert standard.criteria == []


def test_the_standard_has_every_check_and_sub_check(library: TemplateLibrary) -> None:
    """[S0.2 - S0.7]"""
    expected = {
        "pre-release": "branches pipeline staging migrations env-vars rollback-plan release-notes "
        "dependencies",
        "staging-test": "smoke scenarios scenarios.login scenarios.payment scenarios.crud "
        "scenarios.notifications mobile performance acceptance bug-fixes qa-approval",
        "communication": "team support downtime announcement social",
        "pre-deploy": "staging-check backup env env.api-keys env.connections env.flags env.third-party "
        "monitoring rollback-shared on-call announce-start",
        "deploy": "command pipeline migration health announce-complete",
        "post-deploy": "smoke smoke.core-flows smoke.new-features smoke.fixed-areas error-rate "
        "response-times logs alerts announce-success",
        "close": "changelog announcement release-notes support-live monitoring closed retrospective",
    }
    assert paths(library.get("standard")) == [
        f"{phase}.{item}" for phase, items in expected.items() for item in items.split()
    ]


def test_what_is_only_done_if_any_is_optional_and_nothing_else(library: TemplateLibrary) -> None:
    """[S0.3, S0.4]"""
    standard = library.get("standard")
    optional = {item.path: item.form.option for item in placed_items(standard) if item.form.optional}
    assert optional == {
        "staging-test.scenarios.payment": "payment",
        "staging-test.scenarios.notifications": "notifications",
        "staging-test.mobile": "mobile",
        "communication.downtime": "downtime",
        "communication.announcement": "announcement",
        "communication.social": "social",
        "close.announcement": "announcement",
    }
    assert set(options_of(standard, [])) == {"pre-release", *filter(None, optional.values())}
    assert not any(phase.optional for phase in standard.phases)


def test_a_small_hotfix_can_leave_the_48_hour_phase_out(library: TemplateLibrary) -> None:
    phases = compose(library.get("standard"), [], type="patch", without=["pre-release"])
    assert phases[0].id == "staging-test"
    assert leaf(phases, "pre-deploy.rollback-shared").requires == ()


def test_items_ask_for_the_names_dates_and_times_of_the_trade(library: TemplateLibrary) -> None:
    phases = compose(library.get("standard"), [], type="minor")
    fields = {
        path: [(field.kind, field.required) for field in leaf(phases, path).fields]
        for path in (
            "staging-test.qa-approval",
            "communication.announcement",
            "pre-deploy.on-call",
            "deploy.announce-complete",
        )
    }
    assert fields == {
        "staging-test.qa-approval": [("person", True), ("date", True)],
        "communication.announcement": [("date", True)],
        "pre-deploy.on-call": [("person", True)],
        "deploy.announce-complete": [("time", False)],
    }


def test_messages_and_facts_are_bound_to_their_items(library: TemplateLibrary) -> None:
    """[S1.23]"""
    items = placed_items(library.get("standard"))
    assert {item.path: item.form.message for item in items if item.form.message} == {
        "communication.team": "planned-release",
        "pre-deploy.announce-start": "deploy-starting",
        "deploy.announce-complete": "deploy-complete",
        "post-deploy.announce-success": "release-successful",
        "close.announcement": "customer-announcement",
        "close.support-live": "support-live",
    }
    assert {item.path: item.form.when_done for item in items if item.form.when_done} == {
        "close.closed": "closed",
        "close.retrospective": "retrospective",
    }


def test_deploying_needs_the_backup_and_the_shared_rollback(library: TemplateLibrary) -> None:
    phases = compose(library.get("standard"), [], type="minor")
    assert leaf(phases, "deploy.command").requires == ("pre-deploy.backup", "pre-deploy.rollback-shared")
    assert leaf(phases, "pre-deploy.rollback-shared").requires == ("pre-release.rollback-plan",)


@pytest.mark.parametrize("name", ["standard", "emergency", *PACKS])
def test_texts_are_short_plain_and_helpful(library: TemplateLibrary, name: str) -> None:
    assert (FOLDER / f"{name}.yaml").read_bytes().isascii()
    items = list(placed_items(library.get(name)))
    assert items
    for item in items:
        assert len(item.form.text) <= 60, item.path
        assert item.form.role, item.path
        if item.leaf:
            assert 1 <= len(item.form.help.splitlines()) <= 4, item.path
            assert item.form.estimate or item.form.when_done, item.path


def test_the_emergency_has_its_minimum_and_owes_the_standard(library: TemplateLibrary) -> None:
    """[S1.36]"""
    emergency = library.get("emergency")
    assert (emergency.kind, emergency.types, emergency.owes) == ("emergency", ["emergency"], "standard")
    expected = {
        "pre-release.fix-proven",
        "pre-release.not-reproducible",
        "pre-release.regression",
        "pre-deploy.backup",
        "pre-deploy.rollback",
        "pre-deploy.team",
        "post-deploy.verified",
        "post-deploy.error-rate",
        "close.full-checklist",
    }
    assert expected <= set(paths(emergency))
    bound = {item.path: item.form.when_done for item in placed_items(emergency) if item.form.when_done}
    assert bound == {"close.full-checklist": "debt-settled", "close.closed": "closed"}
    optional = {item.path for item in placed_items(emergency) if item.form.optional}
    assert optional == {"pre-deploy.backup"}


def test_an_emergency_owes_every_check_of_the_standard_but_its_close(library: TemplateLibrary) -> None:
    """[S1.36]"""
    emergency = library.get("emergency")
    phases = compose(emergency, [], type="emergency", owed=library.owed_by(emergency))
    owed = [phase for phase in phases if phase.owed]
    assert [phase.id for phase in owed] == [f"full-{phase.id}" for phase in library.get("standard").phases]
    assert {phase.due for phase in owed} == {emergency.owed_by}
    total = sum(1 for phase in owed for _ in _walk(phase.items))
    assert total == len(paths(library.get("standard"))) - 1


def _walk(items: tuple[Item, ...]) -> list[Item]:
    return [found for item in items for found in (item, *_walk(item.items))]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("aws", ["pre-deploy.s3-policies", "deploy.cloudformation", "deploy.cloudfront"]),
        ("kubernetes", ["pre-deploy.limits", "deploy.manifest", "deploy.pods"]),
        (
            "database-migration",
            [
                "pre-release.idempotent",
                "pre-release.rollback-migration",
                "pre-release.duration",
                "pre-release.window",
            ],
        ),
        ("multi-region", ["deploy.region-deployed", "post-deploy.region-verified"]),
        ("ab-test", ["pre-deploy.experiment", "post-deploy.variants-live", "close.experiment-end"]),
        ("mobile", ["pre-release.store-review", "staging-test.device-matrix", "deploy.staged-rollout"]),
    ],
)
def test_each_pack_adds_its_checks_to_the_right_phases(
    library: TemplateLibrary, name: str, expected: list[str]
) -> None:
    phases = compose(library.get("standard"), [library.get(name)], type="minor")
    for path in expected:
        assert leaf(phases, path).origin == f"pack {name}"


def test_a_migration_states_its_minutes_and_its_window_is_computed(library: TemplateLibrary) -> None:
    phases = compose(library.get("standard"), [library.get("database-migration")], type="minor")
    (field,) = leaf(phases, "pre-release.duration").fields
    assert (field.id, field.kind, field.required) == ("minutes", "number", True)
    assert leaf(phases, "pre-release.window").when_done == "window-fits"


def test_each_region_gets_its_line(library: TemplateLibrary) -> None:
    pack = library.get("multi-region")
    assert parameters_of(library.get("standard"), [pack]) == ["region"]
    phases = compose(library.get("standard"), [pack], type="minor", values={"region": ["eu", "us"]})
    assert leaf(phases, "deploy.region-deployed-eu").text == "Region deployed: eu"
    assert leaf(phases, "post-deploy.region-verified-us").requires == ("deploy.region-deployed-us",)


def test_the_governed_template_turns_everything_on_and_ticks_itself(library: TemplateLibrary) -> None:
    """[S1.2] What stands in the record is not ticked a second time."""
    governed = library.get("governed")
    assert (governed.kind, governed.criteria) == ("base", "all")
    bound = {item.form.when_done for item in placed_items(governed)} - {""}
    assert bound == {
        "booked", "go", "started", "completed", "retrospective", "closed",
        "signed:definition", "signed:test-plan", "signed:acceptance", "signed:readiness",
        "package-complete", "tested", "confirmed:window.support", "confirmed:readiness.dashboards",
        "confirmed:readiness.on-call",
    }  # fmt: skip


def test_the_governance_pack_brings_its_criteria_to_the_standard(library: TemplateLibrary) -> None:
    """[S1.2]"""
    standard, pack = library.get("standard"), library.get("governance")
    assert criteria_of(standard, []) == ()
    assert criteria_of(standard, [pack]) == ("all",)
    phases = compose(standard, [pack], type="minor")
    assert leaf(phases, "pre-deploy.go").when_done == "go"


def test_the_plain_emergency_is_the_checklist_alone_and_the_governed_one_the_same_with_criteria(
    library: TemplateLibrary,
) -> None:
    """[S1.36]"""
    plain, governed = library.get("emergency"), library.get("governed-emergency")
    assert criteria_of(plain, []) == ()
    assert criteria_of(governed, []) == EMERGENCY_CRITERIA
    own = {"template", "name", "description", "criteria"}
    assert plain.model_dump(exclude=own) == governed.model_dump(exclude=own)


@pytest.mark.parametrize("name", ["standard", "governed", "emergency", "governed-emergency"])
def test_all_packs_together_fit_every_template(library: TemplateLibrary, name: str) -> None:
    template = library.get(name)
    packs = library.packs_for(template, PACKS)
    release_type = template.types[0]
    phases = compose(template, packs, type=release_type, owed=library.owed_by(template))
    added = [item for phase in phases for item in _walk(phase.items) if item.origin]
    assert len(added) == sum(len(paths(pack)) for pack in packs)
