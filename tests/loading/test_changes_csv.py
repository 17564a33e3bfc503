# ruff: noqa: E501 - rows stand as trackers write them
"""Changes from CSV: columns, encodings and dialects found, wrong rows named, nothing taken half."""

from __future__ import annotations

import csv
import io
import tracemalloc
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relui.domain.dossier.parts import Change
from relui.errors import BadInput
from relui.loading.changes_csv import SIZE_LIMIT, load_changes, read_changes
from tests.effort import calls

LIST = """\
Reference,Title,State,Due date,Assignee,Ready,Type
CHG-2026-0001,Refunds,Approved,2026-11-30,Zo\u00eb,yes,feat
CHG-2026-0002,"Totals, rounded",draft,30.11.2026,ben,,fix
"""
WANTED = (
    Change(id="CHG-2026-0001", summary="Refunds", status="approved", target=date(2026, 11, 30),
           owner="Zo\u00eb", ready=True, kind="feat", origin="csv"),
    Change(id="CHG-2026-0002", summary="Totals, rounded", target=date(2026, 11, 30), owner="ben", kind="fix",
           origin="csv"),
)  # fmt: skip


def read(data: str | bytes, **mapping: str) -> tuple[Change, ...]:
    return read_changes(data.encode() if isinstance(data, str) else data, "list.csv", mapping).changes


def error(data: str | bytes, **mapping: str) -> str:
    with pytest.raises(BadInput) as caught:
        read(data, **mapping)
    return caught.value.message


def test_columns_are_found_by_their_usual_names() -> None:
    """[S1.3]"""
    assert read(LIST) == WANTED


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    assert read(LIST.encode(encoding)) == WANTED


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_usual_dialect_is_read(delimiter: str, end: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(csv.reader(io.StringIO(LIST)))
    assert read(out.getvalue()) == WANTED


def test_what_spreadsheets_add_is_no_change() -> None:
    """A line that names the delimiter, empty rows, and empty cells at the end."""
    assert read("sep=;\n\nRef;Summary;\n\nA;a;\n;;\n") == (Change(id="A", summary="a", origin="csv"),)


def test_columns_are_mapped_by_name_and_the_usual_ones_still_found() -> None:
    found = read("No,What,Status\nA,a,approved\n", id="no", summary="WHAT")
    assert found == (Change(id="A", summary="a", status="approved", origin="csv"),)
    both = read("Reference,Summary,Title\nA,short,long\n", summary="Title")
    assert both[0].summary == "long"


@pytest.mark.parametrize(
    ("text", "mapping", "words"),
    [
        ("No,What\nA,a\n", {},
         ["no column for id (reference", "summary (summary", "'No', 'What'", "--map id="]),
        ("Ref,What\nA,a\n", {"summary": "Wat"}, ["no column 'Wat'", "Did you mean 'What'", "'Ref', 'What'"]),
        ("Ref,What\nA,a\n", {"sumary": "What"}, ["Did you mean 'summary'"]),
        ("", {}, ["is empty"]),
        (" \n\n", {}, ["is empty"]),
        ("Ref,Summary\n\n", {}, ["no changes below"]),
        ("Ref,Summary\nA,a\nB,\n,c\na,d\n", {},
         ["line 3:", "line 4:", "line 5: 'a' is in line 2 already", "nothing was imported"]),
        ("Ref,Summary,Due\nA,a,11/12/2026\n", {}, ["line 2:", "can be two days", "dates=day-first"]),
        ("Ref,Summary,Due\nA,a,soon\n", {}, ["line 2:", "Write it as 2026-11-21"]),
        ("Ref,Summary,Due\nA,a,31/02/2026\n", {}, ["line 2:", "Write it as 2026-11-21"]),
        ("Ref,Summary,Due\nA,a,21/11/2026\nB,b,11/21/2026\nC,c,1/2/2026\n", {},
         ["line 4: '1/2/2026' can be two days: '21/11/2026' is day first and '11/21/2026' month first"]),
        ("Ref,Summary\nA,a\n", {"dates": "dmy"}, ["'dmy' is neither day-first nor month-first"]),
        ("Ref,Summary,Status\nA,a,aproved\n", {}, ["Did you mean 'approved'"]),
        ("Ref,Summary\n-rf,a\n", {}, ["cannot begin with a dash"]),
        ('Ref,Summary\nA,"a\n', {}, ["line 2: is not CSV"]),
        (f"Ref,Summary\nA,{'x' * 200_000}\n", {}, ["line 2: is not CSV"]),
        ("Ref,Summary\n" + "A,\n" * 50, {}, ["And 40 more"]),
        ("PK\0\x03,\n", {}, ["is not a text file"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line_and_the_way_out(
    text: str, mapping: dict[str, str], words: list[str]
) -> None:
    message = error(text, **mapping)
    assert message.startswith(("list.csv: ", "list.csv, line 2: ")) == (
        not set(mapping) & {"sumary", "dates"}
    )
    assert [word for word in words if word not in message] == []


def test_hundred_thousand_rows_are_refused_like_six_thousand_and_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "all.csv"

    def refused(rows: int) -> int:
        path.write_text(
            "Ref,Summary\n" + "".join(f"CHG-{number},Change {number}\n" for number in range(rows))
        )

        def load() -> None:
            with pytest.raises(BadInput, match="more than 5,000 changes"):
                load_changes(path)

        return calls(load)

    tracemalloc.start()
    cost = refused(100_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60_000_000
    assert cost < refused(6_000) * 1.1


def test_hundred_thousand_wrong_rows_end_as_soon_as_ones_that_are_right() -> None:
    assert "more than 5,000" in error("Ref,Summary\n" + "A,\n" * 100_000)


def test_a_file_that_is_missing_a_folder_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no file"):
        load_changes(tmp_path / "none.csv")
    with pytest.raises(BadInput, match="is a folder"):
        load_changes(tmp_path)
    big = tmp_path / "big.csv"
    with big.open("wb") as file:
        file.truncate(SIZE_LIMIT + 1)
    with pytest.raises(BadInput, match="larger than 32 MB"):
        load_changes(big)


def test_formulas_and_escapes_are_plain_text() -> None:
    found = read("Ref,Summary,Owner\nA,=HYPERLINK(1),\x1b[31m@ben\nB,'=1+1,'quoted'\n")
    assert [(change.summary, change.owner) for change in found] == [
        ("=HYPERLINK(1)", "@ben"),
        ("=1+1", "'quoted'"),
    ]


def test_how_the_file_was_read_is_told() -> None:
    assert read_changes(LIST.encode("cp1252"), "list.csv", {}).told == (
        "The file is not UTF-8: it was read as Windows-1252.",
        "Read: reference from 'Reference', summary from 'Title', status from 'State', target from 'Due date', "
        "owner from 'Assignee', ready from 'Ready', kind from 'Type'.",
    )


names = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="'"), min_size=1, max_size=12)


@given(st.dictionaries(names.filter(lambda name: name[0] != "-"), names, min_size=1, max_size=6))
def test_what_was_written_as_csv_is_read_back(rows: dict[str, str]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([("Ref", "Summary"), *rows.items()])
    try:
        found = read(out.getvalue())
    except BadInput as caught:  # two references that differ in case alone, or nothing visible in one
        assert "already" in caught.message or "empty" in caught.message or "needs" in caught.message
        return
    from relui.domain.text import clean

    assert {change.id: change.summary for change in found} == {clean(a): clean(b) for a, b in rows.items()}


@given(st.binary(max_size=400))
def test_no_bytes_do_worse_than_bad_input(data: bytes) -> None:
    try:
        found: Any = read(data)
    except BadInput:
        return
    assert found


TRACKER = (
    b"Issue key,Summary,Status\nA-1,One,Done\nA-2,Two,In Progress\nA-3,Three,Approved\nA-4,Four,Won't Do\n"
)


def test_what_a_tracker_says_of_the_work_is_proposed_and_told() -> None:
    found = read_changes(TRACKER, "jira.csv", {})
    assert [change.status for change in found.changes] == ["proposed", "proposed", "approved", "withdrawn"]
    (_, told) = found.told
    assert "'Done' (1), 'In Progress' (1)" in told and "status.Done=approved" in told


def test_words_of_a_tracker_are_mapped() -> None:
    found = read_changes(TRACKER, "jira.csv", {"status.done": "approved", "status.In Progress": "rejected"})
    assert [change.status for change in found.changes] == ["approved", "rejected", "approved", "withdrawn"]
    assert found.told == ("Read: reference from 'Issue key', summary from 'Summary', status from 'Status'.",)


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"status.Dome": "approved"}, "no status is 'dome'. Did you mean 'Done'?"),
        ({"status.Done": "aproved"}, "Did you mean 'approved'?"),
        ({"state.Done": "approved"}, "no field 'state' with words to map"),
        ({"id.A-1": "B"}, "no field 'id' with words to map"),
    ],
)
def test_a_word_that_is_mapped_wrongly_is_refused(mapping: dict[str, str], words: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_changes(TRACKER, "jira.csv", mapping)
    assert words in refused.value.message


def test_mistakes_stand_one_per_line_with_the_way_out() -> None:
    with pytest.raises(BadInput) as refused:
        read_changes(b"Key,Summary,Status\nA,a,Frozen\nB,b,Thawed\n", "x.csv", {})
    first, *lines = refused.value.message.splitlines()
    assert first == "x.csv: nothing was imported."
    assert [line[:7] for line in lines] == ["line 2:", "line 3:"]
    assert "(--map): status.Frozen=approved" in lines[0]


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("number,short_description,state,approval", "CHG1,Patch,Closed,Approved", ("CHG1", "approved")),
        ("number,short_description,state,approval", "CHG1,Drop,Scheduled,Rejected", ("CHG1", "rejected")),
        ("number,short_description,state,approval", "CHG1,x,New,Not Yet Requested", ("CHG1", "proposed")),
        ("number,short_description,state,approval", "CHG1,x,Canceled,Approved", ("CHG1", "withdrawn")),
        ("number,short_description,state,approval", "CHG1,x,Canceled,Rejected", ("CHG1", "rejected")),
        ("number,short_description,state,approval", "CHG1,x,Whatever,Requested", ("CHG1", "proposed")),
        ("Key,Summary,Status,Approval status", "A,x,Done,Waiting for approval", ("A", "proposed")),
        ("Key,Summary,Approved", "A,x,yes", ("A", "approved")),
        ("Key,Summary,Approved", "A,x,", ("A", "proposed")),
        ("Key,Summary,CAB decision,Status", "A,x,Approved,In Progress", ("A", "approved")),
        ("Issue key,Issue id,Summary", "PAY-17,10017,x", ("PAY-17", "proposed")),
        ("id,key,summary", "10017,PAY-17,x", ("PAY-17", "proposed")),
        ("id,number,title", "100001,12,x", ("12", "proposed")),
        ("sys_id,number,short_description", "9c573169c611228700193229fff72400,CHG7,x", ("CHG7", "proposed")),
        ("ID,Work Item Type,Title,State", "42,Bug,x,Active", ("42", "proposed")),
        ("ID,Work Item Type,Title,State", "42,Bug,x,Removed", ("42", "withdrawn")),
        ("#,Subject,Tracker", "7,x,Bug", ("7", "proposed")),
        ("Title,Issue ID,URL", "x,9,http://x", ("9", "proposed")),
        ("Bug ID,Summary", "9,x", ("9", "proposed")),
    ],
)
def test_trackers_columns_are_read_as_they_mean_them(
    header: str, row: str, expected: tuple[str, str]
) -> None:
    """[S1.3] Approval decides, not the state of the work; the key is the reference, not a number inside."""
    (change,) = read(f"{header}\n{row}\n")
    assert (change.id, change.status) == expected


def test_a_mapped_column_decides_over_one_of_approvals() -> None:
    (change,) = read("Key,Summary,State,Approval\nA,x,Draft,Approved\n", status="State")
    assert change.status == "proposed"
    mapped = {"status.Green": "approved", "status.Gone": "withdrawn"}
    text = "Key,Summary,State,Approval\nA,x,Open,Green\nB,y,Gone,Green\n"
    found = read_changes(text.encode(), "x.csv", mapped).changes
    assert [change.status for change in found] == ["approved", "withdrawn"]


@pytest.mark.parametrize(
    "written",
    ["2026-11-21", "2026-11-21 17:00:00", "2026-11-21T17:00:00Z", "2026-11-21T17:00:00.000+0100",
     "2026-11-21 17:00:00 UTC", "2026/11/21", "2026.11.21", "21.11.2026", "21.11.26 17:00", "21/Nov/26 5:00 PM",
     "21/Nov/2026", "21-Nov-2026 17:00", "21 November 2026", "21. Nov. 2026", "Nov 21, 2026", "November 21, 2026 5:00 pm",
     "Sat, 21 Nov 2026 17:00:00 +0000", "Saturday, November 21, 2026", "11/21/2026 5:00:00 PM", "21/11/2026 17:00",
     "21-11-2026", "11-21-2026", "11/21/26"],
)  # fmt: skip
def test_a_trackers_own_days_are_read(written: str) -> None:
    (change,) = read(f'Key,Summary,Due date\nA,x,"{written}"\n')
    assert change.target == date(2026, 11, 21)


def test_a_day_that_can_be_two_is_settled_by_the_others_or_by_who_imports() -> None:
    text = "Key,Summary,Due\nA,x,11/12/2026\nB,y,{}\n"
    for proof, day in (("11/21/2026", date(2026, 11, 12)), ("21/11/2026", date(2026, 12, 11))):
        found = read_changes(text.format(proof).encode(), "x.csv", {})
        assert found.changes[0].target == day
        assert any(f"as '{proof}' must be" in told for told in found.told)
    assert "can be two days" in error(text.format("12/12/2026"))
    assert read(text.format(""), dates="day-first")[0].target == date(2026, 12, 11)
    assert read(text.format(""), dates="month-first")[0].target == date(2026, 11, 12)
    assert read("Key,Summary,Due\nA,x,12/12/2026\n")[0].target == date(2026, 12, 12)


def test_the_columns_that_were_read_and_passed_over_are_told() -> None:
    text = "Issue id,Issue key,Summary,Status,Approval,,Sprint\n1,A,x,Done,Approved,,9\n"
    assert read_changes(text.encode(), "x.csv", {}).told == (
        "Read: reference from 'Issue key', summary from 'Summary', status from 'Approval', "
        "what was withdrawn from 'Status'.",
        "Passed over: 'Issue id', 'Sprint'.",
    )
    many = ",".join(f"c{number}" for number in range(30))
    told = read_changes(f"Key,Summary,{many}\nA,x\n".encode(), "x.csv", {}).told
    assert told[-1].endswith("'c11' and 18 more.")


def test_an_address_behind_a_name_is_no_part_of_it() -> None:
    (change,) = read("ID,Title,Assigned To\n7,x,Ada Byron <ada@example.org>\n")
    assert change.owner == "Ada Byron"


@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["-", "/"]), st.booleans(), st.booleans()
)
def test_no_day_is_read_as_another(day: date, mark: str, first: bool, short: bool) -> None:
    """What is read is what was written, or nothing is."""
    parts = [f"{day.day}", f"{day.month}"] if first else [f"{day.month}", f"{day.day}"]
    written = mark.join([*parts, f"{day:%y}" if short else f"{day.year}"])
    try:
        (change,) = read(f"Key,Summary,Due\nA,x,{written}\n")
    except BadInput as caught:
        assert "two days" in caught.message and day.day <= 12
        return
    assert change.target == day
