"""Test results from JUnit XML: suites in suites, skipped cases, and reports that are broken or hostile."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relui.domain.dossier.editing import add_parts
from relui.domain.dossier.parts import Case, Run
from relui.errors import BadInput
from relui.loading import junit, junit_results
from relui.loading.junit import Results, load_junit
from tests.domain.releases import GO_LIVE, payments

REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="all">
  <testsuite name="outer" timestamp="2026-11-17T20:00:00" time="90.5">
    <properties><property name="x" value="y"/></properties>
    <testcase name="login" classname="core" time="1"><system-out>long</system-out></testcase>
    <testsuite name="inner" timestamp="2026-11-17T19:59:00+00:00" time="1">
      <testcase name="pay"><failure message="times
        out" type="E">trace</failure></testcase>
      <testcase name="crash"><error>boom
        at line 3</error></testcase>
      <testcase name="later"><skipped message="no data"/></testcase>
      <testcase name="never"><skipped/></testcase>
      <testcase name="shaky"><flakyFailure/><flakyError/></testcase>
    </testsuite>
  </testsuite>
</testsuites>
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def load(folder: Path, text: str | bytes, zone: str = "UTC") -> Results:
    path = folder / "report.xml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return load_junit(path, zone)


def error(folder: Path, text: str | bytes) -> str:
    with pytest.raises(BadInput) as caught:
        load(folder, text)
    return caught.value.message


def test_every_case_is_read_with_its_result_and_a_note(folder: Path) -> None:
    """[S1.14] Suites in suites; what was skipped was not executed, and counts as blocked."""
    found = load(folder, REPORT)
    assert found.cases == (
        Case("core.login", "passed"),
        Case("inner.pay", "failed", "times out"),
        Case("inner.crash", "failed", "boom"),
        Case("inner.later", "blocked", "not executed: no data"),
        Case("inner.never", "blocked", "not executed"),
        Case("inner.shaky", "passed", "passed after 2 failures"),
    )
    assert found.started == datetime(2026, 11, 17, 19, 59, tzinfo=UTC)
    assert found.ended == datetime(2026, 11, 17, 20, 1, 30, tzinfo=UTC)
    assert found.told == ("2 were not run: they count as blocked.",)


def test_times_without_an_offset_are_meant_in_the_zone_of_the_release(folder: Path) -> None:
    text = '<testsuite timestamp="2026-11-17T20:00:00"><testcase name="a"/></testsuite>'
    assert load(folder, text, "Europe/Berlin").started == datetime(2026, 11, 17, 19, tzinfo=UTC)
    odd = '<testsuite timestamp="yesterday" time="fast"><testcase name="a"/></testsuite>'
    assert load(folder, odd).started is None


def test_a_case_that_comes_twice_has_its_worst_result(folder: Path) -> None:
    text = '<testsuite><testcase name="a"><failure/></testcase><testcase name="a"/></testsuite>'
    found = load(folder, text)
    assert found.cases == (Case("a", "failed"),) and "worst result" in found.told[0]


def test_names_from_outside_are_cleaned_and_never_break_the_text_of_a_run(folder: Path) -> None:
    case = '<testcase name="a; b -- c&#10;d\u202e"><failure message="&lt;b&gt;&#9;x"/></testcase>'
    text = f"<testsuite>{case}</testsuite>"
    assert load(folder, text).cases == (Case("a, b - c d", "failed", "<b> x"),)


def test_a_namespace_and_another_encoding_are_read(folder: Path) -> None:
    text = (
        '<?xml version="1.0" encoding="ISO-8859-1"?>'
        '<testsuites xmlns="urn:x"><testsuite name="s\u00fc"><testcase name="a"/></testsuite></testsuites>'
    )
    assert load(folder, text.encode("latin-1")).cases == (Case("s\u00fc.a", "passed"),)
    assert load(folder, text.replace("ISO-8859-1", "UTF-16").encode("utf-16")).cases[0].id == "s\u00fc.a"


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {name} "{("&" + before + ";") * 50}">'
        for before, name in zip("abcdefg", "bcdefgh", strict=True)
    )
    + ']><testsuite><testcase name="&h;"/></testsuite>'
)
EXTERNAL = (
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><testsuite><testcase name="&e;"/></testsuite>'
)
DEEP = "<testsuite>" * 100_000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BOMB, "document type or entities"),
        (EXTERNAL, "document type or entities"),
        ('<!DOCTYPE testsuite SYSTEM "http://127.0.0.1:9/x.dtd"><testsuite/>', "document type or entities"),
        (DEEP, "deeper than 100"),
        (REPORT[:300], "line 6"),
        ("", "no well-formed XML"),
        ("not xml", "line 1, column 1"),
        ("<html><body/></html>", "begins with 'html'"),
        ("<testsuites/>", "has no test case"),
        ('<testsuite><testcase name="&nope;"/></testsuite>', "no well-formed XML"),
        ('<?xml version="1.0" encoding="klingon"?><testsuite/>', "report.xml"),
        (b"\xff\xfe\x00\x00\x01", "report.xml"),
    ],
    ids=range(12),
)
def test_what_is_broken_hostile_or_no_report_is_a_clear_error(
    folder: Path, text: str | bytes, words: str
) -> None:
    assert words in error(folder, text)


def test_a_large_report_is_read_in_little_memory(folder: Path) -> None:
    """10,000 cases with 2 KB of output each: elements are let go when they end."""
    one = "".join(
        f'<testcase name="t{number}"><system-out>{"x" * 2000}</system-out></testcase>'
        for number in range(10_000)
    )
    path = folder / "large.xml"
    path.write_text(f"<testsuite>{one}</testsuite>")
    del one
    tracemalloc.start()
    found = load_junit(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found.cases) == 10_000 and peak < 20_000_000


def test_more_than_the_limits_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(junit_results, "CASES_LIMIT", 3)
    cases = "".join(f'<testcase name="{number}"/>' for number in range(4))
    assert "more than 3 test cases" in error(folder, f"<testsuite>{cases}</testsuite>")
    monkeypatch.setattr(junit, "ELEMENTS_LIMIT", 2)
    assert "more than 2 elements" in error(folder, f"<testsuite>{cases}</testsuite>")
    monkeypatch.setattr(junit, "SIZE_LIMIT", 8)
    assert "is larger than" in error(folder, "<testsuite/>")


def test_a_file_that_is_not_there_or_a_folder_without_any_is_refused(folder: Path) -> None:
    with pytest.raises(BadInput, match="There is no file"):
        load_junit(folder / "none.xml")
    with pytest.raises(BadInput, match="is a folder without an XML file in it"):
        load_junit(folder)


def test_the_cases_become_a_run_of_the_release(folder: Path) -> None:
    """[S1.14]"""
    found = load(folder, REPORT)
    run = Run(id="ci 77", category="smoke", cases=found.cases, started=found.started, ended=found.ended)
    made = add_parts(payments(), "test", [run], "report.xml", GO_LIVE, "ada").release
    assert made.dossier.runs == (run,)


@given(st.text(max_size=200))
def test_no_text_does_worse_than_bad_input(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        try:
            load(Path(folder), f"<testsuite>{text}</testsuite>".encode("utf-8", "replace"))
        except BadInput:
            return
        assert "<testcase" in text
