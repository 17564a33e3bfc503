"""Several parts as one act, and what is proposed for them from the timeline and the organisation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from relui.domain.dossier.parts import Change, Contact
from relui.domain.dossier.points import confirmation
from relui.domain.dossier.several import add_several, edit_several, proposed_contacts, proposed_schedule
from relui.domain.dossier.signing import confirm
from relui.domain.organisation import Organisation, Person
from relui.errors import BadInput
from tests.domain.releases import GO_LIVE, NOW, payments


def test_parts_are_added_as_one_act_or_not_at_all() -> None:
    made = payments()
    given = [{"id": "on-call", "person": "Olga"}, {"id": "support", "person": "Desk", "reach": "#help"}]
    ruling = add_several(made, "contact", given, NOW, "ada")
    assert ruling.changed == ("on-call", "support")
    assert ruling.act is not None and ruling.act.text == "added 2 contacts: on-call, support"
    with pytest.raises(BadInput, match="needs its person"):
        add_several(made, "contact", [*given, {"id": "escalation"}], NOW, "ada")
    again = add_several(ruling.release, "contact", given, NOW, "ada")
    assert again.act is None and again.already == ("on-call", "support")


def test_the_same_fields_of_several_parts_are_set_as_one_act() -> None:
    changes = tuple(Change(id=f"C-{number}", summary="x", owner="ada") for number in range(3))
    made = replace(payments(), dossier=replace(payments().dossier, changes=changes))
    ruling = edit_several(made, "change", ["C-0", "C-2"], {"ready": "yes"}, NOW, "ada", Organisation())
    assert [each.ready for each in ruling.release.dossier.changes] == [True, False, True]
    assert ruling.act is not None and ruling.act.text == "edited 2 changes: C-0, C-2"
    with pytest.raises(BadInput, match="one by one"):
        edit_several(made, "change", ["C-0", "C-2"], {"id": "C-9"}, NOW, "ada", Organisation())


def test_promotions_are_proposed_by_the_timeline_and_never_in_the_past() -> None:
    """[S1.5, S1.18] Test on the day of the complete build, staging on that of the complete test."""
    made = payments()
    early = GO_LIVE - timedelta(days=20)
    assert proposed_schedule(made, early) == {
        "test": "2026-11-13T10:00", "staging": "2026-11-17T10:00", "production": "2026-11-21T20:00",
    }  # fmt: skip
    late = GO_LIVE - timedelta(hours=30, minutes=20)
    assert proposed_schedule(made, late)["test"] == "2026-11-20T14:00"
    assert proposed_schedule(made, GO_LIVE)["staging"] == "2026-11-21T20:00"
    given = [{"id": name, "planned": at} for name, at in proposed_schedule(made, early).items()]
    planned = add_several(made, "environment", given, NOW, "ada").release
    assert [each.id for each in planned.dossier.environments] == ["test", "staging", "production"]
    assert proposed_schedule(planned, early) == {}


def test_contacts_are_proposed_from_the_roles_of_the_organisation() -> None:
    """[S1.26, S2.2]"""
    people = (
        Person("olga", "Olga", roles=("on-call",)),
        Person("ines", "Ines", roles=("incident-response",)),
    )
    organisation = Organisation(people=people)
    found = proposed_contacts(payments(), organisation)
    assert (found["on-call"], found["incident-response"], found["support"]) == ("olga", "ines", "")
    named = replace(payments().dossier, contacts=(Contact(id="On-Call", person="bo"),))
    assert "on-call" not in proposed_contacts(replace(payments(), dossier=named), organisation)


def test_each_point_that_asks_for_a_note_gets_its_own_in_one_act() -> None:
    """One dialog, one entry; nothing is confirmed where a note is missing."""
    made = replace(payments(), criteria=("all",))
    names = ["prerequisite.authority", "prerequisite.policy"]
    with pytest.raises(BadInput, match="needs a note"):
        confirm(made, names, "ada", NOW, notes={"prerequisite.policy": "x"})
    ruling = confirm(made, names, "ada", NOW, notes={"prerequisite.authority": "page 4"}, evidence="wiki")
    first, second = (confirmation(ruling.release, name) for name in names)
    assert first is not None and second is not None
    assert (first.note, second.note, first.evidence) == ("page 4", "", "wiki") and not ruling.told
