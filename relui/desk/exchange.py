"""Acts that bring releases and templates in and out: relui's own JSON, and Markdown task lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, json

from relui.desk.evidence import bring, note_missing, take_along
from relui.domain.checklist import kept_files
from relui.domain.creation import default_go_live, default_title
from relui.domain.identifiers import identifier, month_of, parts
from relui.domain.log import Act, Head
from relui.domain.patches import Document
from relui.domain.release import Release
from relui.errors import BadInput, Refused
from relui.files import disk_errors, ensure_folder, is_there, read_regular, words_of, write_atomic
from relui.store.records import SCHEMA, document_of, state_of

if TYPE_CHECKING:
    from relui.desk.journal import Journal
    from relui.desk.organisation import OrganisationActs
    from relui.loading.own_facts import MarkdownRelease
    from relui.loading.release_json import ImportedRelease
    from relui.loading.template_making import Report
    from relui.loading.templates import TemplateLibrary


NEW_ID = "REL-0000-00-000"
"""Stands for an identifier that is given when everything was checked."""
SIZE_LIMIT = 64 * 1024 * 1024
"""Bytes of a file that an import reads."""


class Imported(Struct, frozen=True):
    """One release that an import brought in; `already` when the same was here, `told` says what to know."""

    id: str
    already: bool = False
    archived: bool = False
    told: tuple[str, ...] = ()


class ExchangeActs:
    """Imports are checked whole before anything is written; exports never overwrite anything silently."""

    def __init__(
        self, journal: Journal, organisation: OrganisationActs, library: Callable[[], TemplateLibrary]
    ) -> None:
        self._journal, self._store = journal, journal.store
        self._organisation = organisation
        self._library = library

    def import_releases(self, path: Path, *, service: str = "", version: str = "") -> list[Imported]:
        """Read a JSON or Markdown file, or every such file in a folder, and write its releases.

        A Markdown list from elsewhere needs a `service` and a `version`. Raises BadInput or Refused
        before anything is written.
        """
        self._organisation.admit()
        documents: list[ImportedRelease] = []
        lists: list[tuple[MarkdownRelease, str]] = []
        for file in _files_in(path):
            content = _content(file)
            if file.suffix.lower() == ".json":
                from relui.loading.release_json import read_release_json

                documents += read_release_json(content, str(file))
            else:
                from relui.loading.release_markdown import release_from_markdown

                lists.append((release_from_markdown(content, str(file)), str(file)))
        releases = [self._release_of(found, shown, service, version) for found, shown in lists]
        self._refuse_taken(documents)
        self._refuse_known([release.id for release, _ in releases], documents)
        bring(
            self._store.evidence,
            (document.state for document in documents),
            path if path.is_dir() else path.parent,
        )
        with self._booked_elsewhere(documents):
            done = [self._write_document(document) for document in documents]
        return done + [self._write_list(release, told) for release, told in releases]

    def _booked_elsewhere(self, documents: Sequence[ImportedRelease]) -> AbstractContextManager[None]:
        """Who brings booked slots in holds the calendar, so that nobody books beside them unseen."""
        booked = any(document.release.booking and not document.release.closed for document in documents)
        return self._store.calendar_lock() if booked else nullcontext()

    def _refuse_taken(self, documents: Sequence[ImportedRelease]) -> None:
        seen: set[str] = set()
        for document in documents:
            if document.release.id in seen:
                raise BadInput(f"{document.release.id} is in the import twice. Nothing was written.")
            seen.add(document.release.id)
            if parts(document.release.id) is None:
                raise BadInput(f"'{document.release.id}' is not an identifier such as REL-2026-11-003.")
            _refuse_schema(document)
            if self._store.releases.exists(document.release.id) and not self._same(document):
                raise Refused(
                    f"{document.release.id} exists already and differs. Nothing was written; "
                    "import it into another data folder (--data) to compare."
                )

    def _same(self, document: ImportedRelease) -> bool:
        here = self._store.releases.load(document.release.id)
        return here.state == document.state

    def _write_document(self, document: ImportedRelease) -> Imported:
        release, told = document.release, tuple(document.told)
        if self._store.releases.exists(release.id):
            return Imported(release.id, already=True, archived=release.closed)
        state, log = document.state, document.log
        if not log:
            state = state_of(release)
            log = [self._first_entry(state, f"imported {release.id}")]
        store = self._store.evidence
        if missing := [kept.digest for kept in kept_files(state) if not store.holds(kept.digest)]:
            act = note_missing(missing)
            log = [*log, self._entry_behind(log, act)]
            told = (*told, f"{act.text[:1].upper()}{act.text[1:]}; export into a folder takes it along.")
        if release.closed:
            self._store.releases.create_archived(state, log)
        else:
            self._store.releases.create(state, log)
        month, number = parts(release.id) or ("", 0)
        self._store.organisation.reach(month, number)  # its identifier is given out: no other release gets it
        if release.booking is not None and not release.closed:
            doctor = "`relui doctor` says whether it conflicts."
            told = (*told, f"{release.id} holds a slot that was booked elsewhere: {doctor}")
        return Imported(release.id, archived=release.closed, told=told)

    def _first_entry(self, state: Document, text: str) -> Document:
        act = Act("import", text, reversible=False)
        document: Document = document_of(self._journal.signing.entry(Head(), act, {}, state))
        return document

    def _entry_behind(self, log: Sequence[Document], act: Act) -> Document:
        """An entry that changes nothing, behind a log that was imported."""
        head = Head(int(log[-1]["seq"]), str(log[-1]["hash"]))
        document: Document = document_of(self._journal.signing.entry(head, act, {}, {}))
        return document

    def _refuse_known(self, ids: Sequence[str], documents: Sequence[ImportedRelease]) -> None:
        """A Markdown form cannot be compared with a record, so one that is here already is never merged."""
        seen = {document.release.id for document in documents}
        for name in ids:
            if name == NEW_ID:
                continue
            if parts(name) is None:
                raise BadInput(f"'{name}' is not an identifier such as REL-2026-11-003.")
            if name in seen:
                raise BadInput(f"{name} is in the import twice. Nothing was written.")
            seen.add(name)
            if self._store.releases.exists(name):
                raise Refused(
                    f"{name} exists already. Nothing was written; take the line with its identifier out of "
                    "the Markdown file to bring it in as a new release."
                )

    def _release_of(
        self, found: MarkdownRelease, shown: str, service: str, version: str
    ) -> tuple[Release, tuple[str, ...]]:
        """A Markdown list as a release, checked but not written. Without an identifier it bears NEW_ID."""
        now = self._journal.clock.now()
        service = service or found.service or ""
        version = version or found.version or ""
        if not service or not version:
            raise BadInput(
                f"{shown} does not say which service and version it is for. "
                "Give them with --service and --version. Nothing was written."
            )
        service = self._organisation.read().checked_service(service)
        zone = found.zone or self._organisation.input_zone(service)
        type_ = found.type or "minor"
        go_live = found.go_live or default_go_live(now, zone, type_)
        release = Release(
            id=found.id or NEW_ID,
            title=found.title or default_title(version, go_live, zone),
            service=service,
            version=version,
            type=type_,
            impact=found.impact or "medium",
            owner=found.owner or self._journal.actor.name,
            go_live=go_live,
            zone=zone,
            duration=found.duration or 120,
            environment=found.environment or "production",
            rationale=found.rationale,
            emergency_criterion=found.emergency_criterion,
            risk=found.risk,
            rollback=found.rollback,
            notes_link=found.notes_link,
            template=found.template or "imported",
            packs=found.packs,
            phases=found.phases,
            marks=found.marks,
            retrospective=found.retrospective,
            created_at=found.created_at or now,
            created_by=found.created_by or self._journal.actor.name,
            started_at=found.started_at,
            completed_at=found.completed_at,
            closing=found.closing,
        )
        return release, found.told

    def _write_list(self, release: Release, told: tuple[str, ...]) -> Imported:
        from msgspec.structs import replace

        if release.id == NEW_ID:
            month = month_of(release.go_live, release.zone)
            number = self._store.organisation.next_number(month, self._store.releases.highest_number(month))
            release = replace(release, id=identifier(month, number))
        state = state_of(release)
        log = [self._first_entry(state, f"imported {release.id} from a Markdown list")]
        if release.closed:
            self._store.releases.create_archived(state, log)
        else:
            self._store.releases.create(state, log)
        return Imported(release.id, archived=release.closed, told=told)

    def export_releases(self, ids: Sequence[str], to: Path, *, markdown: bool = False) -> list[Path]:
        """Write releases to a `.json` or `.md` file, or one file each into a folder. Returns the files.

        Without `ids` every release is written, archived ones too; JSON in a folder takes its evidence along.
        Raises Refused when a file is there already.
        """
        names = [self._journal.resolve(name) for name in ids] or self._journal.ids(archived=True)
        if not names:
            raise BadInput("There is no release to export.")
        suffix = to.suffix.lower()
        if suffix in (".json", ".md", ".markdown"):
            return [self._export_to(to, names, markdown=suffix != ".json")]
        ending = ".md" if markdown else ".json"
        targets = {name: to / f"{name}{ending}" for name in names}
        with disk_errors(to, "look into"):
            taken = next((path for path in targets.values() if is_there(path)), None)
        if taken is not None:
            raise Refused(f"{taken} is there already. Nothing was written; export to an empty folder.")
        with disk_errors(to, "make the folder"):
            to.mkdir(parents=True, exist_ok=True)
        files = [self._export_to(path, [name], markdown=markdown) for name, path in targets.items()]
        if not markdown:
            take_along(self._store.evidence, self.evidence_of(names), to)
        return files

    def evidence_of(self, ids: Sequence[str]) -> tuple[str, ...]:
        """The SHA-256 of each file of evidence that releases keep here, once each. Without `ids`: of all."""
        names = ids or self._journal.ids(archived=True)
        states = (self._journal.open(name).record.state for name in names)
        found = dict.fromkeys(kept.digest for state in states for kept in kept_files(state))
        return tuple(each for each in found if self._store.evidence.holds(each))

    def _export_to(self, path: Path, names: Sequence[str], *, markdown: bool) -> Path:
        with disk_errors(path, "look for"):
            taken = is_there(path)
        if taken:
            raise Refused(f"{path} is there already. Nothing was written; choose another name.")
        if markdown:
            content = "\n\n".join(self.markdown(name) for name in names).encode()
        else:
            documents = [self.as_json(name) for name in names]
            content = json.format(
                json.encode(documents[0] if len(documents) == 1 else {"releases": documents})
            )
        write_atomic(path, content)
        return path

    def as_json(self, release_id: str) -> Document:
        """A whole release in relui's own export form."""
        from relui.documents.exports import to_json

        opened = self._journal.open(release_id)
        return to_json(opened.record.state, opened.record.log)

    def markdown(self, release_id: str) -> str:
        """A release as a Markdown task list, for paper and for reading back."""
        from relui.documents.checklist_markdown import release_markdown

        return release_markdown(
            self._journal.open(release_id).release,
            self._journal.clock.now(),
            self._organisation.display_zone(),
        )

    def import_template(self, path: Path, own: Path, name: str | None = None) -> tuple[Path, Report]:
        """Turn a Markdown checklist into a template in the folder `own`. Refused when its name is taken."""
        from relui.loading.template_making import template_from_markdown

        text, report = template_from_markdown(_content(path), str(path), name)
        made = text.partition("\n")[0].removeprefix("template: ").strip("'\"")  # the id it made of the name
        target = own / f"{made}.yaml"
        taken = {entry.name: entry.path for entry in self._library().names() if entry.source == "own"}
        if target.stem in taken:
            raise Refused(
                f"A template '{target.stem}' of your own is there already, in {taken[target.stem]}. "
                "Choose another name with --name."
            )
        with disk_errors(target, "look for"):
            there = is_there(target)
        if there:
            raise Refused(f"{target} is there already. Choose another name with --name.")
        ensure_folder(own)
        write_atomic(target, text.encode())
        return target, report


def releases_in(path: Path) -> list[ImportedRelease]:
    """Every release in an export: a JSON file, or those of a folder. Raises BadInput."""
    from relui.loading.release_json import read_release_json

    files = [file for file in _files_in(path) if file.suffix.lower() == ".json"]
    return [found for file in files for found in read_release_json(_content(file), str(file))]


def _refuse_schema(document: ImportedRelease) -> None:
    """Raises BadInput for a schema that could not be stored, or would be read as another."""
    release_id = document.release.id
    schema = document.state.get("schema", None if document.log else SCHEMA)
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        raise BadInput(f"{release_id} bears no schema version, so its log cannot hold. Nothing was written.")
    if schema > SCHEMA:
        raise BadInput(
            f"{release_id} was written by a newer relui. Update relui to import it. Nothing was written."
        )


def _files_in(path: Path) -> list[Path]:
    with _readable(path):
        if path.is_dir():
            files = sorted(
                file for file in path.iterdir() if file.suffix.lower() in (".json", ".md", ".markdown")
            )
            if not files:
                raise BadInput(f"{path} holds no .json and no .md file.")
            return files
        path.stat()
    if path.suffix.lower() not in (".json", ".md", ".markdown", ".txt"):
        raise BadInput(f"{path} is neither JSON (.json) nor Markdown (.md): nothing was imported.")
    return [path]


def _content(path: Path) -> bytes:
    with _readable(path):
        content = read_regular(path, SIZE_LIMIT + 1)
    if len(content) > SIZE_LIMIT:
        raise BadInput(f"{path} is larger than {SIZE_LIMIT // 1024 // 1024} MB: nothing was imported.")
    return content


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turn what the system says of a file that a person named into BadInput: nothing was written."""
    try:
        yield
    except FileNotFoundError:
        raise BadInput(f"There is no file '{path}'.") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {words_of(error)}.") from None
