"""Now, here and who come from one place and can be replaced."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from relui.clock import Clock, clock_from, host_zone, who_am_i
from relui.domain.log import Actor
from relui.errors import BadInput

NIGHT = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)


@pytest.fixture
def monotonic(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The monotonic clock's reading, in seconds, for a test to set."""
    reading = [100.0]
    monkeypatch.setattr("relui.clock.time.monotonic", lambda: reading[0])
    yield reading
    monkeypatch.undo()


@pytest.mark.parametrize("env", [{}, {"RELUI_NOW": ""}, {"RELUI_NOW": "  "}])
def test_without_the_variable_it_is_the_hosts_clock(env: dict[str, str]) -> None:
    clock = clock_from(env)
    assert not clock.simulated
    with time_machine.travel(NIGHT, tick=False):
        assert clock.now() == NIGHT
        assert clock.now().tzinfo is UTC


def test_an_instant_starts_there_and_runs(monotonic: list[float]) -> None:
    clock = clock_from({"RELUI_NOW": "2026-11-21T20:00+01:00"})
    assert clock.simulated
    assert clock.now() == NIGHT
    monotonic[0] += 90
    assert clock.now() == NIGHT + timedelta(seconds=90)


def test_a_jump_of_the_hosts_clock_does_not_move_a_simulated_one(monotonic: list[float]) -> None:
    clock = clock_from({"RELUI_NOW": "2026-11-21T19:00Z"})
    with time_machine.travel(NIGHT + timedelta(days=900), tick=False):
        monotonic[0] = 101.0
        assert clock.now() == NIGHT + timedelta(seconds=1)


def test_a_frozen_clock_stands_still(monotonic: list[float]) -> None:
    clock = clock_from({"RELUI_NOW": "frozen:2026-11-21T19:00Z"})
    monotonic[0] += 3600
    assert clock.simulated
    assert clock.now() == NIGHT


def test_an_instant_without_an_offset_is_utc() -> None:
    assert clock_from({"RELUI_NOW": "frozen:2026-11-21T19:00"}).now() == NIGHT


def test_a_clock_made_in_another_zone_answers_in_utc() -> None:
    paris = NIGHT.astimezone(ZoneInfo("Europe/Paris"))
    assert Clock(paris, frozen=True).now().tzinfo is UTC


@pytest.mark.parametrize("value", ["tomorrow", "frozen:", "2026-13-01", "frozen:now", "9999-12-31T23:59:59Z"])
def test_a_bad_instant_names_the_variable(value: str) -> None:
    with pytest.raises(BadInput, match=r"^RELUI_NOW: "):
        clock_from({"RELUI_NOW": value})


def test_the_zone_variable_goes_before_the_settings() -> None:
    assert host_zone({"RELUI_ZONE": "Europe/Paris"}, "Asia/Tokyo") == "Europe/Paris"
    assert host_zone({}, "Asia/Tokyo") == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("env", "settings", "source"),
    [({"RELUI_ZONE": "Europe/Pariss"}, "", "RELUI_ZONE"), ({}, "x/y", "settings")],
)
def test_a_zone_that_does_not_exist_names_its_source(env: dict[str, str], settings: str, source: str) -> None:
    with pytest.raises(BadInput, match=f"^{source}: There is no time zone"):
        host_zone(env, settings)


def test_the_hosts_zone_is_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.setattr("tzlocal.unix._cache_tz_name", None)
    assert host_zone({}) == "Europe/Berlin"


@pytest.mark.parametrize(
    "found", [None, "", "local", "CET-1CEST", "../etc/passwd", KeyError(), ValueError(), OSError()]
)
def test_a_host_without_a_usable_zone_is_in_utc(
    found: str | Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer() -> str | None:
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr("tzlocal.get_localzone_name", answer)
    assert host_zone({}) == "UTC"


def test_who_acts_is_the_option_then_the_variable_then_the_settings_then_the_account() -> None:
    account = who_am_i({}, None).account
    env = {"RELUI_USER": "Grace"}
    assert who_am_i(env, "Ada", "Edsger") == Actor(account, "Ada")
    assert who_am_i(env, None, "Edsger") == Actor(account, "Grace")
    assert who_am_i({}, None, "Edsger") == Actor(account, "Edsger")
    assert who_am_i({"RELUI_USER": " \x1b[31m"}, None) == Actor(account, account)


def test_the_account_is_not_what_the_environment_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    real = who_am_i({}, None).account
    monkeypatch.setenv("LOGNAME", "mallory")
    monkeypatch.setenv("USER", "mallory")
    assert who_am_i({}, None).account == real


def test_an_account_without_a_name_is_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000_001)
    assert who_am_i({}, None) == Actor("4000000001", "4000000001")


def test_a_name_is_cleaned_of_escape_sequences() -> None:
    assert who_am_i({}, "\x1b]0;x\x07A\u202eda\n").name == "Ada"


def test_an_empty_option_is_bad_input() -> None:
    with pytest.raises(BadInput, match="--as"):
        who_am_i({}, " \u200b")


def test_a_log_line_shows_the_account_only_when_it_differs() -> None:
    assert Actor("ada", "ada").words == "ada"
    assert Actor("deploy", "Ada").words == "Ada (deploy)"


def test_tests_run_in_utc() -> None:
    assert time.tzname == ("UTC", "UTC")
