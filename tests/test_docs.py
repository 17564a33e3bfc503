"""The documents leave nothing out: each failure says what to add, and where."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from relui.cli.root import relui
from relui.domain.checklist import STAGES
from relui.domain.dossier.record_facts import TESTED, known_facts
from relui.domain.template import (
    BOUND_FACTS,
    MESSAGES,
    SIGN_OFFS,
    FieldForm,
    ItemForm,
    PhaseForm,
    RunForm,
    Template,
)
from relui.loading.templates import KINDS
from relui.loading.themes import _KEYS as THEME_KEYS
from relui.loading.themes import COLOURS, STYLED, TEXT_STYLES
from relui.settings import DESCRIBED, SIGNS
from relui.ui.calendar.commands import CALENDAR
from relui.ui.checklist.commands import CHECKLIST
from relui.ui.kit.command import Command, key_label
from relui.ui.kit.everywhere import EVERYWHERE, MOVING
from relui.ui.metrics.commands import METRICS
from relui.ui.record.commands import RECORD
from relui.ui.releases.commands import HOME
from relui.ui.retrospective.commands import RETROSPECTIVE
from relui.ui.review.commands import OWED, REVIEW
from relui.ui.waiting.commands import WAITING

ROOT = Path(__file__).parents[1]
TABLES = {
    "Release list and archive": HOME,
    "Checklist": CHECKLIST,
    "Retrospective": RETROSPECTIVE,
    "Calendar": CALENDAR,
    "Record": RECORD,
    "What waits for whom": WAITING,
    "Metrics": METRICS,
    "Owed after releases": OWED,
    "Review": REVIEW,
    "Moving": MOVING,
    "Everywhere": EVERYWHERE,
}
"""The tables of keys in README by heading, and the commands that belong there."""
FORMS: tuple[type[BaseModel], ...] = (Template, PhaseForm, ItemForm, FieldForm, RunForm)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_MACHINE = re.compile(
    "|".join((*(rf"(?<![\w.~-])/{folder}/" for folder in ("work", "root", "opt")), r"/tmp/" + "relui"))
)
"""Folders of one machine; pieced together, so that this file does not name them itself."""


@cache
def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(document: str, heading: str) -> str:
    """What stands under a heading until the next one."""
    found = re.search(rf"^#+ {re.escape(heading)}$(.*?)(?=^#|\Z)", text(document), re.MULTILINE | re.DOTALL)
    assert found, f"{document} has no section '{heading}'. Add it."
    return found[1]


def label(key: str) -> str:
    """A key as README writes it: `Space`, `Ctrl+R`."""
    shown = key_label(key)
    return f"`Ctrl+{shown[1:]}`" if len(shown) > 1 and shown.startswith("^") else f"`{shown}`"


def row(command: Command) -> str:
    """The row that README should have for a command."""
    keys = " ".join(label(key) for key in command.keys) or "(palette)"
    return f"| {keys} | {command.title} | {command.tooltip} | `{command.id}` |"


def missing(names: Iterable[str], document: str) -> list[str]:
    """Those names that stand nowhere in a document as `name`, nor at the beginning of `name ...`."""
    return [name for name in names if not re.search(rf"`{re.escape(name)}[` ]", text(document))]


@pytest.mark.parametrize("heading", TABLES)
def test_every_command_of_the_screens_is_in_the_table_of_its_keys(heading: str) -> None:
    """As the command itself says it: key, title, what it does, id."""
    lines = section("README.md", heading).splitlines()
    written = [line.strip() for line in lines if line.startswith(("| `", "| (palette)"))]
    wanted = [row(command) for command in TABLES[heading]]
    absent = [line for line in wanted if line not in written]
    assert not absent, f"Add to the table '{heading}' in README.md, or correct there:\n" + "\n".join(absent)
    gone = [line for line in written if line not in wanted]
    assert not gone, f"Take out of the table '{heading}' in README.md:\n" + "\n".join(gone)


def test_every_command_of_the_command_line_is_described() -> None:
    context = click.Context(relui)
    absent = [name for name in relui.list_commands(context) if not _is_described(name)]
    assert not absent, f"Describe in docs/cli.md, and name in README.md: {absent}"


def _is_described(name: str) -> bool:
    return (
        f"`{name}`" in text("README.md")
        and re.search(rf"`(relui )?{name}\b", text("docs/cli.md")) is not None
    )


def test_every_setting_is_in_the_readme() -> None:
    written = section("README.md", "Where things are")
    absent = [
        f"| `{name}` | {words} |" for name, words in DESCRIBED.items() if f"| `{name}` |" not in written
    ]
    assert not absent, "Add to the table of settings in README.md:\n" + "\n".join(absent)
    assert not missing(SIGNS, "README.md"), "Name every set of signs in README.md."


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_key_of_a_template_is_described(form: type[BaseModel]) -> None:
    absent = missing(form.model_fields, "docs/templates.md")
    assert not absent, f"Describe in docs/templates.md ({form.__name__}): {absent}"


def test_every_word_that_a_template_may_use_is_described() -> None:
    kinds = re.findall(r"'([a-z]+)'", str(FieldForm.model_fields["kind"].annotation))
    signed = [f"signed:{subject}" for subject in SIGN_OFFS]
    patterns = {"confirmed:": "confirmed:POINT", "sent:": "sent:MESSAGE", f"{TESTED}:": f"{TESTED}:CATEGORY"}
    recorded = {
        next((told for begin, told in patterns.items() if fact.startswith(begin)), fact)
        for fact in known_facts()
    }
    words = [*kinds, *STAGES, *KINDS, *BOUND_FACTS, *signed, *sorted(recorded), *MESSAGES]
    assert len(kinds) > 5
    absent = missing(words, "docs/templates.md")
    assert not absent, f"Describe in docs/templates.md: {absent}"


def test_every_bundled_template_and_theme_is_named_in_the_readme() -> None:
    names = [
        path.stem for folder in ("templates", "themes") for path in sorted((ROOT / folder).glob("*.yaml"))
    ]
    absent = missing(names, "README.md")
    assert not absent, f"Name in README.md: {absent}"


def test_every_colour_of_a_theme_is_described() -> None:
    absent = [
        f"| `{name}` | {words} |"
        for name, words in COLOURS.items()
        if f"| `{name}` |" not in text("docs/themes.md")
    ]
    assert not absent, "Add to docs/themes.md:\n" + "\n".join(absent)
    others = missing((*THEME_KEYS, *STYLED, *TEXT_STYLES), "docs/themes.md")
    assert not others, f"Describe in docs/themes.md: {others}"


def test_every_variable_that_is_read_is_in_the_readme() -> None:
    read = {name for path in (ROOT / "relui").rglob("*.py") for name in _variables(path)}
    assert {"RELUI_DATA", "RELUI_NOW"} <= read
    absent = sorted(name for name in read if f"`{name}`" not in text("README.md"))
    assert not absent, f"Add to the table of variables in README.md: {absent}"


def _variables(path: Path) -> list[str]:
    return re.findall(r"\bRELUI_[A-Z]+\b", path.read_text(encoding="utf-8"))


def test_every_exit_code_is_in_the_readme() -> None:
    written = section("README.md", "Command line")
    absent = [code for code in ("0", "1", "2", "3", "128+n") if f"| {code} |" not in written]
    assert not absent, f"Add to the table of exit codes in README.md: {absent}"


def test_every_target_of_make_is_in_the_contributors_table() -> None:
    targets = re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE)
    absent = [name for name in targets if f"| `make {name}` |" not in text("CONTRIBUTING.md")]
    assert targets and not absent, f"Add to the table of targets in CONTRIBUTING.md: {absent}"


def _links() -> Iterator[tuple[str, str]]:
    for name in sorted(
        {path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))}
    ):
        for link in _LINK.findall(text(name)):
            if "://" not in link:
                yield name, link


@pytest.mark.parametrize(("document", "link"), list(_links()))
def test_every_link_leads_to_a_file_and_a_heading_that_exist(document: str, link: str) -> None:
    name, _, anchor = link.partition("#")
    target = (ROOT / document).parent / name if name else ROOT / document
    assert target.is_file(), f"{document} links to '{link}', which does not exist. Correct the link."
    if anchor:
        headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
        known = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert anchor in known, (
            f"{document} links to '{link}', and there is no such heading. Correct the link."
        )


def test_every_picture_is_shown_and_fetches_nothing() -> None:
    documents = "".join(path.read_text("utf-8") for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")))
    for picture in sorted((ROOT / "docs" / "screenshots").iterdir()):
        assert picture.name in documents, (
            f"{picture.name} is shown nowhere. Show it in README.md, or remove it."
        )
        assert "url(http" not in picture.read_text("utf-8"), f"{picture.name} fetches a font. Take it anew."


def test_every_file_and_folder_that_the_guide_names_exists() -> None:
    named = re.findall(
        r"`((?:relui|tests|docs|data)/[\w/.]+)`", text("docs/guide.md") + text("CONTRIBUTING.md")
    )
    gone = [name for name in named if not (ROOT / name).exists() and name != "relui/bundled/"]
    assert named and not gone, f"Correct in docs/guide.md or CONTRIBUTING.md: {gone}"


def _tracked() -> list[Path]:
    """The files under version control, or all files of the folders that belong to it."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, timeout=30
        ).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        folders = ("relui", "tests", "docs", "templates", "themes", "data", "benchmarks")
        return [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    return [ROOT / name for name in listed.split("\0") if name]


def test_no_file_names_a_folder_of_one_machine() -> None:
    found = []
    for path in _tracked():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (UnicodeDecodeError, FileNotFoundError):  # no text, or removed and not yet committed
            continue
        found += [f"{path.relative_to(ROOT)}:{n}" for n, line in enumerate(lines, 1) if _MACHINE.search(line)]
    assert not found, f"Take the paths of a developer's machine out of: {found}"
