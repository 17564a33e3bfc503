"""Entries in words and as lines of a form: what is typed comes back as it was meant."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from relui.domain.calendar.entries import Days, Monthly, Pattern, Rule, Span, Weekly, Yearly
from relui.ui.calendar.form_texts import keys_of, pattern_words, texts_of
from tests.ui.calendars import TWO_DAYS, entry


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (Weekly(("sat", "sun"), time(18), time(6)), "every Sat and Sun, 18:00 to 06:00 the next day"),
        (Weekly(("fri",), time(23), time(7), 3), "every Fri, 23:00 to Mon 07:00"),
        (Weekly(("fri",), time(7), time(23), 1), "every Fri, 07:00 to Sat 23:00"),
        (Weekly(("fri",), time(23), time(7), 7), "every Fri, 23:00 to the next Fri 07:00"),
        (Weekly(("mon", "thu"), time(18), time(0), 2), "every Mon and Thu, 18:00 to 00:00 2 days later"),
        (Monthly(28, 2), "every month, from the 28th to the 2nd of the next month, whole days"),
        (Yearly((12, 15), (1, 5)), "every year, from 15 Dec to 5 Jan of the next year, whole days"),
        (Days(date(2026, 11, 26), date(2026, 11, 26)), "Thu 26 Nov 2026, whole day"),
        (
            Span(datetime(2026, 11, 22, 20), datetime(2026, 11, 23, 2)),
            "Sun 22 Nov 2026 20:00 to Mon 23 Nov 2026 02:00",
        ),
        (
            Rule("FREQ=MONTHLY;BYDAY=1TU", datetime(2026, 11, 3, 20), 120),
            "FREQ=MONTHLY;BYDAY=1TU from Tue 3 Nov 2026 20:00, 2h each",
        ),
    ],
)
def test_when_an_entry_takes_place_is_said_in_words(when: Pattern, words: str) -> None:
    assert pattern_words(when) == words


@pytest.mark.parametrize(
    "when",
    [
        Weekly(("sat", "sun"), time(18), time(6)),
        Weekly(("fri",), time(23), time(7), 3),
        Weekly(("mon", "thu"), time(18), time(0), 2),
        Weekly(("fri",), time(18), time(18)),
        Weekly(("fri",), time(18), time(18), 7),
        Monthly(28, 2),
        Monthly(30, 30),
        Yearly((12, 15), (1, 5)),
        TWO_DAYS,
        Span(datetime(2026, 11, 22, 20), datetime(2026, 11, 23, 2)),
        Rule("FREQ=MONTHLY;BYDAY=1TU", datetime(2026, 11, 3, 20), 120),
    ],
    ids=lambda when: type(when).__name__,
)
def test_an_entry_goes_through_its_form_unchanged(when: Pattern) -> None:
    from relui.loading.organisation import entry_from_texts

    made = entry("nights", when, services=("payments", "ledger"), zone="Europe/London", note="one line")
    assert (
        entry_from_texts("window", keys_of(texts_of(made), ("nights", "other"), "nights", kind="window"))
        == made
    )


def test_weekdays_beside_the_times_say_that_it_repeats() -> None:
    texts = {"name": "Weekend", "repeats": "", "from": "Fri 23:00", "to": "Mon 07:00"}
    from relui.loading.organisation import entry_from_texts

    assert entry_from_texts("window", keys_of(texts, (), kind="window")).when == Weekly(
        ("fri",), time(23), time(7), 3
    )


def test_a_new_entry_gets_a_free_id_from_its_name() -> None:
    texts = {"name": "Weekend nights", "repeats": "sat", "from": "18:00", "to": "06:00", "id": ""}
    assert keys_of(texts, ("weekend-nights",), kind="window")["id"] == "weekend-nights-2"


def test_an_entry_without_a_name_is_called_by_its_kind() -> None:
    """The effect of a blackout that nobody named yet is not that of an `item`."""
    texts = {"from": "2026-11-26", "to": "2026-11-27"}
    assert keys_of(texts, ("other",), kind="blackout")["id"] == "blackout"
    assert keys_of(texts, ("blackout",), kind="blackout")["id"] == "blackout-2"
