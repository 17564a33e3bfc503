"""One run of relui: what was chosen on the command line, and everything that follows from it, made late.

Nothing is read before a command asks for it. This module imports no click: the app starts without it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from relui.cli.output import Output

if TYPE_CHECKING:
    from relui.clock import Clock
    from relui.desk.desk import Desk
    from relui.domain.log import Actor
    from relui.domain.release import Release
    from relui.loading.keymap import CommandKeys
    from relui.loading.message_templates import MessageLibrary
    from relui.loading.templates import TemplateLibrary
    from relui.locations import Locations
    from relui.settings import Settings

WITH_VALUE = {"--data": "data", "--as": "acting_as", "--zone": "zone"}
FLAGS = {"--json": "json", "--readonly": "readonly"}
"""The global options, and the names under which a session keeps them."""


class Session:
    """The choices of one run, and its settings, places, clock, actor and desk.

    `start` runs the app and `command_keys` names the keys of its commands; both are handed in, because the
    command line knows no screen.
    """

    def __init__(
        self,
        *,
        start: Callable[[Session, str], int],
        command_keys: Callable[[], Mapping[str, CommandKeys]],
        env: Mapping[str, str] | None = None,
    ) -> None:
        self._start = start
        self._command_keys = command_keys
        self.env = os.environ if env is None else env
        self.data: str | None = None
        self.acting_as: str | None = None
        self.zone: str | None = None
        self.json = False
        self.readonly = False
        self.settings_problems: list[str] = []

    def choose(self, name: str, value: str | bool | None) -> None:
        """Take over a global option; one that was not given leaves an earlier choice as it is."""
        if value is not None and value is not False:
            setattr(self, name, value)

    def takes_only_global_options(self, arguments: Sequence[str]) -> bool:
        """Take over `arguments` when they are nothing but global options with plain values."""
        chosen: dict[str, str | bool] = {}
        rest = iter(arguments)
        for word in rest:
            name, equals, value = word.partition("=")
            if word in FLAGS:
                chosen[FLAGS[word]] = True
            elif name in WITH_VALUE:
                given = value if equals else next(rest, None)
                if given is None:
                    return False
                chosen[WITH_VALUE[name]] = given
            else:
                return False
        for option, choice in chosen.items():
            self.choose(option, choice)
        return True

    def release(self, named: str) -> Release:
        """The release of that identifier, which may be shortened, as it is on disk."""
        return self.desk.journal.open(named).release

    def answers(self, document: Any) -> bool:
        """Whether JSON was asked for: then the document is the answer, and printed."""
        if self.json:
            self.out.document(document)
        return self.json

    @cached_property
    def out(self) -> Output:
        """Where answers and words go."""
        return Output(self.env)

    @cached_property
    def locations(self) -> Locations:
        """The folders of this run. Raises BadInput for one that cannot be."""
        from relui.locations import find_locations

        return find_locations(self.data, self.env)

    @cached_property
    def settings(self) -> Settings:
        """The person's settings; lines that were passed over are in `settings_problems`."""
        from relui.settings import Settings

        path = self.locations.settings
        try:
            if not path.exists():  # the reader costs 3 ms that most runs need not pay
                return Settings()
        except OSError as error:
            self.settings_problems.append(f"{path} cannot be read: {error.strerror}. It is passed over.")
            return Settings()
        from relui.loading.settings import load_settings

        settings, problems = load_settings(path)
        self.settings_problems += problems
        return settings

    @cached_property
    def clock(self) -> Clock:
        """The host's clock, or the one that RELUI_NOW asks for."""
        from relui.clock import clock_from

        return clock_from(self.env)

    @cached_property
    def actor(self) -> Actor:
        """Who acts."""
        from relui.clock import who_am_i

        named = self.acting_as is not None or self.env.get("RELUI_USER", "").strip()
        return who_am_i(self.env, self.acting_as, "" if named else self.settings.user)

    @cached_property
    def chosen_zone(self) -> str | None:
        """The zone that the person wants to see: --zone, RELUI_ZONE, the settings'; None when none is set.

        Raises BadInput with the nearest name for a zone that does not exist.
        """
        from relui.clock import host_zone
        from relui.domain.instants import zone_named
        from relui.errors import BadInput

        if self.zone is not None:
            try:
                zone_named(self.zone)
            except BadInput as error:
                raise BadInput(f"--zone: {error.message}") from None
            return self.zone
        wanted = self.env.get("RELUI_ZONE", "").strip() or self.settings.zone
        return host_zone(self.env, self.settings.zone) if wanted else None

    @cached_property
    def library(self) -> TemplateLibrary:
        """All templates, read when they are asked for."""
        from relui.loading.templates import TemplateLibrary

        return TemplateLibrary(self.locations.templates, self.locations.own_templates)

    def messages(self) -> MessageLibrary:
        """The templates of messages, read when they are asked for."""
        from relui.loading.message_templates import MessageLibrary

        return MessageLibrary(self.locations.messages, self.locations.own_messages)

    @cached_property
    def desk(self) -> Desk:
        """The release desk over this run's data."""
        from relui.desk.desk import Desk
        from relui.store.file_store import FileStore

        return Desk(
            FileStore(self.locations.data, read_only=self.readonly),
            data=self.locations.data,
            clock=self.clock,
            actor=self.actor,
            library=lambda: self.library,
            host_zone=self.host_zone,
            display_zone=self.chosen_zone,
            messages=self.messages,
        )

    def told_of_actor(self) -> str:
        """A word on who acted, when something was written under a name that is not listed."""
        desk: Desk | None = self.__dict__.get("desk")  # it was never made when nothing was asked of it
        return desk.organisation.stranger() if desk is not None and desk.organisation.admitted else ""

    def host_zone(self) -> str:
        """The zone to use when neither a person nor the organisation chose one."""
        from relui.clock import host_zone

        return host_zone(self.env, self.settings.zone)

    def own_file_problems(self) -> list[str]:
        """What is wrong in the files that people write for relui, by file and line."""
        from relui.loading.templates import own_file_problems

        problems = own_file_problems(self.locations, self.library, self._command_keys)
        return [*problems, *self.desk.documents.message_problems()]

    def start_app(self, note: str = "") -> int:
        """Run the app on the terminal, with a word to whoever opens it."""
        return self._start(self, note)
