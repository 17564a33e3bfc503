"""How the versions of the demo's services go up."""

from __future__ import annotations

from datetime import date

from relui.domain.identifiers import semantic
from relui.domain.release import ReleaseType

DATED = "date"
"""What stands in the inputs for the first version of a service that is versioned by date."""


class Versions:
    """The last version of each service; a service that is not listed starts at 1.0.0."""

    def __init__(self, first: dict[str, str]) -> None:
        self._last = dict(first)

    def next_for(self, service: str, type_: ReleaseType, day: date) -> tuple[str, str]:
        """The last version and the one after it, which becomes the last. `day` is that of the go-live."""
        previous = self._last.get(service, "1.0.0")
        numbers = semantic(previous)
        version = _dated(day, previous) if numbers is None else _bumped(numbers, type_)
        self._last[service] = version
        return previous, version


def _bumped(numbers: tuple[int, int, int], type_: ReleaseType) -> str:
    major, minor, patch = numbers
    if type_ == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if type_ == "minor" else f"{major}.{minor}.{patch + 1}"


def _dated(day: date, previous: str) -> str:
    """Two on one day are told apart by a number behind the date."""
    version = f"{day:%Y.%m.%d}"
    if not previous.startswith(version):
        return version
    return f"{version}.{int(previous.removeprefix(version).removeprefix('.') or 1) + 1}"
