"""What a person may set for themselves in `<config>/settings.yaml`. Every key is optional."""

from __future__ import annotations

from msgspec import Struct

SIGNS = ("ascii", "unicode")
"""The sets of state signs: `[x] [ ] [~] [-] [!]`, or single characters that some fonts lack."""


class Settings(Struct, frozen=True):
    """The settings of one person. The file is read by relui/loading/settings.py; DESCRIBED documents it."""

    theme: str = "relui-dark"
    zone: str = ""
    user: str = ""
    default_template: str = "standard"
    signs: str = "ascii"
    mouse: bool = True


DESCRIBED = {
    "theme": "Colour theme: relui-dark, relui-light, high-contrast, terminal, plain, or one of your own.",
    "zone": "Time zone to show times in, such as Europe/London. Empty: the organisation's, else the host's.",
    "user": "Name to act under; --as and RELUI_USER go before it. Empty: the account on the host.",
    "default_template": "Template that a new release starts with.",
    "signs": "State signs: ascii ([x] [ ] [~] [-] [!]) or unicode.",
    "mouse": "Whether the app listens to the mouse: true or false. Without, the terminal selects text.",
}
"""What each setting means, in one line: for help, README and the doc test."""
