"""Public holidays that were worked out before: loading a country's rules takes longer than a whole list."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from relui.errors import StoreError
from relui.regular_files import read_regular

Years = Mapping[int, frozenset[date]]


class KnownHolidays:
    """`holidays.json` in the data folder: derived, for one country and one release of the library.

    What is not there, or cannot be read, is worked out anew; what cannot be written is not kept.
    """

    def __init__(self, data: Path, country: str, subdivision: str, *, read_only: bool = False) -> None:
        self._data = data
        self.path = data / "holidays.json"
        self._place = f"{country}/{subdivision}".upper()
        self._read_only = read_only

    def read(self) -> Years:
        """The days of each year that is known; none when the file is of another country or library."""
        try:
            kept = json.loads(read_regular(self.path))
            if kept["place"] != self._place or kept["library"] != _library():
                return {}
            return {
                int(year): frozenset(map(date.fromisoformat, days)) for year, days in kept["years"].items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return {}

    def keep(self, years: Mapping[int, Iterable[date]]) -> None:
        """Keep the days of these years beside what is known, when nobody else is writing."""
        if self._read_only or not self._data.is_dir():
            return
        from relui.store.atomic import write_atomic
        from relui.store.locks import locked

        known = {**self.read(), **years}
        kept = {
            "place": self._place,
            "library": _library(),
            "years": {str(year): sorted(map(str, known[year])) for year in sorted(known)},
        }
        with suppress(StoreError, OSError), locked(self._data / "locks", "organisation", patience=0):
            write_atomic(self.path, json.dumps(kept, indent=1).encode())


def _library() -> str:
    """What tells one release of the library from another, without importing it: its folder of metadata."""
    spec = find_spec("holidays")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        with suppress(OSError):
            names = (entry.name for entry in os.scandir(Path(folder).parent))
            return next((n for n in names if n.startswith("holidays-") and n.endswith(".dist-info")), "")
    return ""
