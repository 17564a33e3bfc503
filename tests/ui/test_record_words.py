"""What the record says in words: who has to sign, what is over, which keys do something."""

from __future__ import annotations

from msgspec.structs import replace

from relui.domain.closing import close
from relui.domain.marking import tick
from relui.domain.outline import Outline
from relui.domain.release import Release
from relui.ui.kit.rows import Row
from relui.ui.record.detail import detail_of
from relui.ui.record.gate_rows import gate_rows
from relui.ui.record.signing_rows import signing_rows
from relui.ui.record.view import View, view_of
from tests.domain.dossier.gated import DISTINCT, context, planned, signed_by
from tests.domain.releases import GO_LIVE, payments


def view(made: Release, **more: object) -> View:
    return view_of(made, context(**more), "UTC")  # type: ignore[arg-type]


def rows_of(shown: View) -> dict[str, Row]:
    return {row.id: row for row in (*gate_rows(shown), *signing_rows(shown))}


def detail(shown: View, row: Row) -> str:
    return "\n".join(content.plain for content in detail_of(shown, row, "ascii"))


def test_a_subject_that_nobody_signed_is_to_be_signed_and_a_signed_one_says_by_whom() -> None:
    shown = view(planned())
    row = rows_of(shown)["definition"]
    assert row.words == "to be signed by the service owner (Grace)"
    assert "to be signed by: the service owner (Grace)" in detail(shown, row)
    done = view(signed_by(planned(), "definition"))
    assert "\nsigned by: grace" in detail(done, rows_of(done)["definition"])


def test_the_gate_says_that_the_owner_cannot_sign_and_what_helps() -> None:
    """[S1.8]"""
    shown = view(replace(planned(), owner="grace"), organisation=DISTINCT)
    row = rows_of(shown)["plan/definition-signed"]
    assert "grace cannot sign it, being the owner" in row.words and "--set owner=NAME" in row.words


def test_a_closed_release_names_only_the_places_that_were_recorded_and_offers_no_edit() -> None:
    made = tick(payments(values={"region": ("eu", "us")}), ["deploy.command"], "ada", GO_LIVE).release
    assert rows_of(view(made))["eu"].tail == "not started"
    assert "Enter records how far it is." in detail(view(made), rows_of(view(made))["eu"])
    left = {leaf.path: "n/a" for leaf in Outline(made).open_leaves()}
    done = close(made, "ada", GO_LIVE, reason="done", reasons=left).release
    assert "eu" not in rows_of(view(done))
    noted = replace(done, dossier=replace(done.dossier, progress={"eu": "done"}))
    shown = view(noted)
    assert rows_of(shown)["eu"].tail == "deployed and verified" and "us" not in rows_of(shown)
    assert "Enter" not in detail(shown, rows_of(shown)["eu"])
