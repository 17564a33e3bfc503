"""Who acts: a slip for somebody listed is refused, anybody else unlisted is told."""

from __future__ import annotations

import pytest

from tests.cli.conftest import CommandLine
from tests.cli.governed import organised

ITEM = "pre-deploy.backup"


@pytest.fixture
def listing(cli: CommandLine) -> CommandLine:
    organised(cli)
    return cli


@pytest.fixture
def release(listing: CommandLine) -> str:
    made = listing.ok("new", "--service", "payments", "--version", "2.4.0", "--go-live", "2026-11-21T20:00")
    return made.out.strip()


def test_a_slip_for_somebody_listed_is_refused_and_changes_nothing(
    listing: CommandLine, release: str
) -> None:
    before = listing.file(release).read_bytes()
    answer = listing("tick", release, ITEM, "--as", "gracee")
    assert answer.code == 2
    assert "nobody called 'gracee'. Did you mean 'grace'?" in answer.err
    assert listing.file(release).read_bytes() == before
    made = ("new", "--service", "payments", "--version", "2.5.0", "--go-live", "2026-11-28T20:00")
    assert listing(*made, "--as", "heidy").code == 2
    assert len(list(listing.data.glob("releases/*.json"))) == 1
    assert listing("org", "team", "set", "deploy", "--set", "capacity=2", "--as", "heidy").code == 2


def test_somebody_unlisted_who_writes_is_accepted_and_told(listing: CommandLine, release: str) -> None:
    answer = listing.ok("tick", release, ITEM, "--as", "quentin")
    assert "You act as quentin, whom the organisation does not list." in answer.err
    assert "does not list" not in listing.ok("show", release, "--as", "quentin").err
    assert "does not list" not in listing.ok("untick", release, ITEM, "--as", "Grace").err


def test_where_nobody_is_listed_anybody_acts(cli: CommandLine) -> None:
    made = cli.ok("new", "--service", "shop", "--version", "1.0.0", "--go-live", "2026-11-21T20:00")
    assert "does not list" not in made.err


def test_an_organisation_that_cannot_be_read_stops_no_tick(listing: CommandLine, release: str) -> None:
    (listing.data / "organisation.json").write_text("{")
    listing.ok("tick", release, ITEM)
    assert ITEM in listing.state(release)["marks"]
