"""What is done with the selected release on whatever screen: opening, editing, closing, copying it."""

from __future__ import annotations

from relui.ui.kit.asker import AnyScreen


class ReleaseActs:
    """Over the release that `screen` has selected."""

    def __init__(self, screen: AnyScreen) -> None:
        self._screen = screen

    @property
    def _id(self) -> str:
        return self._screen.release_to_read()

    def checklist(self) -> None:
        """Open its checklist."""
        self._screen.relui.open_screen("checklist", self._id)

    def retrospective(self) -> None:
        """Open its retrospective; of an archived release, read-only."""
        self._screen.relui.open_screen("retrospective", self._id)

    async def edit(self) -> None:
        """Edit its own fields in one form."""
        from relui.ui.one_release.changing import edit_release

        await edit_release(self._screen, self._id)

    async def close(self) -> None:
        """Close it with an outcome."""
        from relui.ui.one_release.changing import close_release

        await close_release(self._screen, self._id)

    async def copy(self) -> None:
        """Copy something of it."""
        from relui.ui.one_release.copying import copy_from_release

        await copy_from_release(self._screen, self._id)
