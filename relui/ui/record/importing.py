"""Bringing things into the record: changes from a file, a repository or another release; test results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from relui.desk.act import Done
from relui.desk.desk import Desk
from relui.domain.dossier.package import KINDS_OF_COMPONENTS, kind_words
from relui.domain.dossier.testing import CATEGORY_WORDS
from relui.domain.text import quoted, slug
from relui.errors import BadInput
from relui.ui.kit.judged_form import Field, PartForm
from relui.ui.kit.question import Choose
from relui.ui.kit.reading import Notice
from relui.ui.record.open_record import OpenRecord

_PATH = "~ is your home folder."
_ORDERS = (("auto", "as the file proves"), ("day-first", "11 December"), ("month-first", "12 November"))
_YES_NO = (("no", "no"), ("yes", "yes, as components"))
_KINDS = (("auto", "as its name tells"), *((kind, kind_words(kind)) for kind in KINDS_OF_COMPONENTS))
_BY = (("request", "a merged pull or merge request"), ("commit", "each commit"))


class Source(Struct, frozen=True):
    """Where something can be brought in from: its name, words, what it asks, and the act."""

    name: str
    words: str
    fields: tuple[Field, ...]
    bring: Callable[[Desk, str, Mapping[str, str]], Done]


def _path(values: Mapping[str, str]) -> Path:
    text = values["path"].strip()
    if not text:
        raise BadInput("Name the file or folder.")
    try:
        return Path(text).expanduser()
    except RuntimeError:  # there is no home folder
        return Path(text)


def _mapping(text: str) -> dict[str, str]:
    """`id=Key, summary=Title` as a mapping. Raises BadInput."""
    found: dict[str, str] = {}
    for part in text.split(","):
        if not part.strip():
            continue
        name, equals, column = part.partition("=")
        if not equals:
            raise BadInput(f"{quoted(part.strip())} is no mapping. Write id=Key, summary=Title.")
        found[name.strip()] = column.strip()
    return found


def _csv(desk: Desk, release_id: str, values: Mapping[str, str]) -> Done:
    dates = {"dates": values["dates"]} if values["dates"] != "auto" else {}
    mapping = _mapping(values["map"]) | _mapping(values["words"]) | dates
    return desk.imports.changes(release_id, _path(values), mapping or None)


def _git(desk: Desk, release_id: str, values: Mapping[str, str]) -> Done:
    since, until = values["since"].strip(), values["until"].strip() or "HEAD"
    only = values["only"].replace(",", " ").split()
    return desk.imports.commits(release_id, _path(values), since, until, only, values["by"])


def _leftovers(desk: Desk, release_id: str, values: Mapping[str, str]) -> Done:
    return desk.imports.leftovers(release_id, values["other"])


def _junit(desk: Desk, release_id: str, values: Mapping[str, str]) -> Done:
    given = {name: values[name].strip() for name in ("name", "scope", "by", "evidence")}
    return desk.imports.tests(release_id, _path(values), values["category"], **given)


def _sums(desk: Desk, release_id: str, values: Mapping[str, str]) -> Done:
    add = values["add"] == "yes"
    kind = "" if values["kind"] == "auto" else values["kind"]
    given = {"kind": kind, "where": values["where"].strip()} if add else {}
    return desk.imports.checksums(release_id, _path(values), add=add, **given)


SOURCES: Mapping[str, tuple[Source, ...]] = {
    "changes": (
        Source(
            "CSV file",
            "an export of Jira, ServiceNow, GitHub, Azure DevOps and others",
            (
                Field("path", "File", "", _PATH),
                Field("map", "Columns", "", "Where they are called otherwise: id=Key, summary=Title."),
                Field("words", "Words", "", "What your tracker's words mean: status.Done=approved."),
                Field(
                    "dates",
                    "Days as 11/12/2026",
                    "auto",
                    "Which comes first, where the file does not prove it.",
                    _ORDERS,
                ),
            ),
            _csv,
        ),
        Source(
            "git repository",
            "commits between two tags",
            (
                Field("path", "Repository", ".", _PATH),
                Field("since", "From", "", "The tag of the last release."),
                Field("until", "To", "HEAD", "The tag of this one."),
                Field("only", "Only types", "", "Such as feat, fix. Empty: all of them."),
                Field("by", "A change is", "request", "What becomes a change.", _BY),
            ),
            _git,
        ),
        Source(
            "another release",
            "what did not go out with it",
            (Field("other", "Release", "", "Its identifier, or enough of it."),),
            _leftovers,
        ),
    ),
    "package": (
        Source(
            "Manifest of checksums",
            "SHA256SUMS: for components whose location or name ends in a file of it",
            (
                Field("path", "Manifest", "", _PATH),
                Field("add", "Add the others", "no", "Files that no component ends in.", _YES_NO),
                Field("kind", "Kind", "auto", "Of what is added.", _KINDS),
                Field("where", "Where", "", "Of what is added. Empty: where the package is."),
            ),
            _sums,
        ),
    ),
    "testing": (
        Source(
            "JUnit XML",
            "a test run with its cases",
            (
                Field("path", "File or folder", "", f"Of a folder all *.xml are one run. {_PATH}"),
                Field("category", "Category", "smoke", "What was tested.", tuple(CATEGORY_WORDS.items())),
                Field("name", "Name", "", "Empty: made from the category."),
                Field("scope", "Scope", "", "How far it went; what the matrix asks for unless said."),
                Field("by", "By", "", "Who ran it; you unless said."),
                Field(
                    "evidence", "Evidence", "", "A link, or @FILE. Empty: the reports themselves are kept."
                ),
            ),
            _junit,
        ),
    ),
}
"""What each tab can be filled from."""


class Importing:
    """Everything is read at once, or nothing is."""

    def __init__(self, record: OpenRecord) -> None:
        self._record = record

    def why_not(self) -> str:
        """Why nothing can be brought in on this tab, or nothing."""
        if self._sources():
            return ""
        return "Changes (5 c), checksums (5 p) and test results (5 t) can be brought in."

    def _sources(self) -> tuple[Source, ...]:
        """From where something can be brought in here; for the row under the cursor first."""
        row = self._record.row
        own = (_checksum(row.id),) if row is not None and row.kind == "component" else ()
        return (*own, *SOURCES.get(self._record.tab, ()))

    async def bring_in(self) -> None:
        """Ask from where, then bring it in; after an error the form is there again as it was typed."""
        sources = self._sources()
        chosen: int | None = 0
        if len(sources) > 1:
            choices = [(source.name, source.words) for source in sources]
            chosen = await self._record.app.push_screen_wait(Choose("Bring in from", choices))
        if chosen is not None:
            await self._bring(sources[chosen])

    async def _bring(self, source: Source) -> None:
        record, told = self._record, list[str]()
        draft = f"{record.release_id}-import-{slug(source.name)}"
        form = PartForm(source.name, source.fields, lambda values: (), words=f"{source.words}.", draft=draft)

        def bring(values: dict[str, str]) -> Done:
            done = source.bring(record.desk, record.release_id, values)
            told.extend((*done.ruling.told, *(f"Left: {name} {why}." for name, why in done.ruling.left)))
            return replace(done, ruling=replace(done.ruling, told=()))

        if await record.act_on(form, bring) is not None and told:
            record.app.push_screen(Notice(f"{source.name}: how it was read", "\n".join(told)))


def _checksum(name: str) -> Source:
    return Source(
        f"Checksum of {name}",
        "the SHA-256 of a file",
        (Field("path", "File", "", _PATH),),
        lambda desk, release_id, values: desk.record.component_checksum(release_id, name, _path(values)),
    )
