"""The YAML reader: scalars stay text, hostile files are refused by line, problems are told in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from relui.errors import BadInput
from relui.loading.yaml_models import problems, validate
from relui.loading.yaml_reader import DEPTH_LIMIT, SHOWN_PROBLEMS, SIZE_LIMIT, parse_yaml, read_yaml


def refusal(text: str) -> str:
    with pytest.raises(BadInput) as caught:
        parse_yaml(text, "team.yaml")
    return caught.value.message


@pytest.mark.parametrize(
    "written",
    ["1.10", "2.10", "no", "Yes", "22:00", "012", "0x1F", "1e3", "~", "null", "2026-11-21", "1_000", ".inf"],
)
def test_every_scalar_stays_the_text_that_was_written(written: str) -> None:
    """A plain loader makes 1.1 of 1.10, 1320 of 22:00 and False of no."""
    assert parse_yaml(f"a: {written}\nb: [{written}]", "f").data == {"a": written, "b": [written]}


def test_quotes_blocks_and_comments_are_ordinary_yaml() -> None:
    text = "# comment\na: 'it''s'\nb: |\n  one\n  two\nc: {d: [x, y]}\ne:\n"
    assert parse_yaml(text, "f").data == {"a": "it's", "b": "one\ntwo\n", "c": {"d": ["x", "y"]}, "e": ""}


def test_lines_are_those_of_the_keys_and_of_the_nearest_known_ancestor() -> None:
    document = parse_yaml("a: 1\nb:\n  - id: x\n\n    c:\n      long\n  - id: y\n", "f")
    assert document.line(()) == 1
    assert document.line(("b",)) == 2
    assert document.line(("b", 0, "c")) == 5
    assert document.line(("b", 1)) == 7
    assert document.line(("b", 0, "not-there", "deeper")) == 3
    assert document.line(["b", "list[Form]", 1, "id"]) == 7


def test_places_name_list_entries_by_id_or_by_number() -> None:
    document = parse_yaml("phases:\n  - id: deploy\n    items: [{text: x}]", "f")
    assert document.place(("phases", 0, "items", 0, "text")) == "phases.deploy.items[1].text"


LAUGHS = "a: &a [lol, lol]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nd: [*c, *c, *c, *c]\n"


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (LAUGHS, 1, "anchor &a"),
        ("a: 1\nb: *a", 2, "alias *a"),
        ("a: 1\nb: !!python/object:os.system x", 2, "tag"),
        ("a: !local x", 1, "tag !local"),
        ("!!map {a: 1}", 1, "tag"),
        ("%TAG ! tag:x,2002:\n---\na: 1", 1, "%TAG"),
        ("a: 1\nb: 2\na: 3", 3, "'a' is here twice (first in line 1)"),
        ("x:\n  b: {q: 1, q: 2}", 2, "'q' is here twice"),
        ("a: 1\n---\nb: 1", 2, "second document"),
        ("a: 1\n? [x, y]\n: z", 2, "a key must be a plain word"),
        ("a: 1\nb: \0", 2, "NUL"),
        ('a: "\\0"', 1, "NUL"),
        ("a: 1\nb: \x1b[31m", 2, "control character 0x001b"),
        ("a: \ud800", 1, "control character"),
        ("a: b: c", 1, "a colon is out of place"),
        ("a: [1\nb: 2", 2, "expected"),
        ("\ta: 1", 1, "Indent with blanks"),
        ("", 1, "empty"),
        ("# only a comment\n", 1, "empty"),
        ("---\n...\n", 1, "empty"),
        ("x: " + "y" * SIZE_LIMIT, 1, "larger than 256 KB"),
    ],
)
def test_a_file_that_is_not_plain_data_is_refused_by_line(text: str, line: int, told: str) -> None:
    message = refusal(text)
    assert message.startswith(f"team.yaml:{line}: ")
    assert told in message


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[{a: "])
def test_a_hundred_thousand_brackets_are_refused(opening: str) -> None:
    """Unscanned they crash libyaml or exhaust the recursion limit."""
    message = refusal(opening * min(100_000, SIZE_LIMIT // len(opening) - 1))
    assert ("a key must be a plain word" if opening == "? " else "nested more than 32 levels") in message


def test_the_deepest_nesting_that_is_allowed_is_read() -> None:
    assert parse_yaml("[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT, "f").data
    refusal("[" * (DEPTH_LIMIT + 1) + "]" * (DEPTH_LIMIT + 1))


def test_a_file_that_is_not_utf8_is_refused_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("a: 1\nb: caf\xe9\n".encode("latin-1"))
    with pytest.raises(BadInput, match=r"latin\.yaml:2: this is not UTF-8"):
        read_yaml(path)


def test_a_byte_order_mark_is_harmless(tmp_path: Path) -> None:
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_yaml(path).data == {"a": "1"}


def test_a_file_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text("é" * SIZE_LIMIT, encoding="utf-8")
    with pytest.raises(BadInput, match="larger than 256 KB"):
        read_yaml(path)


def test_a_file_that_cannot_be_opened_is_bad_input(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.yaml", tmp_path, tmp_path / "a\0b"):
        with pytest.raises(BadInput, match=r"cannot be read|not a usable"):
            read_yaml(path)


def test_the_name_of_a_file_is_shown_without_its_escape_sequences(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read_yaml(tmp_path / "\x1b[31mred.yaml")
    assert "\x1b" not in caught.value.message


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str
    kind: Literal["text", "number"] = "text"
    size: int | None = None
    day: date | None = Field(default=None, alias="from")


class Whole(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    parts: list[Part] = []
    named: dict[str, Part] = {}
    which: list[str] | Literal["all"] = []
    flag: bool = False


def told(text: str) -> list[str]:
    return [str(problem) for problem in problems(parse_yaml(text, "w.yaml"), Whole)]


def test_a_right_document_becomes_the_model() -> None:
    document = parse_yaml("name: 1.10\nflag: no\nparts: [{id: a, size: 3, from: 2026-11-21}]", "w.yaml")
    whole = validate(document, Whole)
    assert (whole.name, whole.flag, whole.parts[0].size, whole.parts[0].day) == (
        "1.10",
        False,
        3,
        date(2026, 11, 21),
    )
    assert problems(document, Whole) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("parts: []", "w.yaml:1: `name` is missing. Add it."),
        ("name: x\nprats: []", "w.yaml:2: prats: unknown key 'prats'. Did you mean 'parts'?"),
        (
            "name: x\nparts:\n  - id: a\n    form: 2026-11-21",
            "w.yaml:4: parts.a.form: unknown key 'form'. Did you mean 'from'?",
        ),
        (
            "name: x\nnamed:\n  name:\n    id: a\n    sise: 2",
            "w.yaml:5: named.name.sise: unknown key 'sise'. Did you mean 'size'?",
        ),
        (
            "name: x\nparts:\n  - id: a\n    kind: txt",
            "w.yaml:4: parts.a.kind: 'txt' is not known here. Did you mean 'text'? One of: text, number.",
        ),
        ("name: x\nparts: [{kind: text}]", "w.yaml:2: parts[1]: `id` is missing. Add it."),
        ("name: x\nparts: [{id: a, size: big}]", "w.yaml:2: parts.a.size: 'big' is not a whole number."),
        (
            "name: x\nparts: [{id: a, from: tomorrow}]",
            "w.yaml:2: parts.a.from: 'tomorrow' is not a date. Write it as 2026-11-21.",
        ),
        ("name: x\nflag: maybe", "w.yaml:2: flag: 'maybe' is neither true nor false."),
        ("name: [x]", "w.yaml:1: name: a list is here, but a text is expected."),
        ("name: x\nwhich: al", "w.yaml:2: which: 'al' is not known here. Did you mean 'all'? One of: all."),
        ("name: x\nwhich: [[a]]", "w.yaml:2: which[1]: a list is here, but a text is expected."),
        ("- a", "w.yaml:1: a list is here, but a group of `key: value` lines is expected."),
    ],
)
def test_a_problem_is_told_in_words_with_line_place_and_nearest_name(text: str, expected: str) -> None:
    assert told(text) == [expected]


def test_all_problems_come_at_once_in_the_order_of_the_lines() -> None:
    text = "flag: maybe\nparts:\n  - {id: a, kind: txt}\n  - {idd: b}\n"
    found = told(text)
    assert [line.split(":")[1] for line in found] == ["1", "1", "3", "4", "4"]
    with pytest.raises(BadInput) as caught:
        validate(parse_yaml(text, "w.yaml"), Whole)
    assert caught.value.message.splitlines() == found


def test_a_flood_of_problems_is_counted() -> None:
    text = "name: x\nparts:\n" + "- {id: a, size: x}\n" * 100
    with pytest.raises(BadInput) as caught:
        validate(parse_yaml(text, "w.yaml"), Whole)
    lines = caught.value.message.splitlines()
    assert len(lines) == SHOWN_PROBLEMS + 1
    assert lines[-1] == "... and 60 more problems."


def test_one_part_of_a_document_can_be_checked_with_its_own_lines() -> None:
    document = parse_yaml("x: 1\nparts:\n  - id: a\n    size: y", "w.yaml")
    with pytest.raises(BadInput, match=r"^w\.yaml:4: parts\.a\.size: 'y' is not a whole number\.$"):
        validate(document, Part, within=("parts", 0))


def test_hostile_keys_are_shown_short_and_clean() -> None:
    text = 'name: x\n"\\e]0;title\\a' + "k" * 500 + '": 1\n'
    (problem,) = told(text)
    assert "\x1b" not in problem
    assert len(problem) < 250
