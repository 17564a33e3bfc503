"""JUnit XML as each tool writes it: no case is lost, what did not run is not passed, totals are compared."""

# ruff: noqa: E501 - reports stand as tools write them

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relui.domain.dossier.readers import ID_LIMIT
from relui.errors import BadInput
from relui.loading.junit import Results, load_junit
from relui.loading.source_files import zipped

# Each tool's own form, by hand and short: name -> (report, {case: result}, words that are told).
DIALECTS: dict[str, tuple[str, dict[str, str], tuple[str, ...]]] = {
    "Maven Surefire: a failing @BeforeAll is a case without a name": (
        '<testsuite name="shop.PayTest" tests="1" errors="0" skipped="0" failures="1">'
        '<testcase name="" classname="shop.PayTest"><failure type="E">in setup</failure></testcase></testsuite>',
        {"shop.PayTest": "failed"},
        ("1 has no name",),
    ),
    "Maven Surefire: rerun and flaky": (
        '<testsuite name="P" tests="2" errors="0" skipped="0" failures="1" flakes="1">'
        '<testcase name="a" classname="P"><failure message="x"/><rerunFailure message="x"/></testcase>'
        '<testcase name="b" classname="P"><flakyError message="y"/></testcase></testsuite>',
        {"P.a": "failed", "P.b": "passed"},
        (),
    ),
    "Maven Surefire: each run of a case is counted": (
        '<testsuites><testsuite name="F" tests="3" errors="0" skipped="0" failures="2"><testcase name="a" classname="F">'
        '<flakyFailure message="1"/><flakyFailure message="2"/></testcase></testsuite>'
        '<testsuite name="A" tests="3" errors="0" skipped="0" failures="3"><testcase name="a" classname="A">'
        '<failure message="1"/><rerunFailure message="2"/><rerunFailure message="3"/></testcase></testsuite></testsuites>',
        {"F.a": "passed", "A.a": "failed"},
        (),
    ),
    "Maven Surefire: output of a suite is no result": (
        '<testsuite name="P" tests="1" errors="0" failures="0"><system-err>WARN slow</system-err>'
        '<testcase name="a" classname="P"><system-err>ERROR is logged</system-err></testcase></testsuite>',
        {"P.a": "passed"},
        (),
    ),
    "Gradle: a class that cannot be initialised": (
        '<testsuite name="PayTest" tests="2" skipped="1" failures="1" errors="0">'
        '<testcase name="initializationError" classname="PayTest"><failure message="boom"/></testcase>'
        '<testcase name="later()" classname="PayTest"><skipped/></testcase></testsuite>',
        {"PayTest.initializationError": "failed", "PayTest.later()": "blocked"},
        ("1 was not run",),
    ),
    "Gradle: a retry is the same case again": (
        '<testsuite name="P" tests="2" skipped="0" failures="1" errors="0">'
        '<testcase name="a" classname="P"><failure message="1st"/></testcase>'
        '<testcase name="a" classname="P"/></testsuite>',
        {"P.a": "failed"},
        ("1 came more than once: the worst result of each counts: 'P.a'",),
    ),
    "pytest: errors at collection and in teardown, expected failures": (
        '<testsuites><testsuite name="pytest" errors="2" failures="0" skipped="1" tests="3">'
        '<testcase classname="" name="tests.test_pay"><error message="collection failure"/></testcase>'
        '<testcase classname="tests.test_a" name="test_x[1-2]"><error message="failed on teardown"/></testcase>'
        '<testcase classname="tests.test_a" name="test_y"><skipped type="pytest.xfail" message="known"/></testcase>'
        "</testsuite></testsuites>",
        {"pytest.tests.test_pay": "failed", "tests.test_a.test_x[1-2]": "failed", "tests.test_a.test_y": "blocked"},
        ("1 was not run",),
    ),
    "pytest before 3: skips, and tests without them": (
        '<testsuite name="pytest" errors="0" failures="0" skips="1" tests="1">'
        '<testcase classname="t" name="a"/><testcase classname="t" name="b"><skipped message="m"/></testcase>'
        "</testsuite>",
        {"t.a": "passed", "t.b": "blocked"},
        ("1 was not run",),
    ),
    "gtest: not run, and skipped": (
        '<testsuites tests="3" failures="0" disabled="1" errors="0"><testsuite name="Pay" tests="3" failures="0" '
        'disabled="1" skipped="1" errors="0">'
        '<testcase name="Charge" status="run" result="completed" classname="Pay"/>'
        '<testcase name="DISABLED_R" status="notrun" result="suppressed" classname="Pay"/>'
        '<testcase name="S" status="run" result="skipped" classname="Pay"><skipped message="no card"/></testcase>'
        "</testsuite></testsuites>",
        {"Pay.Charge": "passed", "Pay.DISABLED_R": "blocked", "Pay.S": "blocked"},
        ("2 were not run",),
    ),
    "gtest: a failure outside every test": (
        '<testsuites tests="1" failures="1"><testsuite name="NonTestSuiteFailure" tests="1" failures="1">'
        '<testcase name="" status="run" result="completed" classname=""><failure message="env"/></testcase>'
        "</testsuite></testsuites>",
        {"NonTestSuiteFailure": "failed"},
        ("1 has no name",),
    ),
    "Jest: a suite that failed to run lists no case": (
        '<testsuites name="jest tests" tests="1" failures="0" errors="1"><testsuite name="cart" tests="1" failures="0" '
        'errors="0" skipped="0"><testcase classname="cart adds" name="cart adds"/></testsuite>'
        '<testsuite name="pay" errors="1" failures="0" skipped="0" tests="0"></testsuite></testsuites>',
        {"cart adds.cart adds": "passed", "pay (outside its cases)": "failed"},
        (),
    ),
    "Mocha: hooks, and pending": (
        '<testsuites name="Mocha Tests" tests="2" failures="1"><testsuite name="Root Suite" tests="0" failures="0"/>'
        '<testsuite name="Pay" tests="2" failures="1" skipped="1">'
        '<testcase name="Pay &quot;before all&quot; hook" classname="&quot;before all&quot; hook">'
        '<failure message="no db"/></testcase><testcase name="Pay todo" classname="todo"><skipped/></testcase>'
        "</testsuite></testsuites>",
        {'"before all" hook.Pay "before all" hook': "failed", "todo.Pay todo": "blocked"},
        ("1 was not run",),
    ),
    "Karma: the same case in two browsers": (
        '<testsuites><testsuite name="Chrome" tests="1" errors="0" failures="0" skipped="0">'
        '<testcase name="adds" classname="cart"/></testsuite><testsuite name="Firefox" tests="1" errors="0" '
        'failures="1" skipped="0"><testcase name="adds" classname="cart"><failure>NaN</failure></testcase>'
        "<system-out>x</system-out></testsuite></testsuites>",
        {"cart.adds": "passed", "Firefox / cart.adds": "failed"},
        (),
    ),
    "Go: a package that did not build": (
        '<testsuites tests="2" failures="1" errors="0"><testsuite tests="1" failures="0" name="shop/cart">'
        '<testcase classname="shop/cart" name="TestAdd"/></testsuite>'
        '<testsuite tests="1" failures="1" name="shop/pay"><testcase classname="" name="TestMain">'
        '<failure message="Failed" type="">build failed</failure></testcase></testsuite></testsuites>',
        {"shop/cart.TestAdd": "passed", "shop/pay.TestMain": "failed"},
        (),
    ),
    "Go: an error of the package beside its cases": (
        '<testsuites tests="1" failures="0" errors="1"><testsuite tests="1" failures="0" errors="1" name="pay">'
        '<testcase classname="pay" name="TestAdd"/><error message="panic: exit status 2"/></testsuite></testsuites>',
        {"pay.TestAdd": "passed", "pay (outside its cases)": "failed"},
        (),
    ),
    ".NET: trx to JUnit": (
        '<testsuites><testsuite name="Shop.Tests" tests="3" failures="1" errors="0" skipped="1">'
        '<testcase classname="Shop.Pay" name="Refund(1, &quot;a&quot;)" time="0.1"/>'
        '<testcase classname="Shop.Pay" name="Charge"><failure message="Assert.Equal() Failure">at</failure></testcase>'
        '<testcase classname="Shop.Pay" name="Void"><skipped/></testcase><system-out>log</system-out>'
        "</testsuite></testsuites>",
        {'Shop.Pay.Refund(1, "a")': "passed", "Shop.Pay.Charge": "failed", "Shop.Pay.Void": "blocked"},
        ("1 was not run",),
    ),
    "xUnit.net through XSLT: a class that failed": (
        '<testsuites><testsuite name="Shop.dll" tests="1" failures="0" errors="1"><failure>fixture</failure>'
        '<testcase name="Shop.Pay.A" classname="Shop.Pay"/></testsuite></testsuites>',
        {"Shop.Pay.Shop.Pay.A": "passed", "Shop.dll (outside its cases)": "failed"},
        (),
    ),
    "Robot Framework": (
        '<testsuite name="Shop" tests="2" errors="0" failures="1" skipped="0">'
        '<testsuite name="Pay" tests="2" errors="0" failures="1" skipped="0">'
        '<testcase classname="Shop.Pay" name="Card"><failure message="Parent suite setup failed:&#10;no db" '
        'type="AssertionError"/></testcase><testcase classname="Shop.Pay" name="Cash"/></testsuite></testsuite>',
        {"Shop.Pay.Card": "failed", "Shop.Pay.Cash": "passed"},
        (),
    ),
    "Cypress": (
        '<testsuites name="Mocha Tests" tests="1" failures="1"><testsuite name="Root Suite" file="a.cy.js" tests="0" '
        'failures="0"/><testsuite name="Pay" tests="1" failures="1"><testcase name="Pay shows" classname="shows">'
        '<failure message="Timed out"><![CDATA[x]]></failure></testcase></testsuite></testsuites>',
        {"shows.Pay shows": "failed"},
        (),
    ),
    "PHPUnit: suites in suites, data sets, a class without tests": (
        '<testsuites><testsuite name="unit" tests="3" assertions="2" errors="0" warnings="1" failures="1" skipped="0">'
        '<testsuite name="PayTest" tests="2" errors="0" failures="1" skipped="0">'
        '<testsuite name="PayTest::testAdd" tests="2" errors="0" failures="1" skipped="0">'
        '<testcase name="testAdd with data set #0" class="PayTest" classname="PayTest" assertions="1"/>'
        '<testcase name="testAdd with data set #1" class="PayTest" classname="PayTest"><failure>no</failure></testcase>'
        '</testsuite></testsuite><testsuite name="Empty" tests="1" warnings="1" errors="0" failures="0">'
        '<testcase name="Warning" class="PHPUnit\\Warning"><warning type="W">No tests found</warning></testcase>'
        "</testsuite></testsuite></testsuites>",
        {"PayTest.testAdd with data set #0": "passed", "PayTest.testAdd with data set #1": "failed",
         "PHPUnit\\Warning.Warning": "blocked"},
        ("1 was not run",),
    ),
    "bats": (
        '<testsuites time="1"><testsuite name="pay.bats" tests="2" failures="1" errors="0" skipped="1">'
        '<testcase classname="pay.bats" name="it charges"><failure type="failure">(in test file)</failure></testcase>'
        '<testcase classname="pay.bats" name="later"><skipped>no card</skipped></testcase></testsuite></testsuites>',
        {"pay.bats.it charges": "failed", "pay.bats.later": "blocked"},
        ("1 was not run",),
    ),
    "Catch2 counts assertions, not cases": (
        '<testsuites><testsuite name="shop" errors="0" failures="2" skipped="0" tests="11" hostname="tbd">'
        '<testcase classname="shop.global" name="adds/zero" status="run"/>'
        '<testcase classname="shop.global" name="pays" status="run"><failure message="a"/><failure message="b"/>'
        "</testcase></testsuite></testsuites>",
        {"shop.global.adds/zero": "passed", "shop.global.pays": "failed"},
        (),
    ),
    "CTest": (
        '<testsuite name="shop" tests="4" failures="1" disabled="1" skipped="1">'
        '<testcase name="a" classname="a" status="run"/><testcase name="b" classname="b" status="fail">'
        '<failure message=""/></testcase><testcase name="c" classname="c" status="disabled"/>'
        '<testcase name="d" classname="d" status="notrun"><skipped message="Unable to find executable"/></testcase>'
        "</testsuite>",
        {"a.a": "passed", "b.b": "failed", "c.c": "blocked", "d.d": "blocked"},
        ("2 were not run",),
    ),
    "nextest: tries again": (
        '<testsuites tests="1" failures="0" errors="0"><testsuite name="shop" tests="1" disabled="0" errors="0" '
        'failures="0"><testcase name="pay" classname="shop"><flakyFailure type="t"/></testcase></testsuite>'
        "</testsuites>",
        {"shop.pay": "passed"},
        (),
    ),
    "node: every class is called test": (
        '<testsuites><testsuite name="cart" tests="1"><testcase name="adds" classname="test"/></testsuite>'
        '<testsuite name="pay" tests="1"><testcase name="adds" classname="test"><failure/></testcase></testsuite>'
        "</testsuites>",
        {"test.adds": "passed", "pay / test.adds": "failed"},
        (),
    ),
    "NUnit's words in attributes": (
        '<testsuite name="s"><testcase name="a" result="Success"/><testcase name="b" result="Not Run"/>'
        '<testcase name="c" executed="False"/><testcase name="d" success="False"/>'
        '<testcase name="e" result="Inconclusive"/><testcase name="f" status="interrupted"/></testsuite>',
        {"s.a": "passed", "s.b": "blocked", "s.c": "blocked", "s.d": "failed", "s.e": "blocked", "s.f": "blocked"},
        ("4 were not run",),
    ),
    "a whole suite that was left out": (
        '<testsuites><testsuite name="s" tests="1"><testcase name="a"/></testsuite>'
        '<testsuite name="t"><skipped message="no licence"/></testsuite><failure message="agent lost"/></testsuites>',
        {"s.a": "passed", "t (outside its cases)": "blocked", "report.xml (outside its cases)": "failed"},
        ("1 was not run",),
    ),
}  # fmt: skip


def load(folder: Path, text: str) -> Results:
    path = folder / "report.xml"
    path.write_text(text, encoding="utf-8")
    return load_junit(path)


@pytest.mark.parametrize("name", DIALECTS)
def test_each_tool_is_read_as_it_means_it(name: str, tmp_path: Path) -> None:
    """[S1.14]"""
    report, expected, told = DIALECTS[name]
    found = load(tmp_path, report)
    assert {case.id: case.result for case in found.cases} == expected
    assert len(found.told) == len(told)
    assert [words for words, said in zip(told, found.told, strict=True) if words not in said] == []


@pytest.mark.parametrize(
    ("report", "words"),
    [
        ('<testsuite name="s" tests="5"><testcase name="a"/></testsuite>', "'s' declares 5 tests and has 1"),
        ('<testsuite name="s" failures="1" errors="1"><testcase name="a"/></testsuite>', "2 failed and has 0"),
        ('<testsuite name="s" tests="2" failures="1"><testcase name="a"><failure/><rerunFailure/></testcase>'
         "</testsuite>", "'s' declares 2 tests and has 1"),
        ('<testsuite name="s" failures="0"><testcase name="a"><failure/></testcase></testsuite>',
         "0 failed and has 1"),
        ('<testsuite name="s" skipped="2"><testcase name="a"/></testsuite>', "2 not run and has 0"),
        ('<testsuites tests="3"><testsuite name="s" tests="1"><testcase name="a"/></testsuite></testsuites>',
         "'report.xml' declares 3 tests and has 1"),
        ('<testsuites><testsuite name="t" tests="2"/><testsuite name="s"><testcase name="a"/></testsuite>'
         "</testsuites>", "'t' declares 2 tests and has 0"),
    ],
)  # fmt: skip
def test_what_a_suite_declares_otherwise_is_told(report: str, words: str, tmp_path: Path) -> None:
    (told,) = load(tmp_path, report).told
    assert words in told


def test_a_difference_is_told_once_by_the_suite_that_has_it(tmp_path: Path) -> None:
    """What adds up from a suite inside is no difference of the one around it."""
    inner = '<testsuite name="in" tests="4" failures="2"><testcase name="a"/></testsuite>'
    found = load(tmp_path, f'<testsuites name="all" tests="4" failures="2">{inner}</testsuites>')
    assert found.told == (
        "The suite 'in' declares 4 tests and has 1, declares 2 failed and has 0. See whether the report is whole.",
    )


def test_many_suites_that_differ_are_told_in_few_lines(tmp_path: Path) -> None:
    suites = "".join(f'<testsuite name="s{n}" tests="2"><testcase name="a"/></testsuite>' for n in range(9))
    found = load(tmp_path, f"<testsuites>{suites}</testsuites>")
    assert len(found.told) == 6 and "4 more suites" in found.told[-1]


def test_long_names_stay_apart_and_are_the_same_in_every_run(tmp_path: Path) -> None:
    base = "given a customer with a stored card and an expired session " * 5
    names = [f"{base}{end}" for end in ("one", "two", "three")] + [f"{start} {base}" for start in "ab"]
    middle = [f"{base}{number} {base}" for number in (1, 2)]
    cases = [f"<testcase name={quoteattr(name)}/>" for name in [*names, *middle]]
    found = load(tmp_path, f"<testsuite>{''.join(cases)}</testsuite>")
    assert len({case.id for case in found.cases}) == 7 and found.told == ()
    assert all(len(case.id) <= ID_LIMIT for case in found.cases)
    again = load(tmp_path, f"<testsuite>{''.join(reversed(cases))}</testsuite>")
    assert {case.id for case in again.cases} == {case.id for case in found.cases}


def test_names_that_only_cleaning_makes_equal_stay_apart(tmp_path: Path) -> None:
    names = ("a; b", "a, b", "a,  b", "a,\u202e b")
    cases = "".join(f"<testcase name={quoteattr(name)}/>" for name in names)
    found = load(tmp_path, f"<testsuite>{cases}</testsuite>")
    assert len(found.cases) == 4 and found.told == ()


def test_several_reports_are_one_run_and_none_covers_another(tmp_path: Path) -> None:
    one, two = tmp_path / "a.xml", tmp_path / "b.xml"
    one.write_text('<testsuite name="s"><testcase name="x"><failure/></testcase></testsuite>')
    two.write_text('<testsuite name="s"><testcase name="x"/><testcase name="y"/></testsuite>')
    for files in ([one, two], [two, one]):
        found = load_junit(files)
        assert {case.id: case.result for case in found.cases} == {"s.x": "failed", "s.y": "passed"}
        assert found.files == tuple(files)
        assert "(in a.xml, b.xml)" in found.told[0]
    assert load_junit([two, two, tmp_path]).files == (two, one)


def test_a_folder_is_all_of_its_reports_and_names_what_is_none(tmp_path: Path) -> None:
    (tmp_path / "b.xml").write_text('<testsuite name="s"><testcase name="y"/></testsuite>')
    (tmp_path / "a.XML").write_text('<testsuite name="s"><testcase name="x"/></testsuite>')
    (tmp_path / "checkstyle.xml").write_text("<checkstyle/>")
    (tmp_path / "xunit.xml").write_text("<assemblies/>")
    (tmp_path / "notes.txt").write_text("no XML")
    (tmp_path / "deep.xml").mkdir()
    found = load_junit(tmp_path)
    assert [case.id for case in found.cases] == ["s.x", "s.y"]
    assert [path.name for path in found.files] == ["a.XML", "b.xml"]
    assert [told[:28] for told in found.told] == [
        "Passed over checkstyle.xml: ",
        "Passed over xunit.xml: is no",
    ]
    assert "--logger junit" in found.told[1]


def test_a_folder_with_a_broken_report_is_refused_whole(tmp_path: Path) -> None:
    """A process that died wrote half a report or none: its cases must not be missed."""
    (tmp_path / "a.xml").write_text("<testsuite><testcase name='x'/></testsuite>")
    for text, words in (("<testsuite><testcase name='y'>", "b.xml, line 1"), ("", "b.xml: is empty")):
        (tmp_path / "b.xml").write_text(text)
        with pytest.raises(BadInput, match=words):
            load_junit(tmp_path)


def test_a_folder_without_reports_says_where_some_are(tmp_path: Path) -> None:
    (tmp_path / "test").mkdir()
    (tmp_path / "test" / "a.xml").write_text("<testsuite/>")
    with pytest.raises(BadInput, match="There is in 'test' inside it"):
        load_junit(tmp_path)
    (tmp_path / "pom.xml").write_text("<project/>")
    with pytest.raises(BadInput, match=r"has no JUnit report in it\.\nPassed over pom\.xml"):
        load_junit(tmp_path)
    with pytest.raises(BadInput, match="None of the 2 reports has a test case"):
        load_junit([tmp_path / "test", tmp_path / "test" / ".." / "test" / "a.xml"])


def test_several_files_are_one_archive_that_is_always_the_same(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    files = [tmp_path / "a.xml", tmp_path / "x" / "a.xml"]
    for number, file in enumerate(files):
        file.write_text(f"report {number}")
    first = zipped(files, 1000)
    assert zipped(files, 1000) == first
    (tmp_path / "kept.zip").write_bytes(first)
    with zipfile.ZipFile(tmp_path / "kept.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "1-a.xml": b"report 0",
            "2-a.xml": b"report 1",
        }


ENDINGS = {
    "passed": ("", ' status="run"', ' result="completed"'),
    "failed": ("<failure/>", "<error>x</error>", "<failure/><error/>"),
    "blocked": ("<skipped/>", ' status="notrun"', "<disabled/>"),
}
outcomes = st.sampled_from([(result, how) for result, forms in ENDINGS.items() for how in forms])
leaf = st.lists(outcomes, max_size=4).map(lambda cases: ("leaf", cases))
trees = st.recursive(leaf, lambda inner: st.lists(inner, max_size=3).map(lambda each: ("suites", each)))


class Writer:
    """Writes a tree of suites with right totals; counts what it wrote."""

    def __init__(self) -> None:
        self.results: list[str] = []
        self.suites = 0

    def write(self, tree: tuple[str, list[object]]) -> str:
        began, body = len(self.results), ""
        self.suites += 1
        name = f"s{self.suites}"
        for each in tree[1]:
            if tree[0] == "suites":
                body += self.write(each)  # type: ignore[arg-type]  # a tree in a tree
                continue
            result, how = each  # type: ignore[misc]  # a leaf's cases
            self.results.append(result)
            attribute, child = (how, "") if how.startswith(" ") else ("", how)
            body += f'<testcase name="c{len(self.results)}"{attribute}>{child}</testcase>'
        mine = self.results[began:]
        totals = f'tests="{len(mine)}" failures="{mine.count("failed")}" skipped="{mine.count("blocked")}"'
        return f'<testsuite name="{name}" {totals}>{body}</testsuite>'


@given(trees, st.booleans())
def test_cases_in_are_cases_out_and_one_that_is_lost_is_told(
    tree: tuple[str, list[object]], lose: bool
) -> None:
    import tempfile

    writer = Writer()
    text = writer.write(tree)
    if len(writer.results) < 2:
        return
    wanted = writer.results
    if lose:
        start = text.index("<testcase")
        text = text[:start] + text[text.index("</testcase>") + len("</testcase>") :]
        wanted = wanted[1:]
    with tempfile.TemporaryDirectory() as folder:
        found = load(Path(folder), text)
    assert [case.result for case in found.cases if "(outside" not in case.id] == wanted
    outside = [case for case in found.cases if "(outside" in case.id]
    assert bool(outside or any("declares" in told for told in found.told)) == lose
