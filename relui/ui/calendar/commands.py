"""Commands of the calendar."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, ClassVar

from relui.domain.calendar.entries import Kind
from relui.ui.kit.command import CommandClass, Commands, declared

if TYPE_CHECKING:
    from relui.ui.calendar.screen import CalendarScreen


class _OnCalendar(CommandClass):
    section = "Calendar"


class _Changing(_OnCalendar):
    """What writes: refused on a calendar that cannot be changed."""

    @classmethod
    def refusal(cls, screen: CalendarScreen) -> str:
        return screen.why_unchangeable()


class _OnRelease(_Changing):
    @classmethod
    def refusal(cls, screen: CalendarScreen) -> str:
        if screen.release_here() is None:
            return screen.no_release()
        return screen.why_unchangeable()


class OpenHere(_OnCalendar):
    """Open the release under the cursor, edit the entry there; while moving, book."""

    id, title, keys, rank = "calendar-open", "Open", ("enter",), 1

    @classmethod
    def run(cls, screen: CalendarScreen) -> Awaitable[None] | None:
        return screen.open_here()


class OpenChecklist(_OnCalendar):
    """Open the checklist of the selected release."""

    id, title, keys = "calendar-checklist", "Checklist", ("2",)

    @classmethod
    def refusal(cls, screen: CalendarScreen) -> str:
        return "" if screen.release_here() else screen.no_release()

    @classmethod
    def run(cls, screen: CalendarScreen) -> None:
        screen.open_checklist()


class MoveRelease(_OnRelease):
    """Move the selected release: j k by 15 minutes, h l by a day; Enter books it there, Esc puts it back."""

    id, title, keys, rank = "calendar-move", "Move", ("m",), 2

    @classmethod
    def run(cls, screen: CalendarScreen) -> None:
        screen.begin_move()


class BookHere(_OnRelease):
    """Book the selected release where it stands."""

    id, title, keys, rank = "calendar-book", "Book", ("b",), 3

    @classmethod
    def run(cls, screen: CalendarScreen) -> Awaitable[None]:
        return screen.book_here()


class FreeSlots(_OnRelease):
    """Choose among the next free slots of the selected release, with why earlier ones were passed over."""

    id, title, keys, rank = "calendar-free", "Free slots", ("f",), 4

    @classmethod
    def refusal(cls, screen: CalendarScreen) -> str:
        return "" if screen.release_here() else screen.no_release()

    @classmethod
    def run(cls, screen: CalendarScreen) -> Awaitable[None]:
        return screen.choose_free_slot()


class GiveBack(_OnRelease):
    """Give the slot of the selected release back, with a reason; its go-live stays as a plan."""

    id, title, keys = "calendar-give-back", "Give back", ("D",)

    @classmethod
    def refusal(cls, screen: CalendarScreen) -> str:
        release = screen.release_here()
        if release is not None and release.booking is None:
            return f"{release.id} holds no slot: there is nothing to give back."
        return super().refusal(screen)

    @classmethod
    def run(cls, screen: CalendarScreen) -> Awaitable[None]:
        return screen.give_back()


class CycleView(_OnCalendar):
    """Show the week, the month or the agenda, in turn."""

    id, title, keys, rank = "calendar-view", "Week/month/agenda", ("v",), 5

    @classmethod
    def run(cls, screen: CalendarScreen) -> None:
        screen.next_view()


class PreviousPage(_OnCalendar):
    """The week, month or agenda before."""

    id, title, keys = "calendar-previous", "Earlier", ("left_square_bracket",)

    @classmethod
    def run(cls, screen: CalendarScreen) -> None:
        screen.turn_page(-1)


class NextPage(_OnCalendar):
    """The next week, month or agenda."""

    id, title, keys = "calendar-next", "Later", ("right_square_bracket",)

    @classmethod
    def run(cls, screen: CalendarScreen) -> None:
        screen.turn_page(1)


class Today(_OnCalendar):
    """Put the cursor on now."""

    id, title, keys, rank = "calendar-today", "Today", ("t",), 7

    @classmethod
    def run(cls, screen: CalendarScreen) -> None:
        screen.go_to_now()


class GoToDay(_OnCalendar):
    """Go to a date."""

    id, title, keys = "calendar-date", "Go to date", ("d",)

    @classmethod
    def run(cls, screen: CalendarScreen) -> Awaitable[None]:
        return screen.ask_day()


class FilterCalendar(_OnCalendar):
    """Show only what has these words: service, identifier, name, kind."""

    id, title, keys = "calendar-filter", "Filter", ("slash",)

    @classmethod
    def run(cls, screen: CalendarScreen) -> None:
        screen.start_filter()


class DayBefore(_OnCalendar):
    """One day back; while moving, the release goes there."""

    id, title, keys = "calendar-left", "Day before", ("h", "left", "H", "shift+left")

    @classmethod
    def run(cls, screen: CalendarScreen) -> None:
        screen.sideways(-1)


class DayAfter(_OnCalendar):
    """One day on; while moving, the release goes there."""

    id, title, keys = "calendar-right", "Day after", ("l", "right", "L", "shift+right")

    @classmethod
    def run(cls, screen: CalendarScreen) -> None:
        screen.sideways(1)


class NextThing(_OnCalendar):
    """Select the next thing in the calendar."""

    id, title, keys = "calendar-next-thing", "Next thing", ("n",)

    @classmethod
    def run(cls, screen: CalendarScreen) -> None:
        screen.next_thing(1)


class PreviousThing(_OnCalendar):
    """Select the thing before."""

    id, title, keys = "calendar-previous-thing", "Thing before", ("N",)

    @classmethod
    def run(cls, screen: CalendarScreen) -> None:
        screen.next_thing(-1)


class NextRelease(_OnCalendar):
    """Select the next release, on whatever page it stands."""

    id, title, keys, rank = "calendar-next-release", "Next release", ("tab",), 6

    @classmethod
    def run(cls, screen: CalendarScreen) -> None:
        screen.next_release(1)


class PreviousRelease(_OnCalendar):
    """Select the release before, on whatever page it stands."""

    id, title, keys = "calendar-previous-release", "Release before", ("shift+tab",)

    @classmethod
    def run(cls, screen: CalendarScreen) -> None:
        screen.next_release(-1)


class _New(_Changing):
    section = "Entries"
    kind: ClassVar[Kind]

    @classmethod
    def run(cls, screen: CalendarScreen) -> Awaitable[None]:
        return screen.new_entry(cls.kind)


class NewWindow(_New):
    """Make a window: when production may be deployed to."""

    id, title, keys, kind, rank = "new-window", "Window", ("W",), "window", 8


class NewBlackout(_New):
    """Make a blackout: when nothing may go live but emergencies."""

    id, title, keys, kind, rank = "new-blackout", "Blackout", ("B",), "blackout", 9


class NewMaintenance(_New):
    """Make a time of infrastructure maintenance."""

    id, title, keys, kind, rank = "new-maintenance", "Maintenance", ("M",), "maintenance", 10


class NewEvent(_New):
    """Make an organisational event, for the services that matter more during it."""

    id, title, keys, kind, rank = "new-event", "Event", ("O",), "event", 11


class NewAbsence(_Changing):
    """Enter on which days somebody is away."""

    id, title, keys, section, rank = "new-absence", "Absence", ("A",), "Entries", 12

    @classmethod
    def run(cls, screen: CalendarScreen) -> Awaitable[None]:
        return screen.new_absence()


class EditHere(_Changing):
    """Edit the entry, absence or release under the cursor."""

    id, title, keys, section = "calendar-edit", "Edit", ("e",), "Entries"

    @classmethod
    def run(cls, screen: CalendarScreen) -> Awaitable[None]:
        return screen.edit_here()


class DeleteHere(_Changing):
    """Delete the entry or absence under the cursor, after a question; its log stays."""

    id, title, keys, section = "calendar-delete", "Delete", ("delete",), "Entries"

    @classmethod
    def run(cls, screen: CalendarScreen) -> Awaitable[None]:
        return screen.delete_here()


class EditMembers(_Changing):
    """Make, edit or remove a service or a person, with what that does to releases."""

    id, title, keys, section = "edit-members", "Services, people", ("S",), "Entries"

    @classmethod
    def run(cls, screen: CalendarScreen) -> Awaitable[None]:
        return screen.edit_members()


class EditOrganisation(_Changing):
    """Edit services, people, teams, holidays, entries and policy in your own editor ($EDITOR)."""

    id, title, keys, section = "edit-organisation", "Organisation", ("E",), "Entries"

    @classmethod
    def run(cls, screen: CalendarScreen) -> Awaitable[None]:
        return screen.edit_organisation()


CALENDAR: Commands = declared(
    OpenHere,
    OpenChecklist,
    MoveRelease,
    BookHere,
    FreeSlots,
    GiveBack,
    CycleView,
    PreviousPage,
    NextPage,
    Today,
    GoToDay,
    FilterCalendar,
    DayBefore,
    DayAfter,
    NextThing,
    PreviousThing,
    NextRelease,
    PreviousRelease,
    NewWindow,
    NewBlackout,
    NewMaintenance,
    NewEvent,
    NewAbsence,
    EditHere,
    DeleteHere,
    EditMembers,
    EditOrganisation,
)
