"""The loop from a retrospective to the next release's checklist and back [S0.9]."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.checklist import State
from relui.domain.learning.carrying import carried_by, to_carry
from relui.domain.log import verify
from relui.domain.outline import Outline
from relui.errors import BadInput, Refused, StoreError
from tests.store.samples import BEN, TEMPLATES, desk_on

NEXT = "Rehearse the rollback in staging"


def made(desk: Desk, version: str = "2.5.0", day: str = "2026-11-27", **more: object) -> str:
    request = Request(service="shop", version=version, go_live=f"{day} 20:00")
    return desk.releases.new(replace(request, **more)).release.id


def item_on(desk: Desk, release_id: str, action: str = "A-1") -> str:
    return carried_by(desk.journal.open(release_id).release)[action].path


def wrote(desk: Desk, release_id: str, text: str = NEXT, **more: str) -> None:
    desk.learning.write_retrospective(release_id, {"next": text}, **more)


def closed(desk: Desk, release_id: str) -> None:
    desk.releases.close(release_id, reason="not this time")


def test_what_changes_next_becomes_an_action_of_the_release_owner(desk: Desk, release_id: str) -> None:
    """[S0.9] It names the release, when and by whom it was raised."""
    wrote(desk, release_id)
    (action,) = desk.learning.actions()
    assert (action.text, action.owner, action.release, action.raised_by) == (NEXT, "Ada", release_id, "Ada")
    assert action.raised_at == desk.clock.now()


def test_the_action_can_be_given_to_somebody_when_it_is_written(desk: Desk, release_id: str) -> None:
    wrote(desk, release_id, owner="ben")
    assert [action.owner for action in desk.learning.actions()] == ["ben"]


def test_each_point_of_a_list_is_an_action(desk: Desk, release_id: str) -> None:
    wrote(desk, release_id, "Two things:\n- [ ] Alert earlier\n  on errors\n* Ask support\n")
    assert [action.text for action in desk.learning.actions()] == ["Alert earlier on errors", "Ask support"]


def test_rewording_keeps_the_action_and_taking_out_drops_it(desk: Desk, release_id: str) -> None:
    wrote(desk, release_id, "Rehearse it")
    wrote(desk, release_id, "Rehearse it twice")
    assert [(action.id, action.text) for action in desk.learning.actions()] == [("A-1", "Rehearse it twice")]
    wrote(desk, release_id, "")
    assert desk.learning.actions() == ()
    assert desk.learning.actions(everything=True)[0].state == "dropped"


def test_undoing_the_retrospective_takes_its_action_back(desk: Desk, release_id: str) -> None:
    wrote(desk, release_id)
    desk.releases.undo(release_id)
    assert desk.learning.actions() == ()
    desk.releases.redo(release_id)
    assert [action.id for action in desk.learning.actions()] == ["A-1"]


def test_the_next_release_of_the_service_begins_with_the_action(desk: Desk, release_id: str) -> None:
    """[S0.9] As a required item whose origin is the release that raised it; another service has none."""
    wrote(desk, release_id)
    closed(desk, release_id)
    done = desk.releases.new(Request(service="shop", version="2.5.0", go_live="2026-11-27 20:00"))
    node = carried_by(done.release)["A-1"]
    assert node.item is not None
    assert (node.text, node.item.origin, node.optional) == (NEXT, release_id, False)
    assert release_id in node.item.help
    assert any("A-1" in word for word in done.ruling.told)
    assert carried_by(desk.releases.new(Request(service="other", version="1.0.0")).release) == {}
    assert verify(done.release.id, done.record.state, done.record.log).intact


def test_ticking_the_item_settles_the_action_and_opening_it_opens_the_action(
    desk: Desk, release_id: str
) -> None:
    wrote(desk, release_id)
    closed(desk, release_id)
    following = made(desk)
    desk.items.tick(following, [item_on(desk, following)])
    (action,) = desk.learning.actions(everything=True)
    assert (action.state, action.settled_in) == ("done", following)
    desk.items.untick(following, [item_on(desk, following)])
    assert [action.state for action in desk.learning.actions()] == ["open"]
    desk.items.tick(following, [item_on(desk, following)])
    desk.releases.undo(following)
    assert [action.state for action in desk.learning.actions()] == ["open"]


def test_an_action_comes_back_several_releases_later_until_it_is_done(desk: Desk, release_id: str) -> None:
    """[S0.9] Left out with a reason or left open at the close, it stands on the release after."""
    wrote(desk, release_id)
    closed(desk, release_id)
    second = made(desk, "2.5.0", "2026-11-27")
    desk.items.skip(second, [item_on(desk, second)], "no time")
    closed(desk, second)
    third = made(desk, "2.6.0", "2026-12-04")
    closed(desk, third)
    fourth = made(desk, "2.7.0", "2026-12-11")
    assert [action.carried for action in desk.learning.actions()] == [(second, third, fourth)]
    desk.items.tick(fourth, [item_on(desk, fourth)])
    closed(desk, fourth)
    assert carried_by(desk.journal.open(made(desk, "2.8.0", "2026-12-18")).release) == {}


def test_a_release_that_is_active_already_is_given_the_action(desk: Desk, release_id: str) -> None:
    """The next one to go live, and no other; its log says so and undo passes it over."""
    later, following = made(desk, "2.6.0", "2026-12-04"), made(desk, "2.5.0", "2026-11-27")
    wrote(desk, release_id)
    assert set(carried_by(desk.journal.open(following).release)) == {"A-1"}
    assert carried_by(desk.journal.open(later).release) == {}
    assert desk.journal.open(following).entries[-1].act == "carry"
    assert carried_by(desk.journal.open(release_id).release) == {}


def test_a_follow_up_is_given_the_action_before_others_and_a_past_go_live_last(
    desk: Desk, release_id: str
) -> None:
    past, planned = made(desk, "2.4.1", "2026-10-02"), made(desk, "2.5.0", "2026-11-27")
    follower = made(desk, "2.6.1", "2026-12-18")
    releases = desk.journal.active().releases
    wrote(desk, release_id)
    assert carried_by(desk.journal.open(past).release) == {}
    assert set(carried_by(desk.journal.open(planned).release)) == {"A-1"}
    (action,) = desk.learning.actions()
    following = [
        replace(each, dossier=replace(each.dossier, follows=release_id)) if each.id == follower else each
        for each in releases
    ]
    assert list(to_carry([replace(action, carried=())], following, desk.clock.now())) == [follower]


def test_an_action_never_stands_on_two_releases(desk: Desk, release_id: str) -> None:
    """One that is deployed and not closed keeps it: it can be ticked there, and moves on at the close."""
    following = made(desk)
    wrote(desk, release_id)
    desk.releases.edit(following, {"started": "2026-11-03 08:00"})
    copied = desk.releases.new(
        Request(copy_of=following, version="2.6.0", go_live="2026-12-04 20:00")
    ).release
    assert carried_by(copied) == {} and desk.learning.carry_actions() == ()
    closed(desk, following)
    assert set(carried_by(desk.journal.open(copied.id).release)) == {"A-1"}


def test_an_action_that_was_removed_from_a_release_does_not_come_back_to_it(
    desk: Desk, release_id: str
) -> None:
    following = made(desk)
    wrote(desk, release_id)
    desk.items.remove(following, item_on(desk, following), "not on this one")
    assert desk.learning.carry_actions() == ()
    assert carried_by(desk.journal.open(following).release) == {}


def test_a_deployed_release_is_not_given_an_action(desk: Desk, release_id: str) -> None:
    following = made(desk)
    desk.releases.edit(following, {"started": "2026-11-03 09:30"})
    wrote(desk, release_id)
    assert carried_by(desk.journal.open(following).release) == {}


def test_an_emergency_is_not_held_up_by_an_action(desk: Desk, release_id: str) -> None:
    """Its minimum checks stay what they are: the action stands in its close."""
    wrote(desk, release_id)
    closed(desk, release_id)
    emergency = made(
        desk, template="emergency", type="emergency", rationale="down", criterion="production incident"
    )
    assert item_on(desk, emergency) == "close.action-1"


def test_settling_an_action_settles_its_item(desk: Desk, release_id: str) -> None:
    wrote(desk, release_id, "- Alert earlier\n- Ask support")
    closed(desk, release_id)
    following = made(desk)
    desk.learning.finish_action("1", "done in sprint 9")
    desk.learning.drop_action("A-2", "support was dissolved")
    outline = Outline(desk.journal.open(following).release)
    first, second = outline[item_on(desk, following)], outline[item_on(desk, following, "A-2")]
    assert (first.state, first.mark.note) == (State.DONE, "done in sprint 9")
    assert (second.state, second.mark.reason) == (State.NOT_APPLICABLE, "support was dissolved")
    assert desk.learning.actions() == ()


def test_opening_an_action_again_opens_its_item_again(desk: Desk, release_id: str) -> None:
    """Left ticked, the item would settle the action at once."""
    wrote(desk, release_id)
    desk.releases.close(release_id, reason="r")
    following = made(desk)
    desk.items.tick(following, [item_on(desk, following)])
    assert desk.learning.reopen_action("A-1").told == (f"Open again on {following}.",)
    assert desk.learning.read().action("A-1").open
    assert Outline(desk.journal.open(following).release)[item_on(desk, following)].state is State.OPEN
    desk.learning.carry_actions()
    assert desk.learning.read().action("A-1").open


def test_dropping_needs_a_reason_and_a_settled_action_stays_settled(desk: Desk, release_id: str) -> None:
    wrote(desk, release_id)
    with pytest.raises(BadInput, match="needs a reason"):
        desk.learning.drop_action("A-1", " ")
    desk.learning.finish_action("A-1")
    assert not desk.learning.finish_action("A-1").changed
    with pytest.raises(Refused, match="done already"):
        desk.learning.drop_action("A-1", "no")
    with pytest.raises(BadInput, match="There is no action"):
        desk.learning.finish_action("A-7")


def test_an_action_can_be_given_to_somebody_else(desk: Desk, release_id: str) -> None:
    wrote(desk, release_id)
    assert desk.learning.reassign_action("A-1", "ben").action.owner == "ben"
    assert not desk.learning.reassign_action("A-1", "ben").changed


def test_the_log_of_the_actions_verifies_and_names_who(desk: Desk, data: Path, release_id: str) -> None:
    wrote(desk, release_id)
    desk_on(data, BEN).learning.finish_action("A-1")
    assert desk.learning.verify().intact
    log = desk.store.learned.log()
    assert [entry["name"] for entry in log] == ["Ada", "Ben"]
    text = (desk.data / "actions.json").read_text("utf-8").replace(NEXT, "Do nothing")
    (desk.data / "actions.json").write_text(text, "utf-8")
    assert not desk.learning.verify().intact


def test_a_copy_takes_no_settled_action_along(desk: Desk, release_id: str) -> None:
    wrote(desk, release_id)
    closed(desk, release_id)
    following = made(desk)
    desk.items.tick(following, [item_on(desk, following)])
    copy = desk.releases.new(Request(copy_of=following, version="2.6.0", go_live="2026-12-04 20:00")).release
    assert carried_by(copy) == {}


def test_what_a_kill_left_is_brought_in_line_by_the_next_start(desk: Desk, release_id: str) -> None:
    """The release was written and its action was not: as if the process had died in between."""
    following = made(desk)
    wrote(desk, release_id)
    (desk.data / "actions.json").unlink()
    assert desk.learning.actions() == ()
    desk.learning.carry_actions()
    assert [action.text for action in desk.learning.actions()] == [NEXT]
    assert set(carried_by(desk.journal.open(following).release)) == {"A-1"}


def test_actions_that_cannot_be_read_stop_no_new_release(desk: Desk, release_id: str) -> None:
    (desk.data / "actions.json").write_text("{", "utf-8")
    done = desk.releases.new(Request(service="shop", version="2.5.0", go_live="2026-11-27 20:00"))
    assert any("actions.json" in word for word in done.ruling.told)


def test_nothing_is_carried_read_only(data: Path, desk: Desk, release_id: str) -> None:
    wrote(desk, release_id)
    made(desk)
    only = desk_on(data, read_only=True)
    assert only.learning.carry_actions() == ()
    with pytest.raises(StoreError):
        only.learning.finish_action("A-1")


def test_an_action_goes_into_a_copy_of_the_template_after_its_diff(
    desk: Desk, release_id: str, tmp_path: Path
) -> None:
    """[S0.9] The bundled file stays as it is; the step says why it exists; the next release has it."""
    from relui.loading.templates import TemplateLibrary

    own = tmp_path / "own"
    library = TemplateLibrary(TEMPLATES, own)
    mine = desk_on(desk.data, library=lambda: library)
    wrote(mine, release_id)
    bundled = (TEMPLATES / "standard.yaml").read_bytes()
    change = mine.learning.template_change("A-1", "standard", "staging-test")
    added = [line for line in change.diff if line.startswith("+") and not line.startswith("+++")]
    assert f'+        text: "{NEXT}"' in added
    assert f"This step exists because of {release_id}." in "".join(added)
    assert not own.exists()
    assert mine.learning.take_into_template(change, own) == own / "standard.yaml"
    assert (TEMPLATES / "standard.yaml").read_bytes() == bundled
    assert mine.learning.actions() == ()
    assert mine.learning.read().action("A-1").template == "standard"
    assert change.step in Outline(mine.journal.open(made(mine)).release).nodes
    with pytest.raises(Refused, match="already"):
        mine.learning.template_change("A-1", "standard")


def test_a_template_that_changed_since_its_diff_is_not_overwritten(
    desk: Desk, release_id: str, tmp_path: Path
) -> None:
    from relui.loading.templates import TemplateLibrary

    own = tmp_path / "own"
    library = TemplateLibrary(TEMPLATES, own)
    mine = desk_on(desk.data, library=lambda: library)
    wrote(mine, release_id)
    change = mine.learning.template_change("A-1", "standard")
    own.mkdir()
    (own / "mine.yaml").write_text(
        (TEMPLATES / "standard.yaml").read_text("utf-8").replace("Standard release", "Ours"), "utf-8"
    )
    with pytest.raises(Refused, match="meanwhile"):
        mine.learning.take_into_template(change, own)


def test_open_actions_and_due_reviews_wait_for_their_owners(desk: Desk, data: Path, release_id: str) -> None:
    """[S0.9] [S1.29] On the release where the action stands; a major's review for its owner."""
    following = made(desk)
    wrote(desk, release_id)
    major = made(desk, "3.0.0", "2026-11-02", type="major", owner="cleo")
    desk.releases.edit(major, {"started": "2026-11-02 20:00", "completed": "2026-11-02 21:00"})
    rows = {(row.kind, row.release): row for row in desk.releases.waiting().rows}
    assert rows["action", following].people == ("Ada",)
    assert rows["review", major].people == ("cleo",)
    assert {row.kind for row in desk.releases.waiting("cleo").rows} >= {"review"}
    assert all(row.kind != "action" for row in desk.releases.waiting("cleo").rows)


def test_the_check_up_finds_and_sets_aside_damaged_actions(desk: Desk, release_id: str) -> None:
    """What was raised by active releases is raised again from their retrospectives."""
    wrote(desk, release_id)
    path = desk.data / "actions.json"
    path.write_text(path.read_text("utf-8").replace(NEXT, "Do nothing"), "utf-8")
    assert any("actions does not verify" in finding.text for finding in desk.health.examine())
    path.write_text("{", "utf-8")
    assert any("actions.json" in finding.text for finding in desk.health.examine(repair=True))
    assert not path.exists()
    desk.learning.carry_actions()
    assert [action.text for action in desk.learning.actions()] == [NEXT]


def test_an_addition_whose_action_a_kill_left_out_raises_it_when_the_archive_is_read(
    desk: Desk, release_id: str
) -> None:
    """[S0.9] The record is durable first; its action follows with whoever looks, and only once."""
    closed(desk, release_id)
    desk.learning.write_retrospective(release_id, {"well": "calm", "hard": "late", "next": NEXT})
    (desk.data / "actions.json").unlink()
    assert desk.learning.actions() == ()
    for _ in range(2):
        assert desk.archive.retrospectives_owed() == ()
        assert [action.text for action in desk.learning.actions()] == [NEXT]
    assert set(carried_by(desk.journal.open(made(desk)).release)) == {"A-1"}
