"""The way to a release's retrospective, from any screen [S0.9]."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relui.ui.kit.asker import Asker


def show_retrospective(screen: Asker, release_id: str) -> None:
    """Open it over the screen; of an archived release, read-only."""
    from relui.ui.retrospective.screen import RetrospectiveScreen

    screen.app.push_screen(RetrospectiveScreen(release_id))


async def write_retrospective(screen: Asker, release_id: str) -> None:
    """Open it on the way to finishing the release, and wait until it is left with F, Esc or `q`."""
    from relui.ui.retrospective.screen import RetrospectiveScreen

    await screen.app.push_screen_wait(RetrospectiveScreen(release_id, finishing=True))
