"""Copying that also works over SSH: the system's clipboard when it is here, else OSC 52, wrapped for tmux."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

from textual.app import App

from relui.ui.terminal.textual_private import write_raw

OSC_LIMIT = 74_000
"""Bytes of base64 that terminals take in one OSC 52; longer ones are dropped by many."""

_TOOLS = (
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
    ("DISPLAY", ("xsel", "--clipboard", "--input")),
)


def copy(app: App[Any], text: str, env: Mapping[str, str] = os.environ) -> str:
    """Put `text` on the clipboard and say how, in words."""
    tool = local_tool(env)
    if tool is not None and _by_tool(tool, text):
        return f"copied with {tool[0]}"
    encoded = base64.b64encode(text.encode()).decode()
    if len(encoded) > OSC_LIMIT:
        return "too long for the terminal's clipboard; it is shown here instead"
    if not write_raw(app, osc52(encoded, env)):  # Textual offers only a bare OSC 52, which tmux swallows
        app.copy_to_clipboard(text)
    return "sent to the terminal's clipboard (OSC 52)"


def osc52(encoded: str, env: Mapping[str, str]) -> str:
    """The escape sequence that sets a terminal's clipboard; inside tmux it is passed through as well."""
    bare = f"\x1b]52;c;{encoded}\x07"
    if not env.get("TMUX"):
        return bare
    # tmux itself takes the bare one (set-clipboard on), and hands the wrapped one to the outer terminal.
    return bare + "\x1bPtmux;" + bare.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def local_tool(env: Mapping[str, str]) -> tuple[str, ...] | None:
    """The clipboard command of this desktop; none over SSH: it would be the wrong desktop."""
    if env.get("SSH_CONNECTION") or env.get("SSH_TTY"):
        return None
    if shutil.which("pbcopy"):
        return ("pbcopy",)
    for variable, command in _TOOLS:
        if env.get(variable) and shutil.which(command[0]):
            return command
    return None


def _by_tool(command: tuple[str, ...], text: str) -> bool:
    try:
        ended = subprocess.run(command, input=text.encode(), timeout=2, check=False, capture_output=True)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0
