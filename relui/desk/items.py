"""Acts on checklist items: tick, untick, leave out, fail, annotate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from msgspec.structs import replace

from relui.desk.core import DeskCore, Done
from relui.domain import customising, marking, runbook
from relui.domain.fields import checked_people, person_fields
from relui.domain.marking import NOTHING, Record
from relui.domain.release import Release
from relui.domain.ruling import Ruling
from relui.errors import BadInput, StoreError
from relui.regular_files import read_regular
from relui.store.atomic import words_of

EVIDENCE_LIMIT = 5 * 1024 * 1024
"""Bytes of a file that is kept as evidence."""

_Reasoned = Callable[[Release, Iterable[str], str, datetime, str, Record], Ruling]
"""A rule that takes items, who, when, the reason, and what is recorded with it."""


class ItemActs(DeskCore):
    """What a release owner does most: one method an act, each one write."""

    def tick(
        self,
        short: str,
        items: Iterable[str],
        record: Record = NOTHING,
        override: str = "",
        *,
        early: bool = False,
    ) -> Done:
        """Tick items; a parent ticks its open leaves. Ticking again changes nothing and says so.

        What cannot have happened yet is left, unless it is said to be `early`.
        """
        paths = self.as_paths(items)
        return self.change(
            short,
            lambda release: marking.tick(
                release,
                paths,
                self.actor.name,
                self.clock.now(),
                self._with_people(release, paths, record),
                override,
                early=early,
            ),
        )

    def untick(self, short: str, items: Iterable[str]) -> Done:
        """Open items again; notes, evidence and fields stay."""
        paths = self.as_paths(items)
        return self.change(
            short, lambda release: marking.untick(release, paths, self.actor.name, self.clock.now())
        )

    def skip(self, short: str, items: Iterable[str], reason: str = "", record: Record = NOTHING) -> Done:
        """Set items to not applicable; required ones need a reason."""
        return self._without_ticking(marking.skip, short, items, reason, record)

    def fail(self, short: str, items: Iterable[str], reason: str, record: Record = NOTHING) -> Done:
        """Mark items as failed, with a reason."""
        return self._without_ticking(marking.fail, short, items, reason, record)

    def _without_ticking(
        self, rule: _Reasoned, short: str, items: Iterable[str], reason: str, record: Record
    ) -> Done:
        paths = self.as_paths(items)
        return self.change(
            short,
            lambda release: rule(
                release,
                paths,
                self.actor.name,
                self.clock.now(),
                reason,
                self._with_people(release, paths, record),
            ),
        )

    def annotate(self, short: str, item: str, record: Record) -> Done:
        """Record a note, evidence or field values on an item; its state stays."""
        return self.change(
            short,
            lambda release: marking.annotate(
                release,
                item,
                self.actor.name,
                self.clock.now(),
                self._with_people(release, (item,), record),
            ),
        )

    def _with_people(self, release: Release, paths: Iterable[str], record: Record) -> Record:
        """The record with the ids of the people that its fields name.

        The organisation is read only when somebody is named: ticking waits for no other file. Raises
        BadInput for somebody whom the organisation does not list, where it lists anybody.
        """
        if not record.fields:
            return record
        asked = person_fields(release, paths)
        if not asked.keys() & record.fields.keys():
            return record
        return replace(record, fields=checked_people(record.fields, asked, self.organisation()))

    def add_item(self, short: str, at_path: str, text: str, *, optional: bool = False) -> Done:
        """Add an item to this release alone, behind the one at `at_path` or at the end of that phase."""
        return self.change(
            short,
            lambda release: customising.add_item(release, at_path, text, self.clock.now(), optional=optional),
        )

    def remove_item(self, short: str, path: str, reason: str = "") -> Done:
        """Remove an open item from this release; the log keeps it."""
        return self.change(
            short, lambda release: customising.remove_item(release, path, reason, self.clock.now())
        )

    def move_item(self, short: str, path: str, by: int) -> Done:
        """Move an item among its siblings: up when `by` is negative."""
        return self.change(short, lambda release: customising.move_item(release, path, by, self.clock.now()))

    def add_steps(
        self, short: str, steps: Sequence[Mapping[str, str]], *, after: str = "", source: str = ""
    ) -> Done:
        """Add steps to the runbook from their fields as typed, behind the step `after` or at the end."""
        return self.change(
            short,
            lambda release: runbook.add_steps(release, steps, self.clock.now(), after=after, source=source),
        )

    def edit_step(self, short: str, step: str, given: Mapping[str, str]) -> Done:
        """Set fields of a step of the runbook, or of another item, from text."""
        return self.change(short, lambda release: runbook.edit_step(release, step, given, self.clock.now()))

    def rehearse_step(self, short: str, step: str, took: str, deviation: str = "") -> Done:
        """Record how a step of the runbook went in staging: a duration, and what deviated."""
        return self.change(
            short,
            lambda release: runbook.rehearse_step(
                release, step, took, deviation, self.actor.name, self.clock.now()
            ),
        )

    def evidence_reference(self, given: str) -> str:
        """What is recorded for evidence as typed: a link or reference as it is, a `@FILE` kept by content.

        Raises BadInput for a file that is not there or larger than EVIDENCE_LIMIT.
        """
        if not given.startswith("@"):
            return given
        path = Path(given[1:])
        try:
            if given.startswith("@~/"):
                path = path.expanduser()
            content = read_regular(path, EVIDENCE_LIMIT + 1)
        except (FileNotFoundError, IsADirectoryError, RuntimeError):  # the last: there is no home folder
            raise BadInput(f"There is no file '{given[1:]}' to keep as evidence.") from None
        except OSError as error:
            raise BadInput(f"'{given[1:]}' cannot be kept as evidence: {words_of(error)}.") from None
        if len(content) > EVIDENCE_LIMIT:
            raise BadInput(
                f"{path} is larger than {EVIDENCE_LIMIT // 1024 // 1024} MB. Name it by a link instead."
            )
        return self.keep_evidence(content, path.name)

    def keep_evidence(self, content: bytes, name: str) -> str:
        """Keep a file as evidence and return its reference: `sha256:DIGEST NAME`. Raises StoreError."""
        from relui.store.evidence import write_evidence

        if self.read_only:
            raise StoreError(
                "relui was opened read-only (--readonly): nothing is written.", title="Read-only"
            )
        return f"{write_evidence(self.data, content)} {name}"
