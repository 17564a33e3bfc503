"""Keeping what is typed when the app has to end at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relui.errors import ReluiError

if TYPE_CHECKING:
    from relui.ui.kit.desk_app import DeskApp


def keep_drafts(app: DeskApp) -> None:
    """Write what every open dialog and form says would be lost. A full disk does not stop the others."""
    for screen in app.screen_stack:
        drafted: dict[str, dict[str, str]] = getattr(screen, "drafted", {})
        for name, texts in drafted.items():
            try:
                app.keep_draft(name, texts)
            except ReluiError:  # the app is ending; what can be kept is kept
                continue
