"""The journal: the latest of each release, and the one way in which a release changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from relui.clock import Clock
from relui.desk.act import Active, Done, Opened, Signing
from relui.desk.organisation import OrganisationActs
from relui.domain.binding import asks_for_window, seen_at, settle
from relui.domain.identifiers import matching, resolve
from relui.domain.log import Actor, Entry
from relui.domain.patches import Document
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.errors import BadInput, ReluiError, StoreError
from relui.store.records import Record, state_of

if TYPE_CHECKING:
    from relui.store.seam import Change, ReleaseStore

Rule = Callable[[Release, str, datetime], Ruling]
"""From the latest release, who acts and the instant (UTC) to what follows; raises what it refuses."""

ACTION = ".action-"
"""In the path of every item that stands for an action."""


class Journal:
    """Lock, load the latest, apply a rule, settle what is bound to facts, write state and entry as one."""

    def __init__(
        self,
        data: Path,
        files: ReleaseStore,
        signing: Signing,
        organisation: OrganisationActs,
        learn: Callable[[Release], None],
        *,
        read_only: bool,
    ) -> None:
        """`learn` takes a release whose retrospective, or an item that stands for an action, was written."""
        self.data = data
        self.files = files
        self.signing = signing
        self.read_only = read_only
        self._organisation = organisation
        self._learn = learn
        self._seen: Record | None = None

    @property
    def clock(self) -> Clock:
        """The one clock."""
        return self.signing.clock

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.signing.actor

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

    def change(self, short: str, rule: Rule, *, addition: bool = False) -> Done:
        """Apply a rule to the latest state of a release, durably, before this returns.

        Raises what the rule raises; nothing is written then.
        """
        rulings: list[Ruling] = []

        def apply(record: Record) -> tuple[dict[str, object], Entry] | None:
            ruling = rule(record.release, self.actor.name, self.clock.now())
            ruling = ruling if addition else self.settled(ruling)
            rulings.append(ruling)
            if ruling.act is None:
                return None
            state = {**state_of(ruling.release), "schema": record.state["schema"]}
            entry = self.signing.entry(record.head, ruling.act, record.state, state)
            if self._seen is not None and self._seen.state["id"] == record.state["id"]:
                from relui.domain.history import refuse_overwriting

                refuse_overwriting(self._seen.state, entry.patches, lambda: record.entries)
            return state, entry

        record = self.write(short, apply, addition=addition)
        ruling = rulings[-1]
        return Done(release=ruling.release, record=record, ruling=ruling)

    def add(self, short: str, rule: Rule) -> Done:
        """As `change`, of an archived release: for what can still be added to it (`domain/closing.py`)."""
        return self.change(short, rule, addition=True)

    def write(self, short: str, apply: Change, *, addition: bool = False) -> Record:
        """Change a release's document and log as `apply` says: the one way to its file.

        What it teaches is learned afterwards; the release is written, whatever becomes of that.
        """
        self._organisation.admit()
        before: list[Document] = []

        def watched(record: Record) -> tuple[Document, Entry] | None:
            before.append(record.state)
            return apply(record)

        now, simulated = self.clock.now(), self.clock.simulated
        keep = self.files.add if addition else self.files.change
        record = keep(self.resolve(short), watched, now, simulated=simulated)
        if before and _teaches(before[-1], record.state):
            with suppress(ReluiError):  # the next start brings the actions in line
                self._learn(record.release)
        return record

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

    def fingerprint(self) -> dict[str, tuple[int, int]]:
        """Changes whenever an active release is written, by anybody."""
        return self.files.fingerprint()

    def in_window(self, release: Release) -> Release:
        """A release with the items that ask for its window settled by the calendar as it is now."""
        from relui.domain.calendar.board import Board
        from relui.domain.calendar.slot import slot_of
        from relui.domain.calendar.windows import open_time

        organisation = self._organisation.zoned(self._organisation.read())
        found = open_time(Board(organisation, ()), slot_of(release, organisation))
        return settle(release, self.clock.now(), found)

    def settled(self, ruling: Ruling) -> Ruling:
        """Items that are bound to the window, settled by the calendar as it is now; others cost nothing.

        Where the organisation cannot be read the window stays unknown: no act on a release waits for it.
        """
        if ruling.act is None or not asks_for_window(ruling.release):
            return ruling
        with suppress(StoreError):
            return replace(ruling, release=self.in_window(ruling.release))
        return ruling


def _teaches(before: Document, after: Document) -> bool:
    """The retrospective, or the mark of an item that stands for an action, differs."""
    if before.get("retrospective") != after.get("retrospective"):
        return True
    return _action_marks(before) != _action_marks(after)


def _action_marks(state: Document) -> dict[str, object]:
    return {path: mark for path, mark in state.get("marks", {}).items() if ACTION in path}
