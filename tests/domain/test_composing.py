"""Composing: what a release gets of its template and packs, under which names and with which requirements."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relui.domain.checklist import Item, ItemField, Phase, RunCommand
from relui.domain.composing import compose, options_of, parameters_of
from relui.domain.template import Template
from relui.errors import BadInput

Shape = dict[str, Any]


def item(id_: str, **more: Any) -> Shape:
    return {"id": id_, "text": id_.capitalize(), **more}


def phase(id_: str, *items: Shape, **more: Any) -> Shape:
    return {"id": id_, "name": id_.capitalize(), "stage": "deploy", "items": list(items), **more}


def base(*phases: Shape, **more: Any) -> Template:
    return Template.model_validate(
        {"template": "base", "name": "Base", "kind": "base", "phases": list(phases), **more}
    )


def pack(name: str, *items: Shape, **more: Any) -> Template:
    return Template.model_validate(
        {"template": name, "name": name, "kind": "pack", "items": list(items), **more}
    )


def walked(items: tuple[Item, ...], parent: str) -> Iterator[tuple[str, Item]]:
    for one in items:
        path = f"{parent}.{one.id}"
        yield path, one
        yield from walked(one.items, path)


def by_path(phases: tuple[Phase, ...]) -> dict[str, Item]:
    found = [pair for one in phases for pair in walked(one.items, one.id)]
    assert len(dict(found)) == len(found), "paths are unique"
    return dict(found)


def paths(phases: tuple[Phase, ...]) -> list[str]:
    return list(by_path(phases))


DEPLOY = base(
    phase("before", item("backup"), item("plan")),
    phase("deploy", item("command", requires=["before.backup"]), item("health"), item("said"), due="T-1h"),
)


def test_a_phase_and_its_items_keep_everything_that_the_template_says() -> None:
    full = item(
        "backup",
        help="Look.",
        optional=True,
        option="database",
        role="operations",
        fields=[{"id": "at", "label": "At", "kind": "choice", "required": "yes", "choices": ["a", "b"]}],
        run={"command": ["pg_dump", "-v"], "timeout": "1h"},
        message="deploy-starting",
        when_done="booked",
        estimate="1h30m",
    )
    (made,) = compose(base(phase("deploy", full, due="T-48h", optional=True)), [], type="minor")
    assert made == Phase(
        "deploy",
        "Deploy",
        "deploy",
        "T-48h",
        optional=True,
        items=(
            Item(
                "backup",
                "Backup",
                help="Look.",
                optional=True,
                option="database",
                role="operations",
                fields=(ItemField("at", "At", "choice", True, ("a", "b")),),
                run=RunCommand(("pg_dump", "-v"), 60),
                message="deploy-starting",
                when_done="booked",
                estimate=90,
            ),
        ),
    )


def test_items_of_other_types_are_left_out() -> None:
    template = base(
        phase("deploy", item("a", types=["major"]), item("b", types=["minor", "patch"]), item("c"))
    )
    assert paths(compose(template, [], type="major")) == ["deploy.a", "deploy.c"]
    assert paths(compose(template, [], type="patch")) == ["deploy.b", "deploy.c"]


def test_a_type_that_the_template_is_not_for_is_refused_with_those_it_is_for() -> None:
    with pytest.raises(
        BadInput, match="template 'base' is for releases of type major, minor, and this one is 'patch'"
    ):
        compose(base(phase("p", item("a")), types=["major", "minor"]), [], type="patch")
    with pytest.raises(BadInput, match="pack 'x' is for releases of type major"):
        compose(DEPLOY, [pack("x", item("a", into="deploy"), types=["major"])], type="patch")


def test_options_leave_out_items_sub_items_and_whole_phases() -> None:
    template = base(
        phase("early", item("a"), option="early"),
        phase(
            "deploy",
            item("b", optional=True, option="db"),
            item("c", items=[item("d", option="db"), item("e")]),
        ),
    )
    assert paths(compose(template, [], type="minor", without=["db"])) == ["early.a", "deploy.c", "deploy.c.e"]
    assert paths(compose(template, [], type="minor", without=["early", "db"])) == ["deploy.c", "deploy.c.e"]


def test_a_parent_goes_with_its_last_child_and_a_phase_with_its_last_item() -> None:
    template = base(
        phase("early", item("a", option="x", optional=True)),
        phase("deploy", item("c", items=[item("d", option="x", optional=True)]), item("e")),
    )
    assert paths(compose(template, [], type="minor", without=["x"])) == ["deploy.e"]


def test_an_unknown_option_is_refused_with_the_nearest_name() -> None:
    template = base(phase("deploy", item("b", optional=True, option="database")))
    with pytest.raises(BadInput, match=r"no option 'databse'.* Did you mean 'database'?"):
        compose(template, [], type="minor", without=["databse"])
    with pytest.raises(BadInput, match=r"no option 'zzz'.* Known: database"):
        compose(template, [], type="minor", without=["zzz"])
    with pytest.raises(BadInput, match="has no options"):
        compose(DEPLOY, [], type="minor", without=["zzz"])


def test_options_say_in_words_what_goes_with_them() -> None:
    template = base(
        phase("early", item("a"), option="early"),
        phase("deploy", item("b", optional=True, option="db"), item("c")),
    )
    extra = pack("x", item("d", into="deploy", option="db", optional=True))
    assert options_of(template, [extra]) == {"early": "the phase Early", "db": "B; D"}


def test_a_line_stands_for_each_value_of_a_parameter() -> None:
    template = base(phase("deploy", item("go", per="region"), item("end")))
    made = by_path(compose(template, [], type="minor", values={"region": ["EU West", "us"]}))
    assert [(path, one.text) for path, one in made.items()] == [
        ("deploy.go-eu-west", "Go: EU West"),
        ("deploy.go-us", "Go: us"),
        ("deploy.end", "End"),
    ]
    assert parameters_of(template, []) == ["region"]


def test_a_parameter_without_values_leaves_one_line_as_it_is() -> None:
    template = base(phase("deploy", item("go", per="region")))
    given_values: list[dict[str, list[str]]] = [{}, {"region": []}, {"region": [" "]}]
    for values in given_values:
        assert paths(compose(template, [], type="minor", values=values)) == ["deploy.go"]


def test_values_that_look_alike_get_ids_of_their_own() -> None:
    template = base(phase("deploy", item("go", per="region")))
    made = compose(template, [], type="minor", values={"region": ["eu-1", "eu 1", "eu-1", "\x1b[31meu.1"]})
    assert paths(made) == ["deploy.go-eu-1", "deploy.go-eu-1-2", "deploy.go-eu-1-3"]
    assert made[0].items[2].text == "Go: eu.1"


def test_an_unknown_parameter_is_refused() -> None:
    template = base(phase("deploy", item("go", per="region")))
    with pytest.raises(BadInput, match=r"no parameter 'regions'.* Did you mean 'region'?"):
        compose(template, [], type="minor", values={"regions": ["eu"]})


def test_requirements_follow_the_lines_of_their_own_value() -> None:
    """A region's check waits for that region; what has no region waits for all."""
    template = base(
        phase(
            "deploy",
            item("go", per="region"),
            item("check", per="region", requires=["deploy.go"]),
            item("group", per="region", items=[item("inner", requires=["deploy.check"])]),
            item("end", requires=["deploy.go"]),
        )
    )
    made = by_path(compose(template, [], type="minor", values={"region": ["eu", "us"]}))
    assert made["deploy.check-us"].requires == ("deploy.go-us",)
    assert made["deploy.group-eu.inner"].requires == ("deploy.check-eu",)
    assert made["deploy.end"].requires == ("deploy.go-eu", "deploy.go-us")


def test_requirements_on_what_was_left_out_are_dropped() -> None:
    template = base(
        phase("p", item("a", option="x", optional=True), item("b"), item("c", requires=["p.a", "p.b"]))
    )
    assert by_path(compose(template, [], type="minor", without=["x"]))["p.c"].requires == ("p.b",)


def test_packs_place_their_items_in_order_and_bear_their_origin() -> None:
    first = pack("aws", item("a", into="deploy", after="command"), item("b", into="deploy", after="command"))
    second = pack(
        "kube", item("c", into="deploy", after="command"), item("d", into="deploy", items=[item("e")])
    )
    made = by_path(compose(DEPLOY, [first, second], type="minor"))
    assert list(made) == [
        "before.backup",
        "before.plan",
        "deploy.command",
        "deploy.a",
        "deploy.b",
        "deploy.c",
        "deploy.health",
        "deploy.said",
        "deploy.d",
        "deploy.d.e",
    ]
    assert made["deploy.a"].origin == "pack aws"
    assert made["deploy.d.e"].origin == "pack kube"
    assert made["deploy.command"].origin == ""


def test_a_pack_item_can_go_behind_a_sub_item_or_behind_another_pack_item() -> None:
    template = base(phase("post", item("smoke", items=[item("core"), item("new")]), item("logs")))
    extra = pack(
        "x",
        item("a", into="post", after="smoke.core"),
        item("b", into="post", after="smoke.a", requires=["post.smoke.a"]),
        item("c", into="post.smoke"),
    )
    made = by_path(compose(template, [extra], type="minor"))
    below = [path.removeprefix("post.smoke.") for path in made if path.startswith("post.smoke.")]
    assert below == ["core", "a", "b", "new", "c"]
    assert made["post.smoke.b"].requires == ("post.smoke.a",)


def test_a_pack_item_keeps_its_place_when_the_item_before_it_is_left_out() -> None:
    template = base(phase("p", item("a"), item("b", option="x", optional=True), item("c")))
    extra = pack("x", item("d", into="p", after="b"))
    assert paths(compose(template, [extra], type="minor", without=["x"])) == ["p.a", "p.d", "p.c"]


def test_a_pack_item_without_its_neighbour_goes_to_the_end() -> None:
    extra = pack("x", item("d", into="deploy", after="not-there"), item("e", into="deploy", after="no.such"))
    assert paths(compose(DEPLOY, [extra], type="minor"))[-2:] == ["deploy.d", "deploy.e"]


def test_a_pack_without_its_phase_is_refused_and_names_the_nearest() -> None:
    with pytest.raises(BadInput, match=r"pack 'x' puts 'A' into the phase 'deplyo'.* Did you mean 'deploy'?"):
        compose(DEPLOY, [pack("x", item("a", into="deplyo"))], type="minor")


def test_a_pack_item_of_a_taken_id_gets_another_and_its_pack_still_means_it() -> None:
    extra = pack("x", item("backup", into="before", requires=["before.backup"]))
    other = pack("y", item("after", into="deploy", requires=["before.backup"]))
    follow = pack("z", item("backup", into="before"), item("end", into="deploy", requires=["before.backup"]))
    made = by_path(compose(DEPLOY, [extra, other, follow], type="minor"))
    assert made["before.backup-2"].requires == ("before.backup",)
    assert made["deploy.after"].requires == ("before.backup",)
    assert made["deploy.end"].requires == ("before.backup-3",)
    assert made["deploy.command"].requires == ("before.backup",)


def test_a_pack_counts_once_and_a_template_is_no_pack() -> None:
    with pytest.raises(BadInput, match="'base' is a template of its own, not a pack"):
        compose(DEPLOY, [DEPLOY], type="minor")
    extra = pack("x", item("a", into="deploy"))
    assert paths(compose(DEPLOY, [extra, extra], type="minor")).count("deploy.a") == 1


EMERGENCY = Template.model_validate(
    {
        "template": "urgent",
        "name": "Urgent",
        "kind": "emergency",
        "types": ["emergency"],
        "owes": "base",
        "owed_by": "T+3d",
        "phases": [
            phase(
                "deploy",
                item("command"),
                item("debt", when_done="debt-settled"),
                item("end", when_done="closed"),
            )
        ],
    }
)
FULL = base(
    phase("early", item("plan"), item("rare", types=["major"]), option="early", optional=True, stage="build"),
    phase(
        "deploy",
        item("command", requires=["early.plan"]),
        item("retro", when_done="retrospective"),
        item("end", when_done="closed"),
        item("pay", option="payment", optional=True),
        due="T",
    ),
    types=["major", "minor"],
)


def test_an_emergency_gets_the_whole_full_checklist_as_owed_phases() -> None:
    """[S1.36] All of it, whatever its types, due by the emergency's date, without what waits for itself."""
    made = compose(EMERGENCY, [], type="emergency", owed=FULL)
    assert [(one.id, one.name, one.due, one.owed, one.stage) for one in made] == [
        ("deploy", "Deploy", "T", False, "deploy"),
        ("full-early", "Full checklist: Early", "T+3d", True, "close"),
        ("full-deploy", "Full checklist: Deploy", "T+3d", True, "close"),
    ]
    items = by_path(made)
    assert list(items) == [
        "deploy.command",
        "deploy.debt",
        "deploy.end",
        "full-early.plan",
        "full-early.rare",
        "full-deploy.command",
        "full-deploy.retro",
        "full-deploy.pay",
    ]
    assert items["full-deploy.command"].requires == ("full-early.plan",)
    assert items["full-deploy.retro"].when_done == "retrospective"
    assert not any(one.optional for one in made)


def test_no_whole_phase_can_be_left_out_of_what_is_owed() -> None:
    """[S1.36] An item that does not apply at all can; a phase of checks cannot."""
    assert options_of(EMERGENCY, [], FULL) == {"payment": "Pay"}
    made = compose(EMERGENCY, [], type="emergency", owed=FULL, without=["payment"])
    assert "full-deploy.pay" not in paths(made)
    with pytest.raises(BadInput, match="no option 'early'"):
        compose(EMERGENCY, [], type="emergency", owed=FULL, without=["early"])


def test_pack_items_without_a_phase_in_the_emergency_are_owed() -> None:
    extra = pack("x", item("now", into="deploy"), item("later", into="early", after="plan"))
    found = paths(compose(EMERGENCY, [extra], type="emergency", owed=FULL))
    assert "deploy.now" in found
    assert found[found.index("full-early.plan") + 1] == "full-early.later"
    assert "full-deploy.now" not in found


def test_composing_needs_no_pydantic() -> None:
    """The models are read late: the rules of composing load without them."""
    code = "import sys, relui.domain.composing; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


IDS = st.sampled_from(["a", "b", "c"])


@st.composite
def shapes(draw: st.DrawFn, depth: int = 2) -> Shape:
    children = draw(st.lists(shapes(depth - 1), max_size=2, unique_by=lambda one: one["id"])) if depth else []
    more: Shape = {"per": "region"} if draw(st.booleans()) else {}
    if draw(st.booleans()):
        more |= {"option": "x", "optional": True}
    requires = draw(st.lists(st.sampled_from(["p.a", "p.b", "p.a.b", "p.c.a"]), max_size=2))
    return item(draw(IDS), items=children, requires=requires, **more)


@given(
    own=st.lists(shapes(), min_size=1, max_size=3, unique_by=lambda one: one["id"]),
    added=st.lists(shapes(), min_size=1, max_size=3),
    after=st.sampled_from([None, "a", "b", "a.b", "c.a"]),
    values=st.lists(st.sampled_from(["eu", "us", "EU", "é"]), max_size=3),
    leave=st.booleans(),
)
def test_every_path_is_unique_and_every_requirement_leads_somewhere(
    own: list[Shape], added: list[Shape], after: str | None, values: list[str], leave: bool
) -> None:
    template = base(phase("p", *own))
    extra = pack("x", *(one | {"into": "p", "after": after} for one in added))
    options = options_of(template, [extra])
    given_values = dict.fromkeys(parameters_of(template, [extra]), values)
    made = compose(
        template, [extra], type="minor", without=list(options) if leave else [], values=given_values
    )
    found = by_path(made)
    for path, one in found.items():
        for required in one.requires:
            assert required in found
            assert required != path
