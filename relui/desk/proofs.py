"""Proofs that records are what was recorded: log, state, evidence, and the place where they are kept."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, structs

from relui.desk.core import DeskCore
from relui.domain.log import Seal, Verdict, verify
from relui.store.evidence import evidence_name, evidence_trouble, is_kept, references
from relui.store.records import Record
from relui.store.seam import Oddity


class Proven(Struct, frozen=True):
    """A record, the verdict on it, and what is odd about where it is kept."""

    record: Record
    verdict: Verdict
    oddities: tuple[Oddity, ...] = ()

    @property
    def against(self) -> tuple[Oddity, ...]:
        """The oddities that a verdict counts; tables of other programs are none of relui's business."""
        return tuple(oddity for oddity in self.oddities if oddity.kind != "tables")

    @property
    def kept_twice(self) -> bool:
        """There is another file of it."""
        return any(oddity.kind == "twice" for oddity in self.oddities)


class ProofActs(DeskCore):
    """What `relui verify` and `relui doctor` find out about one record."""

    def verify(self, short: str, seal: str | None = None, *, seals: Sequence[Seal] = ()) -> Verdict:
        """Check a release's log against itself, its state, its evidence and its place. Raises StoreError."""
        return self.proven(self.resolve(short), seal, seals=seals).verdict

    def proven(
        self,
        release_id: str,
        seal: str | None = None,
        *,
        seals: Sequence[Seal] = (),
        known: dict[str, str] | None = None,
    ) -> Proven:
        """The record of `release_id` and everything that is wrong with it. Raises StoreError.

        `known` remembers between calls which evidence was looked at.
        """
        record = self.files.load(release_id)
        found = verify(release_id, record.state, record.log, seal, seals=seals)
        memory = {} if known is None else known
        named = list(references(record.state))
        absent = self._not_delivered(record, named)
        told = [evidence_trouble(self.data, each, memory) for each in named if each not in absent]
        proven = Proven(record, found, tuple(self.files.oddities(record)))
        against = (one.words for one in proven.against)
        problems = (*found.problems, *dict.fromkeys(filter(None, told)), *against)
        return structs.replace(
            proven, verdict=structs.replace(found, problems=problems, not_delivered=tuple(absent.values()))
        )

    def _not_delivered(self, record: Record, named: Sequence[str]) -> dict[str, str]:
        """References to evidence that an import did not bring and that is not here since, with its name."""
        from relui.desk.evidence_exchange import IMPORT, not_delivered

        if not any(isinstance(entry, dict) and entry.get("act") == IMPORT for entry in record.log):
            return {}
        noted = not_delivered(record.entries)
        found = {each: evidence_name(each) for each in named}
        return {
            each: name
            for each, (digest, name) in found.items()
            if digest in noted and not is_kept(self.data, digest)
        }
