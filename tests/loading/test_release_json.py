from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from relui.documents.exports import to_json
from relui.domain.log import Act, Entry, Head, next_entry, verify
from relui.domain.marking import Details, tick
from relui.domain.patches import diff
from relui.domain.release import Release
from relui.errors import BadInput, Refused
from relui.loading.release_json import read_release_json
from tests.documents.governed import deployed, full
from tests.domain.releases import ADA, NOW, payments


def document_of(release: Release) -> dict[str, Any]:
    made: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(release))
    return made


def recorded(release: Release) -> tuple[Release, list[Entry]]:
    """A release with one tick, and its log of two entries."""
    ruling = tick(release, ["build.merged"], "ada", NOW, Details(note="two\nlines"))
    created, ticked = document_of(release), document_of(ruling.release)
    first = next_entry(Head(), Act("create", "created"), ADA, NOW, diff({}, created), simulated=False)
    assert ruling.act is not None
    head = Head(first.seq, first.hash)
    return ruling.release, [
        first,
        next_entry(head, ruling.act, ADA, NOW, diff(created, ticked), simulated=True),
    ]


def export(**changes: Any) -> dict[str, Any]:
    release, log = recorded(payments())
    made: dict[str, Any] = json.loads(msgspec.json.encode(to_json(release, log)))
    made["release"] |= changes
    return made


def read(document: Any, **options: Any) -> Any:
    return read_release_json(json.dumps(document, **options), "x.json")


def test_a_signed_record_with_long_texts_comes_back_with_its_log_and_fresh_sign_offs() -> None:
    """[S1.33] What sign-offs rest on has line ends and tabs: none of it counts as damage."""
    dossier = {"resources": "two\npeople", "rollback_triggers": "no login\nerrors"}
    made = full(**dossier)
    signed = replace(made, dossier=replace(made.dossier, decisions=deployed().dossier.decisions))
    whole = document_of(signed)
    log = [next_entry(Head(), Act("create", "created"), ADA, NOW, diff({}, whole), simulated=False)]
    (back,) = read_release_json(msgspec.json.encode(to_json(signed, log)), "x.json")
    assert (back.release, len(back.log), back.told) == (signed, 1, ())
    assert any("\t" in text for each in signed.dossier.signoffs for text in each.basis.values())


def test_an_export_comes_back_as_it_was_and_verifies() -> None:
    """[S1.33] The chain still verifies after an import."""
    release, log = recorded(payments())
    made = to_json(release, log)
    (back,) = read_release_json(msgspec.json.encode(made), "x.json")
    assert back.release == release
    assert back.state == made["release"]
    assert back.log == made["log"]
    assert back.told == ()
    assert verify(release.id, back.state, back.log).intact


def test_stored_documents_are_exported_verbatim() -> None:
    state, entry = {"id": "REL-2026-11-001", "later": 1}, {"seq": 1, "new": True}
    assert to_json(state, [entry]) == {"relui": 1, "release": state, "log": [entry]}


def test_several_releases_can_be_in_one_file() -> None:
    one, two = export(), export(id="REL-2026-11-002")
    del two["log"]
    for form in ([one, two], {"releases": [one, two]}):
        assert [found.release.id for found in read(form)] == ["REL-2026-11-001", "REL-2026-11-002"]


def test_without_a_log_a_new_one_starts() -> None:
    made = export()
    del made["log"]
    (found,) = read(made)
    assert found.log == []
    assert "without a log" in found.told[0]


@pytest.mark.parametrize("damage", ["state", "entry", "cut", "order"])
def test_a_record_that_does_not_verify_is_refused(damage: str) -> None:
    made = export()
    if damage == "state":
        made["release"]["owner"] = "mallory"
    elif damage == "entry":
        made["log"][1]["text"] = "ticked nothing"
    elif damage == "cut":
        made["log"].pop()
    else:
        made["log"].reverse()
    with pytest.raises(Refused, match="REL-2026-11-001 does not verify"):
        read(made)


def test_text_that_is_not_clean_is_cleaned_and_starts_a_new_log() -> None:
    release, _ = recorded(payments())
    unclean = replace(release, title="x\u202ey", risk="a\nb\x1b[31m")
    first = next_entry(Head(), Act("create", "c"), ADA, NOW, diff({}, document_of(unclean)), simulated=False)
    (found,) = read_release_json(msgspec.json.encode(to_json(unclean, [first])), "x.json")
    assert (found.release.title, found.release.risk) == ("xy", "a\nb")
    assert found.state == document_of(found.release)
    assert found.log == []
    assert "invisible characters" in found.told[0]


def test_a_syntax_error_names_file_and_line() -> None:
    with pytest.raises(BadInput, match=r"^x\.json:3: this is not JSON"):
        read_release_json('{"relui": 1,\n "release":\n  {,}}', "x.json")


@pytest.mark.parametrize(
    "text", ["", "{", "[1, 2", b"\xff\xfe", '{"a": "\\ud800"}', "[" * 100_000, "\ud800", "{} x"]
)
def test_what_is_no_json_is_refused_in_words(text: str | bytes) -> None:
    with pytest.raises(BadInput, match=r"^x\.json"):
        read_release_json(text, "x.json")


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("release", "owner"), 3, "release.owner"),
        (("release", "id"), "nope", "release.id"),
        (("release", "zone"), "Europe/Berln", "release.zone"),
        (("release", "duration"), -1, "release.duration"),
        (("release", "go_live"), "2026-11-21T20:00:00", "release.go_live"),
        (("release", "go_live"), "0001-01-01T00:00:00Z", "release.go_live"),
        (("release", "phases", 0, "due"), "soon", r"release.phases\[0\].due"),
        (("release", "phases", 0, "id"), "before", r"release.phases\[1\].id"),
        (("release", "phases", 0, "items", 0, "id"), "a.b", r"release.phases\[0\].items\[0\].id"),
        (("release", "title"), "x" * 200_001, "release.title"),
        (("log", 0, "seq"), "one", r"log\[0\].seq"),
        (("release", "schema"), "x", "release.schema"),
        (("relui",), 2, "relui"),
        (("relui",), "1", "relui"),
        (("log",), {}, "log"),
    ],
)
def test_a_wrong_shape_is_named_by_its_path(path: tuple[Any, ...], value: Any, place: str) -> None:
    made = deepcopy(export())
    here: Any = made
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    with pytest.raises(BadInput, match=rf"^x\.json: {place}: "):
        read(made)
    with pytest.raises(BadInput, match=rf"^x\.json: releases\[0\]\.{place}: "):
        read({"releases": [made]})


def test_other_json_is_no_release() -> None:
    documents: tuple[Any, ...] = (3, {}, [], [3], {"releases": 3}, {"releases": []})
    for document in documents:
        with pytest.raises(BadInput, match=r"^x\.json: "):
            read(document)


def test_the_same_release_twice_is_refused() -> None:
    with pytest.raises(BadInput, match="twice"):
        read([export(), export()])


def test_unknown_fields_are_told() -> None:
    made = export(colour="red", schema=1)
    del made["log"]
    assert read(made)[0].told[1] == "REL-2026-11-001 has fields that are not known here: colour."


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(BadInput, match="levels deep"):
        read_release_json("[" * 70 + "]" * 70, "x.json")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


@given(st.data())
def test_any_damage_is_told_as_a_readable_error(data: st.DataObject) -> None:
    made = export()
    if data.draw(st.booleans()):
        del made["log"]
    here: Any = made
    while isinstance(here, dict | list) and here:
        step = data.draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
        if not isinstance(here[step], dict | list) or data.draw(st.booleans()):
            here[step] = data.draw(_JSON)
            break
        here = here[step]
    try:
        read(made)
    except (BadInput, Refused) as error:
        assert error.message.startswith("x.json")
