"""docs/documents.md names everything that a template of a message can use, and every document."""

from __future__ import annotations

from pathlib import Path

from relui.desk.documents import DOCUMENTS
from relui.documents.message_sandbox import LOOP, STEP_LIMIT
from relui.documents.message_template import FILTERS, OUTPUT_LIMIT
from relui.documents.messages import VARIABLES, checked_template, message_facts, notice_of
from relui.domain.template import MESSAGES
from relui.loading.message_templates import SIZE_LIMIT
from tests.documents.governed import light, paper

TEXT = (Path(__file__).parents[2] / "docs" / "documents.md").read_text("utf-8")


def test_every_variable_is_described_with_its_words_and_fields() -> None:
    """[S1.23]"""
    for name, variable in VARIABLES.items():
        (row,) = [line for line in TEXT.split("\n") if line.startswith(f"| `{name}` |")]
        assert row.endswith(f"| {variable.words} |"), f"Correct the row of {name} in docs/documents.md"
        assert all(f"`{field}`" in row for field in variable.fields)
    rows = TEXT.partition("| variable |")[2].partition("\n\n")[0].count("\n| `")
    assert rows == len(VARIABLES), "docs/documents.md describes a variable that there is not"


def test_every_filter_message_document_and_limit_is_described() -> None:
    absent = [f"| `{name}` |" for name in (*FILTERS, *MESSAGES) if f"| `{name}` |" not in TEXT]
    absent += [f"`loop.{name}`" for name in LOOP if f"`loop.{name}`" not in TEXT]
    names = {"notes": "release notes", "test-summary": "test summary", "handoff": "hand-off"}
    absent += [name for name in DOCUMENTS if f"| {names.get(name, name)} |" not in TEXT]
    absent += [
        words
        for words in (f"{SIZE_LIMIT // 1024} KB", f"{OUTPUT_LIMIT:,}", f"{STEP_LIMIT:,} steps")
        if words not in TEXT.replace("\n", " ")
    ]
    assert not absent, f"Describe in docs/documents.md: {absent}"


def test_the_example_of_a_template_is_one() -> None:
    example = TEXT.partition("```\n")[2].partition("```")[0]
    rendered = checked_template(example, "docs/documents.md").render(
        message_facts(light(), notice_of(light(), "planned-release", paper()), paper())
    )
    assert rendered.subject == "Payments 2.4.0 on Saturday 21 November 2026"
