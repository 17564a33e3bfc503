"""What every long text over a screen has: keys that scroll it, and closing without an answer."""

from __future__ import annotations

from textual.binding import Binding

from relui.ui.kit.dialog import Dialog
from relui.ui.kit.lines import Pane


class Reading(Dialog[None]):
    """Shows one pane. Subclasses say which keys close it."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("pagedown,space,ctrl+f,ctrl+d,J", "scroll(14)", show=False),
        Binding("pageup,ctrl+b,ctrl+u,K", "scroll(-14)", show=False),
        Binding("g,home", "scroll(-9999)", show=False),
        Binding("G,end", "scroll(9999)", show=False),
    ]

    def write(self) -> None:
        """Fill the pane; called when the dialog has a size, and again when that changes."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Write the lines."""
        self.call_after_refresh(self.write)

    def on_resize(self) -> None:
        """Lines depend on the width."""
        self.call_after_refresh(self.write)

    def action_close(self) -> None:
        """Close it."""
        self.dismiss(None)

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one(Pane).scroll_relative(y=by, animate=False)
