"""Commands of the calendar."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from relui.domain.release import Release
from relui.ui.kit.command import Command, Commands, first_of, unchangeable


class _Cursor(Protocol):
    def no_release(self) -> str: ...


class _Moving(Protocol):
    def release_here(self) -> Release | None: ...


class _Calendar(Protocol):
    @property
    def cursor(self) -> _Cursor: ...
    @property
    def moving(self) -> _Moving: ...


def _no_release(screen: _Calendar) -> str:
    return screen.cursor.no_release() if screen.moving.release_here() is None else ""


def _no_slot(screen: _Calendar) -> str:
    release = screen.moving.release_here()
    if release is not None and release.booking is None:
        return f"{release.id} holds no slot: there is nothing to give back."
    return ""


_calendar = partial(Command, section="Calendar")
_entry = partial(Command, section="Entries", refused=unchangeable)

# fmt: off
CALENDAR: Commands = (
    _calendar("calendar-open", "Open", ("enter",), "open_here",
              "Open the release under the cursor, edit the entry there; while moving, book.", rank=1),
    _calendar("calendar-checklist", "Checklist", ("2",), "open_checklist",
              "Open the checklist of the selected release.", refused=_no_release),
    _calendar("calendar-move", "Move", ("m",), "moving.begin",
        "Move the selected release: j k by 15 minutes, h l by a day; Enter books it there, Esc puts it back.",
        rank=2, refused=first_of(_no_release, unchangeable)),
    _calendar("calendar-book", "Book", ("b",), "moving.book_here",
              "Book the selected release where it stands.",
              rank=3, refused=first_of(_no_release, unchangeable)),
    _calendar("calendar-free", "Free slots", ("f",), "moving.choose_free_slot",
        "Choose among the next free slots of the selected release, with why earlier ones were passed over.",
        rank=4, refused=_no_release),
    _calendar("calendar-give-back", "Give back", ("D",), "moving.give_back",
              "Give the slot of the selected release back, with a reason; its go-live stays as a plan.",
              refused=first_of(_no_slot, _no_release, unchangeable)),
    _calendar("calendar-view", "Week/month/agenda", ("v",), "next_view",
              "Show the week, the month or the agenda, in turn.", rank=5),
    _calendar("calendar-previous", "Earlier", ("left_square_bracket",), "turn_page",
              "The week, month or agenda before.", given=-1),
    _calendar("calendar-next", "Later", ("right_square_bracket",), "turn_page",
              "The next week, month or agenda.", given=1),
    _calendar("calendar-today", "Today", ("t",), "cursor.go_to_now", "Put the cursor on now.", rank=7),
    _calendar("calendar-date", "Go to date", ("d",), "ask_day", "Go to a date."),
    _calendar("calendar-filter", "Filter", ("slash",), "start_filter",
              "Show only what has these words: service, identifier, name, kind."),
    _calendar("calendar-left", "Day before", ("h", "left", "H", "shift+left"), "sideways",
              "One day back; while moving, the release goes there.", given=-1),
    _calendar("calendar-right", "Day after", ("l", "right", "L", "shift+right"), "sideways",
              "One day on; while moving, the release goes there.", given=1),
    _calendar("calendar-next-thing", "Next thing", ("n",), "cursor.next_thing",
              "Select the next thing in the calendar.", given=1),
    _calendar("calendar-previous-thing", "Thing before", ("N",), "cursor.next_thing",
              "Select the thing before.", given=-1),
    _calendar("calendar-next-release", "Next release", ("tab",), "next_release",
              "Select the next release, on whatever page it stands.", given=1, rank=6),
    _calendar("calendar-previous-release", "Release before", ("shift+tab",), "next_release",
              "Select the release before, on whatever page it stands.", given=-1),
    _entry("new-window", "Window", ("W",), "editing.new_entry",
           "Make a window: when production may be deployed to.", given="window", rank=8),
    _entry("new-blackout", "Blackout", ("B",), "editing.new_entry",
           "Make a blackout: when nothing may go live but emergencies.", given="blackout", rank=9),
    _entry("new-maintenance", "Maintenance", ("M",), "editing.new_entry",
           "Make a time of infrastructure maintenance.", given="maintenance", rank=10),
    _entry("new-event", "Event", ("O",), "editing.new_entry",
           "Make an organisational event, for the services that matter more during it.",
           given="event", rank=11),
    _entry("new-absence", "Absence", ("A",), "editing.new_absence",
           "Enter on which days somebody is away.", rank=12),
    _entry("calendar-edit", "Edit", ("e",), "editing.edit_here",
           "Edit the entry, absence or release under the cursor."),
    _entry("calendar-delete", "Delete", ("delete",), "editing.delete_here",
           "Delete the entry or absence under the cursor, after a question; its log stays."),
    _entry("edit-members", "Services, people", ("S",), "editing.edit_members",
           "Make, edit or remove a service or a person, with what that does to releases."),
    _entry("edit-organisation", "Organisation", ("E",), "editing.edit_organisation",
           "Edit services, people, teams, holidays, entries and policy in your own editor ($EDITOR)."),
)
# fmt: on
