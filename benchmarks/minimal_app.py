"""The reference for the first paint: the least that a Textual app can show."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Label

TEXT = "minimal-app-is-painted"


class MinimalApp(App[None]):
    """One label."""

    def compose(self) -> ComposeResult:
        """The label."""
        yield Label(TEXT)


if __name__ == "__main__":
    MinimalApp().run()
