"""The journal: the latest of each release, and the one way in which a release changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from relui.clock import Clock
from relui.desk.act import Active, Done, Opened, Signing
from relui.desk.organisation import OrganisationActs
from relui.domain.binding import OpenTime, asks_for_window, derived, seen_at
from relui.domain.identifiers import matching, resolve
from relui.domain.log import Actor, Entry
from relui.domain.patches import Document
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.errors import BadInput, ReluiError, StoreError
from relui.store.records import Record, state_of

if TYPE_CHECKING:
    from relui.store.seam import Store

Rule = Callable[[Release, str, datetime], Ruling]
"""From the latest release, who acts and the instant (UTC) to what follows; raises what it refuses."""

REMEMBERED = 8
"""How many records are kept for the next look at them."""
_SEEN: ContextVar[Record | None] = ContextVar("seen", default=None)
"""What whoever acts has seen of the release: known to this thread and this act alone."""

ACTION = ".action-"
"""In the path of every item that stands for an action."""


class Written(Struct, frozen=True):
    """What an act makes of a release: the release, its document, and the entry that leads to it."""

    release: Release
    state: Document
    entry: Entry


class Journal:
    """Lock, load the latest, apply a rule, settle what is bound to facts, write state and entry as one.

    Here, and in every part of the desk, a `release_id` may be typed: as much of it as names one release.
    """

    def __init__(
        self, store: Store, signing: Signing, organisation: OrganisationActs, learn: Callable[[Release], None]
    ) -> None:
        """`learn` takes a release whose retrospective, or an item that stands for an action, was written."""
        self.store = store
        self.signing = signing
        self.read_only = store.read_only
        self._organisation = organisation
        self._learn = learn
        self._known: dict[str, Record] = {}

    @property
    def clock(self) -> Clock:
        """The one clock."""
        return self.signing.clock

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.signing.actor

    def open(self, release_id: str) -> Opened:
        """The latest record of a release, active or archived."""
        record = self._latest(self.resolve(release_id))
        return Opened(release=seen_at(record.release, self.clock.now()), record=record)

    def _latest(self, release_id: str) -> Record:
        """Its record as it is now; read again only when it was written elsewhere since."""
        known = self._known.get(release_id)
        record = self.store.releases.load(release_id, known)
        return record if record is known else self._remembered(release_id, record)

    def _remembered(self, release_id: str, record: Record) -> Record:
        """Keep a record for the next look; of a few releases, since each has its whole log with it."""
        self._known.pop(release_id, None)  # so that it comes last
        self._known[release_id] = record
        while len(self._known) > REMEMBERED:
            self._known.pop(next(iter(self._known)), None)
        return record

    def active(self, known: Mapping[str, Release] | None = None, *, but: str = "") -> Active:
        """All active releases by go-live; one whose closing was cut short is archived on the way.

        `known` releases are taken as they are instead of being read, `but` is left out.
        """
        releases: list[Release] = []
        problems: list[str] = []
        now = self.clock.now()
        for release_id in self.store.releases.active_ids():
            if release_id == but:
                continue
            try:
                release = (known or {}).get(release_id) or self._read(release_id)
                if release.closing is not None and not self.read_only:
                    self.store.releases.archive(release_id)
                    continue
            except ReluiError as error:
                problems.append(error.message)
                continue
            releases.append(seen_at(release, now))
        releases.sort(key=lambda release: (release.go_live, release.id))
        return Active(tuple(releases), tuple(problems))

    def _read(self, release_id: str) -> Release:
        """One of many: known already, or read and not kept."""
        return self.store.releases.load(release_id, self._known.get(release_id)).release

    def ids(self, *, archived: bool) -> list[str]:
        """All identifiers once, active ones first; archived ones too when asked for."""
        names = self.store.releases.active_ids()
        if archived:
            names += sorted(summary.id for summary in self.store.catalogue.summaries())
        return list(dict.fromkeys(names))

    def resolve(self, typed: str, *, archived: bool = True) -> str:
        """The identifier that `typed` stands for, among active releases first, then in the archive.

        Only when no active one fits is the archive's catalogue read. Raises BadInput when none or
        several fit.
        """
        active = self.store.releases.active_ids()
        wanted = typed.strip().upper()
        if wanted in active or (archived and self.store.releases.is_archived(wanted)):
            return wanted
        if archived and not matching(typed, active):
            older = matching(typed, (row.id for row in self.store.catalogue.summaries()))
            if len(older) == 1:
                return older[0]
            if older:
                raise BadInput(
                    f"No active release is called '{typed}', but {len(older)} archived ones are: "
                    f"{', '.join(older[-10:])}. Write more of the identifier."
                )
            if wanted.startswith("REL-"):
                raise BadInput(f"There is no release '{typed}', active or archived.")
        return resolve(typed, active)

    def change(self, release_id: str, rule: Rule, *, addition: bool = False) -> Done:
        """Apply a rule to the latest state of a release, durably, before this returns.

        An `addition` is made to an archived release: what can still be added to it (`domain/closing.py`).
        Raises what the rule raises; nothing is written then.
        """
        rulings: list[Ruling] = []
        seen = _SEEN.get()

        def apply(record: Record) -> Written | None:
            now = self.clock.now()
            ruling = rule(record.release, self.actor.name, now)
            if ruling.act is not None and not addition:  # an archived checklist stays as it is
                ruling = derived(ruling, now, self.open_time(ruling.release))
            rulings.append(ruling)
            if ruling.act is None:
                return None
            state = {**state_of(ruling.release), "schema": record.state["schema"]}
            entry = self.signing.entry(record.head, ruling.act, record.state, state)
            if seen is not None and seen.state["id"] == state["id"]:
                from relui.domain.history import refuse_overwriting

                refuse_overwriting(seen.state, entry.patches, lambda: record.entries)
            return Written(ruling.release, state, entry)

        record = self.write(release_id, apply, addition=addition)
        return Done(release=rulings[-1].release, record=record, ruling=rulings[-1])

    def write(
        self, release_id: str, apply: Callable[[Record], Written | None], *, addition: bool = False
    ) -> Record:
        """Change a release's document and log as `apply` says: the one way to its file.

        What it teaches is learned afterwards; the release is written, whatever becomes of that.
        """
        self._organisation.admit()
        release_id = self.resolve(release_id)
        reached: list[tuple[Record, Written]] = []

        def decided(latest: Record) -> tuple[Document, Entry] | None:
            if (known := self._known.get(release_id)) is not None:
                latest.knowing(known)
            written = apply(latest)
            if written is None:
                return None
            reached.append((latest, written))
            return written.state, written.entry

        now, simulated = self.clock.now(), self.clock.simulated
        keep = self.store.releases.add if addition else self.store.releases.change
        record = keep(release_id, decided, now, simulated=simulated)
        if reached:
            before, written = reached[-1]
            record.followed(before, written.release, written.entry)
        self._remembered(release_id, record)
        if reached and _teaches(reached[-1][0].state, record.state):
            # What follows is nobody's who saw anything; where it fails, the next start brings it in line.
            with self.seeing(None), suppress(ReluiError):
                self._learn(record.release)
        return record

    @contextmanager
    def seeing(self, record: Record | None) -> Iterator[None]:
        """Acts in this block are by somebody who saw the release as it is in `record`.

        A field that somebody else wrote since is not overwritten: WrittenMeanwhile says what it holds now.
        """
        token = _SEEN.set(record)
        try:
            yield
        finally:
            _SEEN.reset(token)

    def open_time(self, release: Release) -> OpenTime | None:
        """What the calendar leaves for a release whose checklist asks for its window; None for others.

        Where the organisation cannot be read it is unknown, too: no act on a release waits for it.
        """
        if not asks_for_window(release):
            return None
        from relui.domain.calendar.slot import slot_of
        from relui.domain.calendar.timetable import Timetable
        from relui.domain.calendar.windows import open_time

        try:
            organisation = self._organisation.zoned(self._organisation.read())
        except StoreError:
            return None
        return open_time(Timetable(organisation, ()), slot_of(release, organisation))


def _teaches(before: Document, after: Document) -> bool:
    """The retrospective, or the mark of an item that stands for an action, differs."""
    if before.get("retrospective") != after.get("retrospective"):
        return True
    return _action_marks(before) != _action_marks(after)


def _action_marks(state: Document) -> dict[str, object]:
    return {path: mark for path, mark in state.get("marks", {}).items() if ACTION in path}
