"""Everything that is kept, as TinyDB files in one folder: the parts behind the seam, put together.

Each part is made, and its module imported, when it is first asked for: a tick needs no evidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from relui.files import ensure_folder
from relui.store.catalogue import CatalogueFile
from relui.store.locked_files import locked
from relui.store.releases import ReleaseFiles
from relui.store.seam import refuse_read_only

if TYPE_CHECKING:
    from relui.store.bulk import BulkFiles
    from relui.store.side_files import DraftFiles, EvidenceFiles, HolidaysFile
    from relui.store.state_files import LearnedFile, OrganisationFile
    from relui.store.upkeep import FileUpkeep


class FileStore:
    """The `Store` over a data folder; `seam.py` tells what each part promises."""

    def __init__(self, data: Path, *, read_only: bool = False) -> None:
        self._data = data
        self.read_only = read_only
        self.where = str(data)
        self.releases = ReleaseFiles(data, read_only=read_only)

    @property
    def catalogue(self) -> CatalogueFile:
        """`archive/catalogue.json`."""
        return self.releases.catalogue

    @cached_property
    def organisation(self) -> OrganisationFile:
        """`organisation.json`."""
        from relui.store.state_files import OrganisationFile

        return OrganisationFile(self._data, read_only=self.read_only)

    @cached_property
    def learned(self) -> LearnedFile:
        """`actions.json`."""
        from relui.store.state_files import LearnedFile

        return LearnedFile(self._data, read_only=self.read_only)

    @cached_property
    def evidence(self) -> EvidenceFiles:
        """`evidence/`."""
        from relui.store.side_files import EvidenceFiles

        return EvidenceFiles(self._data, read_only=self.read_only)

    @cached_property
    def upkeep(self) -> FileUpkeep:
        """The folder itself."""
        from relui.store.upkeep import FileUpkeep

        return FileUpkeep(self._data, read_only=self.read_only)

    @cached_property
    def bulk(self) -> BulkFiles:
        """Whole files, without an fsync for each."""
        from relui.store.bulk import BulkFiles

        return BulkFiles(self._data, read_only=self.read_only)

    def drafts(self, by: str) -> DraftFiles:
        """`drafts/`, those of one person."""
        from relui.store.side_files import DraftFiles

        return DraftFiles(self._data, by, read_only=self.read_only)

    def holidays(self, country: str, subdivision: str) -> HolidaysFile:
        """`holidays.json`."""
        from relui.store.side_files import HolidaysFile

        return HolidaysFile(self._data, country, subdivision, read_only=self.read_only)

    @contextmanager
    def calendar_lock(self) -> Iterator[None]:
        """`locks/calendar.lock`, held in this block."""
        refuse_read_only(self.read_only)
        ensure_folder(self._data)
        with locked(self._data / "locks", "calendar"):
            yield
