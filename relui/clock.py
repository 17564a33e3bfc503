"""Now, here and who: the three facts about the host, each from one place (docs/guide.md).

RELUI_NOW, RELUI_ZONE and RELUI_USER replace them for demos, screenshots and tests.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from relui.domain.instants import parse_instant, zone_named
from relui.domain.log import Actor
from relui.domain.text import one_line
from relui.errors import BadInput

FROZEN = "frozen:"
"""What RELUI_NOW begins with when its clock stands still."""
_LAST_START = datetime(9000, 1, 1, tzinfo=UTC)


class Clock:
    """The one source of `now`: the host's clock, or one that RELUI_NOW started.

    `simulated` is True for the latter, so that what is written meanwhile can be marked.
    """

    __slots__ = ("_since", "_start", "simulated")

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        """`start` is an aware instant to run from, or to stand at when `frozen`; None is the host's clock."""
        self.simulated = start is not None
        self._start = start if start is None else start.astimezone(UTC)
        self._since = None if frozen else time.monotonic()

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        if self._start is None:
            return datetime.now(UTC)
        if self._since is None:
            return self._start
        return self._start + timedelta(seconds=time.monotonic() - self._since)


def clock_from(env: Mapping[str, str]) -> Clock:
    """The clock that RELUI_NOW asks for.

    Unset or empty: the host's clock. An ISO 8601 instant: starts there and runs. `frozen:` and an
    instant: stands still. An instant without an offset is UTC. Raises BadInput that names RELUI_NOW.
    """
    wanted = env.get("RELUI_NOW", "").strip()
    if not wanted:
        return Clock()
    frozen = wanted.startswith(FROZEN)
    try:
        start = parse_instant(wanted.removeprefix(FROZEN), "UTC").at
    except BadInput as error:
        raise BadInput(f"RELUI_NOW: {error.message}") from None
    if start >= _LAST_START:
        raise BadInput(f"RELUI_NOW: '{wanted}' is too far away. Choose an instant before the year 9000.")
    return Clock(start, frozen=frozen)


def host_zone(env: Mapping[str, str], settings_zone: str = "") -> str:
    """The IANA name of the zone to show times in: RELUI_ZONE, the settings', the host's, or UTC.

    Raises BadInput with the nearest right name when one that a person chose does not exist.
    """
    for source, wanted in (("RELUI_ZONE", env.get("RELUI_ZONE", "").strip()), ("settings", settings_zone)):
        if wanted:
            try:
                zone_named(wanted)
            except BadInput as error:
                raise BadInput(f"{source}: {error.message}") from None
            return wanted
    return _zone_of_host()


def _zone_of_host() -> str:
    import warnings

    import tzlocal

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a host without a zone is no news for a release owner
            found = tzlocal.get_localzone_name()
        if found:
            zone_named(found)
            return found
    except (
        BadInput,
        KeyError,
        OSError,
        ValueError,
    ):  # a POSIX rule in TZ, or files that contradict each other
        pass
    return "UTC"


def who_am_i(env: Mapping[str, str], acting_as: str | None, settings_user: str = "") -> Actor:
    """Who acts: `acting_as` (--as), else RELUI_USER, else the settings' user, else the account itself.

    Never fails for want of an account. Raises BadInput when `acting_as` has no visible character, or
    a name is far too long.
    """
    account = _account()
    if acting_as is not None:
        return Actor(account, one_line(acting_as, what="The name behind --as", required=True))
    for what, wanted in (
        ("RELUI_USER", env.get("RELUI_USER", "")),
        ("The user in the settings", settings_user),
    ):
        name = one_line(wanted, what=what)
        if name:
            return Actor(account, name)
    return Actor(account, account)


def _account() -> str:
    """The login of this process, from the system and not from LOGNAME, which anybody can set."""
    if not hasattr(os, "getuid"):  # not a POSIX system
        import getpass

        try:
            return one_line(getpass.getuser(), what="The account") or "unknown"
        except (ImportError, KeyError, OSError):
            return "unknown"
    import pwd

    uid = os.getuid()
    try:
        return one_line(pwd.getpwuid(uid).pw_name, what="The account") or str(uid)
    except KeyError:  # a container may run under a number without a name
        return str(uid)
