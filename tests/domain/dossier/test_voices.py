"""Who speaks for another: allowed, recorded, told, and shown at the gate."""

from __future__ import annotations

from datetime import date
from typing import Any

from relui.domain.dossier.editing import add_part, add_parts, edit_part
from relui.domain.dossier.gates import Judgement, gate
from relui.domain.dossier.parts import Change, Contact
from relui.domain.dossier.points import confirmation
from relui.domain.dossier.signers import NOBODY, ready_words
from relui.domain.dossier.signing import confirm
from relui.domain.organisation import Organisation
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from tests.domain.dossier.gated import DAY, ORGANISATION, context, planned
from tests.domain.dossier.governed import governed


def change(**more: Any) -> Release:
    given = {
        "id": "BK-1",
        "summary": "x",
        "status": "approved",
        "owner": "olga",
        "target": date(2026, 11, 30),
    }
    return governed(changes=(Change(**{**given, **more}),))


def ready(made: Release, by: str, organisation: Organisation = ORGANISATION, word: str = "yes") -> Ruling:
    return edit_part(made, "change", "bk-1", {"ready": word}, DAY, by, organisation=organisation)


def line_of(made: Release, name: str) -> Judgement:
    every = planned(dossier=made.dossier)
    lines = {
        each.criterion.id: each
        for stage in ("plan", "go")
        for each in gate(every, stage, context()).judgements
    }
    return lines[name]


def test_a_change_found_ready_by_another_than_its_owner_says_so_wherever_it_counts() -> None:
    """[S1.3]"""
    ruling = ready(change(), "ben")
    assert ruling.told == ("That BK-1 is ready is recorded as said by ben for olga.",)
    assert ruling.act is not None and "said by ben for olga" in ruling.act.text
    assert ready_words(ruling.release.dossier.changes[0]) == "said by ben for olga"
    found = line_of(ruling.release, "changes-ready")
    assert (found.state, found.why) == ("met", "BK-1 said by ben for olga")


def test_its_owner_says_it_for_themselves_by_id_or_name_and_may_say_it_after_another() -> None:
    for by in ("olga", "Olga", "OLGA"):
        made = ready(change(), by)
        assert made.told == () and made.release.dossier.changes[0].ready_by == ""
    after = ready(ready(change(), "ben").release, "olga")
    assert after.act is not None and "ready said by olga" in after.act.text
    assert after.release.dossier.changes[0].ready_by == "" and after.told == ()
    assert line_of(after.release, "changes-ready").why == ""


def test_a_change_that_is_no_longer_ready_or_belongs_to_nobody_was_said_by_nobody() -> None:
    said = ready(change(), "ben").release
    assert ready(said, "carl", word="no").release.dossier.changes[0].ready_by == ""
    assert ready(change(owner=""), "ben", NOBODY).told == ()
    assert ready(said, "carl").act is None, "it is said already"
    other = edit_part(said, "change", "BK-1", {"summary": "y"}, DAY, "carl", organisation=ORGANISATION)
    assert other.release.dossier.changes[0].ready_by == "ben"


def test_a_new_change_that_is_ready_says_by_whom_and_adding_it_again_changes_nothing() -> None:
    given = {"id": "BK-2", "summary": "y", "owner": "olga", "ready": "yes"}
    made = add_part(change(), "change", given, DAY, "ben", ORGANISATION)
    assert made.told == ("That BK-2 is ready is recorded as said by ben for olga.",)
    assert add_part(made.release, "change", given, DAY, "ben", ORGANISATION).act is None


def test_whoever_confirms_the_window_for_another_team_is_recorded_so_and_told() -> None:
    """[S1.24] The organisation lists somebody of operations alone: nobody speaks for the other teams."""
    ruling = confirm(planned(), ["window"], "ben", DAY, organisation=ORGANISATION)
    assert ruling.told == ("Recorded as said by ben for operations: others have that role.",)
    assert ruling.act is not None and ruling.act.text.endswith("window.communications, for operations")
    found = confirmation(ruling.release, "window.operations")
    assert found is not None and (found.by, found.acting_for) == ("ben", "operations")
    line = line_of(ruling.release, "window-confirmed")
    assert (line.state, line.why) == ("met", "said by ben for operations")
    assert confirm(ruling.release, ["window"], "ben", DAY, organisation=ORGANISATION).act is None
    own = confirm(ruling.release, ["window.operations"], "olga", DAY, organisation=ORGANISATION)
    assert own.changed == ("window.operations",) and own.told == ()


def test_a_contact_of_the_release_speaks_for_their_team() -> None:
    made = governed(contacts=(Contact(id="operations", person="Ben"),))
    assert confirm(made, ["window"], "ben", DAY, organisation=ORGANISATION).told == ()


def test_another_owner_of_a_change_inherits_no_word_that_they_did_not_give() -> None:
    """[S1.3] Whose word it was stays, until the new owner says it."""

    def given_to(made: Release, owner: str, **more: str) -> Change:
        ruling = edit_part(
            made, "change", "bk-1", {"owner": owner, **more}, DAY, "ben", organisation=ORGANISATION
        )
        return ruling.release.dossier.changes[0]

    own, others = ready(change(), "olga").release, ready(change(), "ben").release
    assert ready_words(given_to(own, "rosa")) == "said by olga for rosa"
    assert ready_words(given_to(others, "rosa")) == "said by ben for rosa"
    assert ready_words(given_to(others, "ben")) == ""
    assert ready_words(given_to(own, "rosa", ready="yes")) == "said by ben for rosa"
    assert ready_words(given_to(change(), "rosa")) == ""


def test_what_an_import_calls_ready_is_said_by_whoever_imports_it() -> None:
    """[S1.3] The same again adds nothing."""
    made = governed()
    rows = [
        Change(id="BK-7", summary="x", owner="olga", ready=True),
        Change(id="BK-8", summary="y", owner="ben", ready=True),
        Change(id="BK-9", summary="z", owner="olga"),
    ]
    ruling = add_parts(made, "change", rows, "c.csv", DAY, "ben", ORGANISATION)
    added = {each.id: each for each in ruling.release.dossier.changes}
    assert [ready_words(added[each.id]) for each in rows] == ["said by ben for olga", "", ""]
    assert ruling.told == ("That BK-7 is ready is recorded as said by ben.",)
    again = add_parts(ruling.release, "change", rows, "c.csv", DAY, "ben", ORGANISATION)
    assert again.act is None and again.left == ()
