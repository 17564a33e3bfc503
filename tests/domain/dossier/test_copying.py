"""A copy takes the parts of a dossier and leaves what was recorded."""

from __future__ import annotations

from msgspec.structs import replace

from relui.domain.creation import copied_dossier, create, plan_copy
from relui.domain.dossier.editing import add_part
from relui.domain.dossier.package import package_gaps
from relui.domain.dossier.parts import Dossier
from tests.domain.dossier.governed import defect, governed
from tests.domain.releases import GO_LIVE, NOW, payments


def test_a_copy_has_the_same_parts_and_nothing_of_what_was_recorded() -> None:
    """[S0.2]"""
    contact = {"id": "on-call", "person": "Ben"}
    source = add_part(governed(defects=(defect(),), iteration=3), "contact", contact, NOW, "ada").release
    plan = plan_copy(source, version="2.5.0", owner="ada", go_live=GO_LIVE)
    made = create(plan, source.phases, "REL-2026-11-002", "ada", NOW).dossier
    assert made == copied_dossier(source)
    assert [each.id for each in made.environments] == ["test", "staging", "production"]
    assert {each.presence for each in made.components} == {"missing"} and len(made.components) == 16
    assert (made.config_items[0].old, made.config_items[0].new) == ("2.4.0", "")
    assert made.contacts == source.dossier.contacts and made.rollback_minutes == 45
    kept = ("resources", "rollback_minutes", "rollback_limit", "rollback_triggers", "package_at",
            "package_access", "components", "environments", "test_plan", "config_items",
            "contacts")  # fmt: skip
    assert replace(made, **{name: getattr(Dossier(), name) for name in kept}) == Dossier()


def test_what_was_not_needed_stays_so_with_its_reason() -> None:
    first, *rest = governed().dossier.components
    left_out = replace(first, presence="not-needed", why_not="No binaries.")
    copied = copied_dossier(governed(components=(left_out, *rest)))
    assert copied.components[0] == left_out
    assert len(package_gaps(replace(payments(), dossier=copied))) == 15 + 2


def test_a_copy_of_a_light_release_has_an_empty_dossier() -> None:
    assert copied_dossier(payments()) == Dossier()
