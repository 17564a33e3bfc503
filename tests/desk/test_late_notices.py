"""Late messages for lists: the same as the whole rule says, without loading holidays that cannot decide."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.clock import Clock
from relui.desk.desk import Desk
from relui.desk.planning import Request
from relui.domain.dossier.criteria import CRITERIA, listed
from relui.domain.dossier.notices import asks_for_notice, overdue_notices, years_that_matter
from relui.domain.organisation import Holidays
from relui.domain.release import IMPACTS
from relui.store.side_files import HolidaysFile
from tests.domain.releases import payments
from tests.store.samples import desk_on

BERLIN = Holidays("DE", "BE")
CHRISTMAS = "2026-12-28 20:00"
"""Five business days before are 18 December by the country's holidays, 21 December by weekends alone."""


@pytest.fixture
def governed(desk: Desk, tmp_path: Path) -> str:
    path = tmp_path / "organisation.yaml"
    path.write_text("zone: Europe/Berlin\nholidays: {country: DE, subdivision: BE}\n", encoding="utf-8")
    desk.organisation.import_file(path)
    request = Request(
        service="shop", version="2.4.0", template="governed", go_live=CHRISTMAS, rationale="x", impact="high"
    )
    return desk.releases.new(request).release.id


def late(desk: Desk, at: str) -> list[str]:
    desk.signing.clock = Clock(datetime.fromisoformat(at), frozen=True)
    found = desk.documents.late_notices(desk.journal.active().releases)
    return [notice.message for notices in found.values() for notice in notices]


def test_a_notice_is_late_by_the_country_s_holidays_and_no_more_once_it_is_sent(
    desk: Desk, governed: str
) -> None:
    """[S1.23] Due at the end of Friday 18 December in Berlin."""
    assert late(desk, "2026-12-18T22:59:00+00:00") == []
    assert late(desk, "2026-12-18T23:00:00+00:00") == ["planned-release"]
    desk.documents.record_sent(governed, "planned-release", "everybody")
    assert late(desk, "2026-12-22T09:00:00+00:00") == []
    desk.releases.edit(governed, {"go-live": "2026-12-29 20:00"})
    assert late(desk, "2026-12-22T09:00:00+00:00") == ["planned-release"]


def test_a_release_without_the_criterion_owes_no_notice(desk: Desk) -> None:
    """The light way records no messages: nothing of it can be late."""
    desk.releases.new(Request(service="shop", version="2.4.0", go_live="2026-11-20 20:00"))
    assert late(desk, "2026-11-20T09:00:00+00:00") == []


@given(names=st.sets(st.sampled_from(["all", *CRITERIA, "of-tomorrow"])), emergency=st.booleans())
def test_the_quick_question_agrees_with_the_listed_criteria(names: set[str], emergency: bool) -> None:
    made = payments(criteria=tuple(names), type="emergency" if emergency else "minor", rationale="x")
    assert asks_for_notice(made) == any(each.id == "notices-sent" for each in listed(made))


@given(
    start=st.datetimes(datetime(2026, 1, 5), datetime(2027, 12, 1)),
    ahead=st.integers(-10, 60),
    impact=st.sampled_from(IMPACTS),
    own=st.lists(st.dates(date(2025, 12, 1), date(2027, 12, 31)), max_size=20),
    country=st.sampled_from(["DE", "CN", "JP", "GB", "NP"]),
)
def test_without_the_years_that_matter_the_answer_is_the_same(
    start: datetime, ahead: int, impact: str, own: list[date], country: str
) -> None:
    """[S1.23] What is left out could not have decided."""
    made = replace(payments(), go_live=start.replace(tzinfo=UTC), impact=impact)
    now = made.go_live - timedelta(days=ahead)
    plain = Holidays(dates=tuple(own))
    if not years_that_matter(made, plain, now):
        whole = Holidays(country, dates=tuple(own))
        messages = [notice.message for notice in overdue_notices(made, whole, now)]
        assert [notice.message for notice in overdue_notices(made, plain, now)] == messages


LIST = """
import sys
from relui.__main__ import main
code = main(sys.argv[1:])
print(code, "holidays" in sys.modules)
"""


@pytest.mark.parametrize(
    ("now", "first"), [("2026-11-09", False), ("2026-12-14", True), ("2026-12-23", False)]
)
def test_a_list_loads_holidays_only_where_they_decide_and_only_once(
    desk: Desk, data: Path, governed: str, now: str, first: bool
) -> None:
    """Once they are worked out they stand beside the releases."""

    def loaded() -> bool:
        done = subprocess.run(
            [sys.executable, "-c", LIST, "--data", str(data), "list", "--json"],
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
            env={"RELUI_NOW": f"frozen:{now}T09:00:00Z", "HOME": str(data), "RELUI_CONFIG": str(data)},
        )
        code, holidays = done.stdout.splitlines()[-1].split()
        assert code == "0", done.stderr
        return holidays == "True"

    assert (loaded(), loaded()) == (first, False)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_text("{"),
        lambda path: path.write_text('{"place": "DE/BE", "library": 1, "years": []}'),
        lambda path: path.write_text(path.read_text().replace("DE/BE", "DE/BY")),
        lambda path: path.write_text(path.read_text().replace("holidays-", "holidays-0.")),
    ],
    ids=["broken", "of another shape", "of another place", "of another library"],
)
def test_holidays_that_do_not_fit_are_worked_out_anew(
    desk: Desk, data: Path, governed: str, spoil: Callable[[Path], object]
) -> None:
    late(desk, "2026-12-18T12:00:00+00:00")
    path = data / "holidays.json"
    kept = path.read_text()
    spoil(path)
    assert late(desk, "2026-12-18T23:30:00+00:00") == ["planned-release"]
    assert path.read_text() == kept


def test_a_reader_keeps_nothing(desk: Desk, data: Path, governed: str) -> None:
    assert late(desk_on(data, read_only=True), "2026-12-18T23:30:00+00:00") == ["planned-release"]
    assert not (data / "holidays.json").exists()
    assert HolidaysFile(data, "DE", "BE", read_only=True).read() == {}
