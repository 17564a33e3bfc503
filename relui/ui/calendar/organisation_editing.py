"""The organisation: services and people by a form, all of it in one's own editor, with the effect shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import unified_diff
from typing import Literal

from msgspec import Struct

from relui.desk.organisation import Amended
from relui.documents.organisation_yaml import organisation_yaml
from relui.domain.calendar.editing import with_person, with_service, without_person, without_service
from relui.domain.organisation import Organisation
from relui.errors import BadInput, Refused
from relui.ui.calendar.entry_form import CheckedForm
from relui.ui.calendar.form_texts import (
    PERSON_HINTS,
    SERVICE_HINTS,
    person_of,
    person_texts,
    service_of,
    service_texts,
)
from relui.ui.kit.asker import Asker
from relui.ui.kit.form import Entry as FormLine
from relui.ui.kit.question import Choose, carry_out, confirm
from relui.ui.kit.text_editor import edit_in_editor

What = Literal["service", "person"]
_HINTS: Mapping[What, Mapping[str, str]] = {"service": SERVICE_HINTS, "person": PERSON_HINTS}
_ACTS = (("Edit", "in a form"), ("Remove", "after a question that says what it does"))


class Written(Struct, frozen=True):
    """What was written, and a sentence that says so."""

    done: Amended
    words: str


async def edit_members(screen: Asker) -> Written | None:
    """Choose a service or a person and edit or remove it, or make a new one. None: nothing was written."""
    organisation = screen.desk.organisation.read()
    rows: list[tuple[What, str]] = [("service", ""), ("person", "")]
    choices = [("New service", "something that is released"), ("New person", "who owns, signs or stands in")]
    for service in organisation.services:
        rows.append(("service", service.id))
        choices.append((service.name or service.id, f"service, {service.owner or 'no owner'}"))
    for person in organisation.people:
        rows.append(("person", person.id))
        choices.append((person.name or person.id, f"person, {', '.join(person.roles) or 'no role'}"))
    found: int | None = await screen.app.push_screen_wait(Choose("Services and people", choices))
    if found is None:
        return None
    what, id = rows[found]
    if not id:
        return await _ask(screen, what, "")
    act: int | None = await screen.app.push_screen_wait(Choose(choices[found][0], _ACTS))
    if act is None:
        return None
    return await (_ask(screen, what, id) if act == 0 else _remove(screen, what, id))


async def _ask(screen: Asker, what: What, id: str) -> Written | None:
    organisation = screen.desk.organisation.read()
    texts: dict[str, str] = {}
    if service := organisation.service(id) if what == "service" else None:
        texts = service_texts(service)
    if person := organisation.person(id) if what == "person" else None:
        texts = person_texts(person)

    def changing(values: dict[str, str]) -> Callable[[Organisation], Organisation]:
        """Onto what stands on disk by then: an absence that somebody enters meanwhile stays."""
        if what == "service":
            return lambda now: with_service(now, service_of(values, now, id))
        return lambda now: with_person(now, person_of(values, now, id))

    def meaning(values: dict[str, str]) -> Sequence[str]:
        changing(values)(organisation)
        return [f"Changes the {what} {_named(values, id)}." if id else f"Adds {_named(values, id)}."]

    def effect(values: dict[str, str]) -> Sequence[str]:
        return screen.desk.organisation.preview(changing(values))

    hints = {name: hint for name, hint in _HINTS[what].items() if not id or name != "id"}
    lines = [FormLine(name, name, texts.get(name, ""), hint) for name, hint in hints.items()]
    title = f"{texts.get('name') or id}: {what}" if id else f"New {what}"
    draft = f"organisation-{what}-{id}"
    form = CheckedForm(title, lines, meaning=meaning, effect=effect, draft=draft)
    became = "changed" if id else "added"

    def save(given: dict[str, str]) -> Written:
        done = screen.desk.organisation.amend(changing(given), f"{became} the {what} {id or given['name']}")
        return Written(done, f"{_named(given, id)} is {became}.")

    written: Written | None = await carry_out(screen, form, save)
    return written


def _named(values: Mapping[str, str], id: str) -> str:
    return values["name"].strip() or id or values.get("id", "").strip()


async def _remove(screen: Asker, what: What, id: str) -> Written | None:
    def change(now: Organisation) -> Organisation:
        return without_service(now, id) if what == "service" else without_person(now, id)

    effect = screen.desk.organisation.preview(change)
    told = "\n".join(f"! {words}" for words in effect) or "No release is affected."
    if not await confirm(screen, "Remove", f"The {what} {id} goes.\n\n{told}", yes="Remove"):
        return None
    words = f"removed the {what} {id}"
    amended = await screen.outcome(lambda: screen.desk.organisation.amend(change, words))
    return Written(amended, f"{id} is removed.")


_NAME = "organisation.yaml"


class _Meanwhile(Refused):
    """Somebody else changed the organisation since it was read."""


async def edit_organisation(screen: Asker) -> Amended | None:
    """Edit all of it as YAML, until it fits or is given up; None when nothing was saved.

    What somebody else changed meanwhile is shown above what was typed, which stays. Raises what the desk
    raises.
    """
    before = screen.desk.organisation.read()
    typed = text = organisation_yaml(before)
    while True:
        edited = edit_in_editor(screen.app, typed, "organisation", suffix=".yaml")
        if edited.strip() == text.strip():
            screen.say("Nothing changed.", "muted")
            return None
        typed = edited
        try:
            return await _saved(screen, before, typed)
        except BadInput as error:
            words = f"{error.message}\n\nNothing was saved. Go on editing what you typed?"
            if not await confirm(screen, "The organisation does not fit", words, yes="Go on editing"):
                screen.say("Nothing was saved.", "muted")
                return None
        except _Meanwhile as error:
            words = f"{error.message} The lines they changed will stand above what you typed."
            if not await confirm(screen, "Go on editing?", words, yes="Go on editing"):
                screen.say("Nothing was saved.", "muted")
                return None
            latest = screen.desk.organisation.read()
            typed = _changes(text, organisation_yaml(latest)) + typed
            before, text = latest, organisation_yaml(latest)


def _changes(before: str, latest: str) -> str:
    """The lines that somebody else took out and put in, as comments of the file."""
    lines = unified_diff(before.splitlines(), latest.splitlines(), lineterm="", n=0)
    changed = [line for line in list(lines)[2:] if not line.startswith("@@")]
    return "".join(f"# {line}\n" for line in ("Changed meanwhile (- before, + now):", *changed)) + "\n"


async def _saved(screen: Asker, before: Organisation, text: str) -> Amended | None:
    """Save what was typed once its effect was seen. Raises BadInput with the lines that do not fit."""
    from relui.loading.organisation import organisation_text

    organisation = organisation_text(text, _NAME)
    effect = screen.desk.organisation.preview(lambda _: organisation)
    told = "\n".join(f"! {words}" for words in effect) or "No release is affected."
    if not await confirm(screen, "Save the organisation", told, yes="Save"):
        screen.say("Nothing was saved.", "muted")
        return None

    def replaced(latest: Organisation) -> Organisation:
        if latest != before:
            raise _Meanwhile("Somebody else changed the organisation meanwhile: nothing was saved.")
        return organisation

    return await screen.outcome(lambda: screen.desk.organisation.amend(replaced, "edited the organisation"))
