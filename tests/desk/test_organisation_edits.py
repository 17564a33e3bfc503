"""Whatever an edit accepts can be exported and imported again, by every way to edit an organisation."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.desk.desk import Desk
from relui.domain.calendar.editing import (
    with_absence,
    with_entry,
    with_holidays,
    with_person,
    with_service,
    with_team,
    without_entry,
    without_person,
    without_service,
    without_team,
)
from relui.domain.calendar.effect import Imported, with_imported
from relui.domain.calendar.entries import KINDS, CalendarEntry, Days
from relui.domain.organisation import Absence, Holidays, Organisation, Person, Service, Team
from relui.errors import BadInput, ReluiError
from relui.loading.organisation import organisation_text, with_fields
from relui.ui.calendar.form_texts import person_of, service_of
from tests.documents.organisations import HOSTILE
from tests.store.samples import desk_on

NAMES = ("ada", "Ada", "ben", "shop", "Shop", "ledger", "web", "x\ny", " ", "", *HOSTILE[:6])
names = st.sampled_from(NAMES)
lists = st.lists(names, max_size=2).map(tuple)
few = st.sampled_from(["", "", "ada", "web", "zed", "x\ny"])
"""Names that are mostly fine, so that more edits are accepted."""
away = st.builds(
    Absence, st.just(date(2026, 11, 2)), st.dates(date(2026, 11, 1), date(2026, 11, 5)), few, few
)
leave = st.builds(Absence, st.just(date(2026, 11, 2)), st.dates(date(2026, 11, 2), date(2026, 11, 5)))
"""As an ICS file brings it: read, and cleaned then."""
Edit = Callable[[Organisation], Organisation]


def entry(kind: str, id: str, services: tuple[str, ...], note: str = " odd\n") -> CalendarEntry:
    when = Days(date(2026, 11, 2), date(2026, 11, 3))
    return replace(
        CalendarEntry(kind="event", id=id, name=id, when=when, services=services, note=note), kind=kind
    )


def brought(id: str) -> Edit:
    """What an ICS file brings is cleaned when it is read."""
    return lambda now: with_imported(now, Imported(entries=(entry("event", id, (), "odd"),)))


def form_of_person(name: str, delegate: str, roles: str) -> Edit:
    values = {"name": name, "delegate": delegate, "roles": roles, "contact": name, "zone": ""}
    return lambda now: with_person(now, person_of(values, now))


def form_of_service(name: str, owner: str, needs: str, team: str) -> Edit:
    values = {"name": name, "owner": owner, "depends_on": needs, "infrastructure": needs, "team": team,
              "stack": "", "zone": "", "unrestricted": ""}  # fmt: skip
    return lambda now: with_service(now, service_of(values, now))


edits: st.SearchStrategy[Edit] = st.one_of(
    st.builds(form_of_person, names, few, names),
    st.builds(form_of_service, names, few, few, few),
    st.builds(
        Person,
        names,
        names,
        roles=lists,
        contact=names,
        delegate=few,
        away=st.lists(away, max_size=1).map(tuple),
    ).map(lambda one: lambda now: with_person(now, one)),
    st.builds(
        Service,
        names,
        names,
        owner=few,
        depends_on=st.lists(few, max_size=1).map(tuple),
        infrastructure=lists,
        team=few,
        stack=lists,
    ).map(lambda one: lambda now: with_service(now, one)),
    st.builds(Team, names, names, st.sampled_from([0, 1, 1000, 1001])).map(
        lambda one: lambda now: with_team(now, one)
    ),
    st.builds(entry, st.sampled_from(KINDS), names, lists).map(lambda one: lambda now: with_entry(now, one)),
    st.tuples(names, away).map(lambda pair: lambda now: with_absence(now, *pair)),
    st.tuples(names, st.lists(leave, max_size=2)).map(
        lambda pair: lambda now: with_imported(now, Imported(absences=tuple(pair[1])), pair[0])
    ),
    st.builds(brought, st.sampled_from(["ada", "Ada", "ben"])),
    st.sampled_from([Holidays("DE"), Holidays("DE", "BE"), Holidays("", "BE"), Holidays()]).map(
        lambda one: lambda now: with_holidays(now, one)
    ),
    st.tuples(st.sampled_from(["holidays.country", "holidays.subdivision", "zone", "name"]), names).map(
        lambda pair: lambda now: with_fields(now, {pair[0]: pair[1]})
    ),
    st.tuples(st.sampled_from([without_entry, without_person, without_service, without_team]), names).map(
        lambda pair: lambda now: pair[0](now, pair[1])
    ),
)


def by_kind(organisation: Organisation) -> Organisation:
    order = sorted(organisation.entries, key=lambda one: KINDS.index(one.kind))
    return replace(organisation, entries=tuple(order))


def reads_back(desk: Desk) -> bool:
    return organisation_text(desk.organisation.as_yaml(), "it") == by_kind(desk.organisation.read())


@settings(max_examples=80, deadline=None)
@given(st.lists(edits, min_size=2, max_size=12))
def test_what_an_edit_accepts_can_be_exported_and_imported(changes: list[Edit]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = desk_on(Path(folder))
        for change in changes:
            with suppress(ReluiError):
                desk.organisation.amend(change, "edited it")
                assert reads_back(desk)


def first(desk: Desk, *changes: Edit) -> None:
    for change in changes:
        desk.organisation.amend(change, "edited it")


@pytest.mark.parametrize(
    ("before", "change", "words"),
    [
        ((), lambda now: with_person(now, Person("ada", "Ada", delegate="zed")), "has the delegate 'zed'"),
        ((), lambda now: with_service(now, Service("shop", "Shop", depends_on=("ledger",))), "on 'ledger'"),
        (
            (lambda now: with_service(now, Service("shop", "Shop", owner="grace")),),
            lambda now: with_person(now, Person("ada", "Ada")),
            "'shop' is owned by 'grace'",
        ),
        (
            (lambda now: with_service(now, Service("shop", "Shop", team="web")),),
            lambda now: with_team(now, Team("money")),
            "'shop' is looked after by 'web'",
        ),
        (
            (lambda now: with_entry(now, entry("event", "payday", ("shop",))),),
            lambda now: with_service(now, Service("hr", "HR")),
            "'payday' is for 'shop'",
        ),
        (
            (lambda now: with_team(now, Team("crew")),),
            lambda now: with_team(now, Team("Crew")),
            "a team 'crew' already",
        ),
        (
            (lambda now: with_holidays(now, Holidays("DE", "BE")),),
            lambda now: with_fields(now, {"holidays.country": ""}),
            "needs its country",
        ),
    ],
)
def test_what_the_import_would_refuse_is_refused_when_it_is_typed(
    desk: Desk, before: tuple[Edit, ...], change: Edit, words: str
) -> None:
    first(desk, *before)
    for refused in (
        lambda: desk.organisation.amend(change, "edited it"),
        lambda: desk.organisation.preview(change),
    ):
        with pytest.raises(BadInput, match=words):
            refused()
    assert reads_back(desk)


def test_what_was_wrong_before_hinders_no_other_edit(desk: Desk) -> None:
    """An organisation of an earlier relui may hold a delegate whom nobody lists."""
    odd = Organisation(people=(Person("ada", "Ada", delegate="zed"),))
    desk.store.organisation.change(lambda state, head: _written(desk, state, head, odd))
    desk.organisation.amend(lambda now: with_team(now, Team("crew")), "added a team")
    mended = desk.organisation.amend(lambda now: with_person(now, Person("ada", "Ada")), "mended it")
    assert mended.changed and reads_back(desk)


def _written(desk: Desk, state: object, head: object, organisation: Organisation) -> object:
    from relui.domain.log import Act
    from relui.store.records import SCHEMA, document_of

    after = {"schema": SCHEMA, **document_of(organisation)}
    return after, desk.journal.signing.entry(head, Act("organisation", "from before"), state, after)  # type: ignore[arg-type]
