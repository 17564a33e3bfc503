"""Which messages of which releases are late [S1.23], for lists: quick, and without the holidays' library.

Loading a country's holidays takes longer than a whole list: they are asked for only where they can decide,
and kept beside the releases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from relui.desk.core import DeskCore
from relui.domain.release import Release
from relui.errors import BadInput

if TYPE_CHECKING:
    from relui.domain.dossier.notices import Notice
    from relui.domain.organisation import Holidays


class LateNotices(DeskCore):
    """Nothing here changes a release."""

    def late_notices(self, releases: Iterable[Release]) -> Mapping[str, tuple[Notice, ...]]:
        """The messages that should have gone out by now, by release; of those that record messages.

        Raises StoreError when the organisation cannot be read.
        """
        recording = [
            release
            for release in releases
            if (release.criteria or release.dossier.decisions) and not release.closed
        ]
        if not recording:
            return {}
        from relui.domain.dossier.notices import asks_for_notice, overdue_notices, years_that_matter

        now, holidays = self.clock.now(), self.organisation().holidays
        own = self._dated(holidays)
        found: dict[str, tuple[Notice, ...]] = {}
        for release in recording:
            counts_days = holidays.country and asks_for_notice(release)
            years = years_that_matter(release, own, now) if counts_days else ()
            if late := overdue_notices(release, self._dated(holidays, years), now):
                found[release.id] = late
        return found

    def _dated(self, holidays: Holidays, years: Iterable[int] = ()) -> Holidays:
        """The same holidays as dates alone, the country's for these years only."""
        from relui.domain.organisation import Holidays

        wanted = tuple(years)
        if not wanted:
            return Holidays(dates=holidays.dates)
        from relui.store.holidays import KnownHolidays

        file = KnownHolidays(self.data, holidays.country, holidays.subdivision, read_only=self.read_only)
        known = dict(file.read())
        missing = [year for year in wanted if year not in known]
        if missing:
            from relui.domain.calendar.holidays import days_off

            try:
                worked_out = {year: days_off(holidays, year) for year in missing}
            except BadInput:  # a country that is not known: `relui doctor` says so
                return self._dated(holidays)
            file.keep(worked_out)
            known |= worked_out
        return Holidays(dates=(*holidays.dates, *(day for year in wanted for day in sorted(known[year]))))
