"""The heart of the desk: open the latest, apply a pure rule, write once, return the new release."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from relui.clock import Clock
from relui.domain.binding import seen_at
from relui.domain.identifiers import matching, resolve
from relui.domain.log import Act, Actor, Entry, next_entry
from relui.domain.patches import diff
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.domain.text import quoted
from relui.errors import BadInput, ReluiError, StoreError
from relui.store.records import Record, state_of
from relui.store.releases import ReleaseFiles

if TYPE_CHECKING:
    from relui.desk.calendar_reading import Calendar
    from relui.domain.organisation import Organisation
    from relui.loading.message_templates import MessageLibrary
    from relui.loading.templates import TemplateLibrary
    from relui.store.drafts import Drafts
    from relui.store.organisation import OrganisationFile
    from relui.store.seam import Change, ReleaseStore


class Opened(Struct, frozen=True, kw_only=True):
    """A release as it is on disk now: the struct, its record, and why it cannot be changed, if so."""

    release: Release
    record: Record

    @property
    def archived(self) -> bool:
        """It is in the archive: read-only for good."""
        return self.record.archived

    @property
    def read_only(self) -> str:
        """Why nothing can be written, or nothing."""
        return self.record.read_only

    @property
    def entries(self) -> list[Entry]:
        """Its log, in order."""
        return self.record.entries


class Done(Struct, frozen=True, kw_only=True):
    """What an act led to: the release afterwards, its record, and what the rule did with which items."""

    release: Release
    record: Record
    ruling: Ruling

    @property
    def changed(self) -> bool:
        """Something was written."""
        return self.ruling.act is not None


class Active(Struct, frozen=True):
    """The active releases, by go-live, and a sentence for each file that could not be read."""

    releases: tuple[Release, ...]
    problems: tuple[str, ...]


class DeskCore:
    """What every group of acts needs: files, clock, actor, and the one way to change a release."""

    def __init__(
        self,
        data: Path,
        *,
        clock: Clock,
        actor: Actor,
        library: Callable[[], TemplateLibrary],
        host_zone: Callable[[], str],
        display_zone: str | None = None,
        read_only: bool = False,
        files: ReleaseStore | None = None,
        messages: Callable[[], MessageLibrary] | None = None,
    ) -> None:
        """`files` keeps the releases: those in the folder `data` unless a test brings its own.

        `messages` are the bundled templates of messages and the team's own; the bundled ones unless said.
        """
        self.data = data
        self.clock = clock
        self.actor = actor
        self.read_only = read_only
        self.files: ReleaseStore = files or ReleaseFiles(data, read_only=read_only)
        self._library = library
        self._messages = messages
        self._host_zone = host_zone
        self._display_zone = display_zone
        self._seen: Record | None = None
        self.admitted = False
        """Something was written, or tried, under the acting name."""
        self._organisation: tuple[tuple[int, int] | None, Organisation] | None = None
        self._calendar: tuple[tuple[dict[str, tuple[int, int]], object], Calendar] | None = None

    @property
    def templates(self) -> TemplateLibrary:
        """The bundled templates and the user's own, read when they are asked for."""
        return self._library()

    @property
    def message_templates(self) -> MessageLibrary:
        """The templates of messages: bundled, and the team's own."""
        if self._messages is not None:
            return self._messages()
        from relui.loading.message_templates import MessageLibrary
        from relui.locations import bundled_folder

        return MessageLibrary(bundled_folder() / "templates" / "messages", None)

    @property
    def organisation_file(self) -> OrganisationFile:
        """Where the organisation is kept."""
        from relui.store.organisation import OrganisationFile

        return OrganisationFile(self.data, read_only=self.read_only)

    @property
    def drafts(self) -> Drafts:
        """Text that the acting person typed and did not save yet."""
        from relui.store.drafts import Drafts

        return Drafts(self.data, self.actor.name)

    def organisation(self) -> Organisation:
        """The organisation as it is on disk now; read again only when its file was written since."""
        stamp = self.organisation_file.stamp()
        if self._organisation is None or self._organisation[0] != stamp:
            self._organisation = stamp, self.organisation_file.load()
        return self._organisation[1]

    def admit(self) -> None:
        """Before anything is written: who acts is nobody's slip.

        Raises BadInput for a chosen name that is nearly that of somebody listed; the account's own is taken.
        """
        self.admitted = True
        if self.actor.name == self.actor.account:
            return
        meant = self._people().slip(self.actor.name)
        if meant is not None:
            raise BadInput(
                f"The organisation lists nobody called {quoted(self.actor.name)}. Did you mean '{meant}'? "
                "Act as them (--as, RELUI_USER), or let the organisation list the other. Nothing was changed."
            )

    def stranger(self) -> str:
        """A sentence when the organisation lists people and not the one who acts; else nothing."""
        if self._people().lists(self.actor.name):
            return ""
        return f"You act as {self.actor.name}, whom the organisation does not list."

    def _people(self) -> Organisation:
        """The organisation, or an empty one when it cannot be read: acts on a release do not wait for it."""
        try:
            return self.organisation()
        except StoreError:
            from relui.domain.organisation import Organisation

            return Organisation()

    def input_zone(self, service: str = "") -> str:
        """The zone of times without an offset: the service's, the organisation's, the host's."""
        organisation = self.organisation()
        found = organisation.service(service) if service else None
        return (found.zone if found else "") or organisation.zone or self._display_zone or self._host_zone()

    def display_zone(self) -> str:
        """The zone that times are shown in: as asked for, the organisation's, the host's."""
        return self._display_zone or self.organisation().zone or self._host_zone()

    def resolve(self, short: str, *, archived: bool = True) -> str:
        """The identifier that `short` stands for, among active releases first, then in the archive.

        Only when no active one fits is the archive's catalogue read. Raises BadInput when none or
        several fit.
        """
        active = self.files.active_ids()
        wanted = short.strip().upper()
        if wanted in active or (archived and self.files.is_archived(wanted)):
            return wanted
        if archived and not matching(short, active):
            older = matching(short, (row.id for row in self.files.archived()))
            if len(older) == 1:
                return older[0]
            if older:
                raise BadInput(
                    f"No active release is called '{short}', but {len(older)} archived ones are: "
                    f"{', '.join(older[-10:])}. Write more of the identifier."
                )
            if wanted.startswith("REL-"):
                raise BadInput(f"There is no release '{short}', active or archived.")
        return resolve(short, active)

    def open(self, short: str) -> Opened:
        """The latest record of a release, active or archived."""
        record = self.files.load(self.resolve(short))
        return Opened(release=seen_at(record.release, self.clock.now()), record=record)

    def active(self, known: Mapping[str, Release] | None = None) -> Active:
        """All active releases by go-live; one whose closing was cut short is archived on the way.

        `known` releases are taken as they are instead of being read.
        """
        releases: list[Release] = []
        problems: list[str] = []
        now = self.clock.now()
        for release_id in self.files.active_ids():
            try:
                release = (known or {}).get(release_id) or self.files.load(release_id).release
                if release.closing is not None and not self.read_only:
                    self.files.archive(release_id)
                    continue
            except ReluiError as error:
                problems.append(error.message)
                continue
            releases.append(seen_at(release, now))
        releases.sort(key=lambda release: (release.go_live, release.id))
        return Active(tuple(releases), tuple(problems))

    def add(self, short: str, rule: Callable[[Release], Ruling]) -> Done:
        """As `change`, of an archived release: for what can still be added to it (`domain/closing.py`)."""
        return self.change(short, rule, addition=True)

    def change(self, short: str, rule: Callable[[Release], Ruling], *, addition: bool = False) -> Done:
        """Apply a rule to the latest state of a release, durably, before this returns.

        Raises what the rule raises; nothing is written then.
        """
        rulings: list[Ruling] = []

        def apply(record: Record) -> tuple[dict[str, object], Entry] | None:
            ruling = rule(record.release)
            ruling = ruling if addition else self._settled(ruling)
            rulings.append(ruling)
            if ruling.act is None:
                return None
            state = {**state_of(ruling.release), "schema": record.state["schema"]}
            entry = self.entry(record, ruling.act, state)
            if self._seen is not None and self._seen.state["id"] == record.state["id"]:
                from relui.domain.history import refuse_overwriting

                refuse_overwriting(self._seen.state, entry.patches, lambda: record.entries)
            return state, entry

        record = self.write(short, apply, addition=addition)
        ruling = rulings[-1]
        return Done(release=ruling.release, record=record, ruling=ruling)

    @contextmanager
    def seeing(self, record: Record) -> Iterator[None]:
        """Acts in this block are by somebody who saw the release as it is in `record`.

        A field that somebody else wrote since is not overwritten: WrittenMeanwhile says what it holds now.
        """
        self._seen = record
        try:
            yield
        finally:
            self._seen = None

    def _settled(self, ruling: Ruling) -> Ruling:
        """A ruling with what only the calendar knows; see `CalendarActs`."""
        return ruling

    def write(self, short: str, apply: Change, *, addition: bool = False) -> Record:
        """Change a release's document and log as `apply` says: the one way to its file."""
        self.admit()
        now, simulated = self.clock.now(), self.clock.simulated
        keep = self.files.add if addition else self.files.change
        return keep(self.resolve(short), apply, now, simulated=simulated)

    def entry(self, record: Record, act: Act, state: dict[str, object]) -> Entry:
        """The log entry of an act that leads to `state`."""
        return next_entry(
            record.head,
            act,
            self.actor,
            self.clock.now(),
            diff(record.state, state),
            simulated=self.clock.simulated,
        )

    def fingerprint(self) -> dict[str, tuple[int, int]]:
        """Changes whenever an active release is written, by anybody."""
        return self.files.fingerprint()

    @staticmethod
    def as_paths(items: Iterable[str]) -> tuple[str, ...]:
        """Item paths as typed, without blanks around them. Raises BadInput when there is none."""
        paths = tuple(item.strip() for item in items if item.strip())
        if not paths:
            raise BadInput("No item was named. Name it by its path, such as pre-deploy.backup.")
        return paths
