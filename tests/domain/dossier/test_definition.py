"""The definition, the configuration items and the progress by service or region."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.domain.closing import close
from relui.domain.dossier.definition import (
    config_gaps,
    configuration_gaps,
    definition_gaps,
    emergency_definition_gaps,
    field_gaps,
)
from relui.domain.dossier.environments import (
    STATES,
    finished,
    partly,
    places,
    progress_words,
    record_progress,
)
from relui.domain.dossier.parts import ConfigItem
from relui.errors import BadInput, Refused
from tests.domain.dossier.governed import governed
from tests.domain.releases import GO_LIVE, NOW, payments


def test_a_definition_is_complete_with_all_its_parts() -> None:
    """[S1.7]"""
    assert definition_gaps(governed()) == ()


@pytest.mark.parametrize(
    ("own", "more", "at", "name"),
    [
        ({"rationale": ""}, {}, "edit", "rationale"),
        ({"risk": ""}, {}, "edit", "risk"),
        ({"rollback": ""}, {}, "edit", "rollback"),
        ({}, {"changes": ()}, "change", ""),
        ({}, {"environments": ()}, "environment", ""),
        ({}, {"resources": ""}, "edit", "resources"),
        ({}, {"rollback_minutes": 0}, "edit", "rollback-minutes"),
        ({}, {"rollback_limit": 0}, "edit", "rollback-limit"),
        ({}, {"rollback_limit": 30}, "edit", "rollback-limit"),
    ],
)
def test_each_part_that_is_missing_is_named_with_where_it_is_met(
    own: dict[str, Any], more: dict[str, Any], at: str, name: str
) -> None:
    """[S1.7] A rollback that takes longer than it is possible is one of them."""
    (gap,) = definition_gaps(replace(governed(**more), **own))
    assert (gap.at, gap.name) == (at, name)


def test_named_people_are_resources() -> None:
    """[S1.7]"""
    assert definition_gaps(replace(governed(resources=""), people=("ben",))) == ()


def test_an_emergency_records_why_what_and_how_to_go_back() -> None:
    """[S1.7, S1.36]"""
    urgent = replace(governed(environments=(), resources=""), type="emergency", risk="")
    assert emergency_definition_gaps(urgent) == ()
    bare = replace(payments(), type="emergency")
    assert [gap.name for gap in emergency_definition_gaps(bare)] == ["rationale", "", "rollback"]


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (ConfigItem(id="a"), "a: nothing says what changes"),
        (ConfigItem(id="a", new="2"), "a has no old version"),
        (ConfigItem(id="a", old="1", new="2"), "the record of a was not updated"),
        (ConfigItem(id="a", attributes="owner"), "the record of a was not updated"),
    ],
)
def test_a_configuration_item_says_what_changes_and_is_updated(item: ConfigItem, words: str) -> None:
    """[S1.29]"""
    assert [gap.text for gap in config_gaps(governed(config_items=(item,)))] == [words]


def test_configuration_matches_when_items_are_updated_and_the_packages_version_runs() -> None:
    """[S1.29, S1.33]"""
    assert configuration_gaps(governed()) == ()
    assert config_gaps(governed(config_items=())) == ()
    assert [gap.name for gap in configuration_gaps(governed(deployed_version="2.3.0"))] == [
        "deployed-version"
    ]


def test_a_record_names_its_mandatory_fields_that_are_empty() -> None:
    """[S1.33]"""
    done = replace(governed(), started_at=GO_LIVE, completed_at=GO_LIVE)
    assert field_gaps(done) == ()
    assert [gap.name for gap in field_gaps(replace(done, completed_at=None, risk=""))] == [
        "risk",
        "completed",
    ]
    assert field_gaps(replace(done, type="emergency", risk="")) == ()


def test_progress_is_recorded_by_service_or_region_with_those_that_are_expected() -> None:
    """[S1.28]"""
    made = replace(payments(), values={"region": ("eu", "us")})
    assert places(made) == {"eu": "waiting", "us": "waiting"} and not finished(made) and not partly(made)
    ruling = record_progress(made, ["EU"], "done", NOW, "ada")
    assert ruling.changed == ("eu",) and ruling.act is not None
    assert (
        partly(ruling.release)
        and progress_words(ruling.release) == "1 of 2 deployed and verified: us not started"
    )
    failed = record_progress(ruling.release, ["us", "ledger"], "failed", NOW, "ada", "No disk.").release
    assert finished(failed) and places(failed) == {"eu": "done", "us": "failed", "ledger": "failed"}
    every = record_progress(failed, ["all"], "done", NOW, "ada")
    assert every.already == ("eu",) and not partly(every.release)
    assert record_progress(every.release, ["all"], "done", NOW, "ada").act is None


def test_progress_refuses_unknown_states_missing_reasons_and_closed_releases() -> None:
    for names, state, words in (
        (["eu"], "don", "Did you mean 'done'"),
        (["eu"], "failed", "Say why"),
        ([], "done", "Name the services or regions"),
        ([" "], "done", "is empty"),
        ([str(number) for number in range(201)], "done", "at most 200"),
    ):
        with pytest.raises(BadInput, match=words):
            record_progress(payments(), names, state, NOW, "ada")
    closed = close(payments(), "ada", GO_LIVE, outcome="cancelled", reason="r").release
    with pytest.raises(Refused):
        record_progress(closed, ["eu"], "done", NOW, "ada")


@given(st.dictionaries(st.sampled_from(["eu", "us", "asia"]), st.sampled_from(sorted(STATES)), min_size=1))
def test_progress_is_partial_exactly_when_some_but_not_all_places_are_done(states: dict[str, str]) -> None:
    made = payments()
    for name, state in states.items():
        made = record_progress(made, [name], state, NOW, "ada", "r").release
    done = sum(state == "done" for state in states.values())
    assert partly(made) == (0 < done < len(states))
    assert progress_words(made).startswith(f"{done} of {len(states)} ")
