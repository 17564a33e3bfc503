"""The loop is closed: what a retrospective changes becomes an action, and stands on the next release [S0.9].

An action lives in a file of its own (`relui/store/state_files.py`). A release is written first and the action
after it; what a kill in between leaves is brought in line by the next start. No lock of a release is taken
while that of the actions is held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from relui.desk.act import Done
from relui.domain.log import Act, Entry, Head, IntegrityCheck, Seal, verify
from relui.domain.patches import Document
from relui.errors import Refused, ReluiError
from relui.store.records import SCHEMA, document_of
from relui.store.seam import refuse_read_only

if TYPE_CHECKING:
    from relui.desk.journal import Journal, Rule
    from relui.desk.organisation import OrganisationActs
    from relui.domain.learning.actions import Action, ActionState, Learned, Step
    from relui.domain.release import Release
    from relui.domain.ruling import Ruling
    from relui.loading.template_making import TemplateChange
    from relui.loading.templates import TemplateLibrary


class Acted(Struct, frozen=True):
    """An action after an act on it: whether anything was written, and what else changed with it."""

    action: Action
    changed: bool
    told: tuple[str, ...] = ()


class LearningActs:
    """Actions, and what keeps them and the releases in line."""

    def __init__(
        self, journal: Journal, organisation: OrganisationActs, library: Callable[[], TemplateLibrary]
    ) -> None:
        self._journal, self._store = journal, journal.store
        self._organisation = organisation
        self._library = library

    def read(self) -> Learned:
        """Everything that was learned, as it is on disk now."""
        return self._store.learned.load()

    def actions(self, *, service: str = "", everything: bool = False) -> tuple[Action, ...]:
        """The open actions, the oldest first; of one service only, with the settled ones too, when asked."""
        from relui.domain.learning.actions import sorted_by_age

        wanted = service.strip().casefold()
        return sorted_by_age(
            [
                each
                for each in self.read().actions
                if (everything or each.open) and wanted in ("", each.service.casefold())
            ]
        )

    def actions_stand_on(self) -> dict[str, str]:
        """Where open actions stand now: the action -> the active release on whose checklist it is open."""
        from relui.domain.learning.carrying import carried_by

        return {
            name: release.id
            for release in self._journal.active().releases
            for name, node in carried_by(release).items()
            if not node.state.resolved
        }

    def actions_before(self, release_id: str) -> tuple[Action, ...]:
        """The actions that a release began with or was given: those of earlier retrospectives."""
        from relui.domain.learning.carrying import carried_by

        release, learned = self._journal.open(release_id).release, self.read()
        there = carried_by(release)
        return tuple(each for each in learned.actions if each.id in there)

    def learned_before(self, release: Release) -> tuple[Release | None, tuple[Action, ...]]:
        """The service's last release before this one whose retrospective says what to do next, and the
        actions that it raised. Of its last five alone: reading a record takes its time.
        """
        rows = [
            row
            for row in self._store.catalogue.summaries()
            if row.service == release.service and row.go_live < release.go_live and row.id != release.id
        ]
        rows.sort(key=lambda row: row.go_live, reverse=True)
        earlier = (self._journal.open(row.id).release for row in rows[:5])
        found = next((one for one in earlier if one.retrospective.next.strip()), None)
        return found, self.read().of_release(found.id) if found is not None else ()

    def raise_action(self, release_id: str, text: str, owner: str = "") -> Acted:
        """Raise one more action of a release, archived or not, by hand. Raises BadInput for an empty text."""
        from relui.domain.learning.actions import raise_action

        self._organisation.admit()
        release = self._journal.open(release_id).release
        owner = self._organisation.read().checked_person(owner.strip()) if owner.strip() else ""

        def step(learned: Learned) -> Step:
            by, now = self._journal.actor.name, self._journal.clock.now()
            return raise_action(learned, release, text, by, now, owner=owner, source="hand")

        after, _ = self.learn(step)
        return Acted(after.actions[-1], True, self.carry_actions())

    def finish_action(self, name: str, note: str = "") -> Acted:
        """An action is done: its items on active releases are ticked with it."""
        return self._settle(name, "done", note)

    def drop_action(self, name: str, reason: str) -> Acted:
        """An action is not wanted any more, with a reason: its items are left out for it."""
        return self._settle(name, "dropped", reason)

    def reopen_action(self, name: str) -> Acted:
        """An action was settled by mistake: it is open again, and comes back on the next release."""
        return self._settle(name, "open", "")

    def reassign_action(self, name: str, owner: str) -> Acted:
        """Another person owns the action. Raises BadInput for nobody the organisation knows."""
        from relui.domain.learning.actions import reassign

        self._organisation.admit()
        known = self._organisation.read().checked_person(owner.strip())
        after, changed = self.learn(lambda learned: reassign(learned, name, known))
        return Acted(after.action(name), changed)

    def _settle(self, name: str, state: ActionState, reason: str) -> Acted:
        from relui.domain.learning.actions import settle

        self._organisation.admit()

        def step(learned: Learned) -> Step:
            return settle(learned, name, state, self._journal.actor.name, self._journal.clock.now(), reason)

        after, changed = self.learn(step)
        action = after.action(name)
        told = self._items_settled(action) if changed else ()
        return Acted(action, changed, told or (self.carry_actions() if changed else ()))

    def _items_settled(self, action: Action) -> tuple[str, ...]:
        """Tick, leave out or open again the items of an action on the active releases."""
        from relui.domain.checklist import State
        from relui.domain.learning.carrying import carried_by

        told: list[str] = []
        words = {"done": "Ticked", "dropped": "Left out", "open": "Open again"}[action.state]
        for release in self._journal.active().releases:
            node = carried_by(release).get(action.id)
            if node is None or node.item is None or (node.state is State.OPEN) is action.open:
                continue
            if node.item.origin == action.release:
                with suppress(ReluiError):  # somebody else was first: the action is settled all the same
                    self._journal.change(release.id, self._item_rule(node.path, action))
                    told.append(f"{words} on {release.id}.")
        return tuple(told)

    def _item_rule(self, path: str, action: Action) -> Rule:
        from relui.domain.marking import Details as Given
        from relui.domain.marking import not_applicable, tick, untick

        if action.open:
            return lambda latest, by, now: untick(latest, [path], by, now)
        if action.state == "done":
            note = Given(note=action.reason or None)
            return lambda latest, by, now: tick(latest, [path], by, now, note, early=True)
        return lambda latest, by, now: not_applicable(latest, [path], by, now, action.reason)

    def learn(self, step: Callable[[Learned], Step]) -> tuple[Learned, bool]:
        """Change what was learned as `step` says, durably; it is not written when nothing changed.

        Raises what the step raises, StoreError.
        """
        file = self._store.learned
        reached: list[Learned] = []

        def apply(state: Document, head: Head) -> tuple[Document, Entry] | None:
            after, words = step(file.read(state))
            reached.append(after)
            if not words:
                return None
            document = {"schema": SCHEMA, **document_of(after)}
            act = Act("learn", words, reversible=False)
            return document, self._journal.signing.entry(head, act, state, document)

        before = file.stamp()
        file.change(apply)
        return reached[-1], file.stamp() != before

    def follow(self, release: Release) -> None:
        """Bring the actions in line with one release: its retrospective, its ticked items.

        Raises StoreError.
        """
        self._follow((release,))
        self.carry_actions()

    def _follow(self, releases: Iterable[Release]) -> None:
        from relui.domain.learning import actions, carrying

        known = self.read()
        looked_at = [each for each in releases if _concerns(each, known)]
        if not looked_at:
            return

        def step(learned: Learned) -> Step:
            words: list[str] = []
            now = self._journal.clock.now()
            for release in looked_at:
                learned, said = actions.follow(learned, release, self._journal.actor.name, now)
                words += [said] if said else []
                by_id = {each.id: each for each in learned.actions}
                for each in carrying.settlings(release, by_id):
                    state: ActionState = "done" if each.done else "open"
                    by = each.by or self._journal.actor.name
                    learned, said = actions.settle(
                        learned, each.action, state, by, now, where=release.id if each.done else ""
                    )
                    words += [f"{said} on {release.id}"] if said else []
            return learned, "; ".join(words)

        self.learn(step)

    def finish_additions(self) -> None:
        """Raise the actions of retrospectives that were added to the archive, where a kill left that out.

        Raises StoreError; nothing is done when opened read-only.
        """
        if self._journal.read_only:
            return
        added = [row.id for row in self._store.catalogue.summaries() if row.retrospective == "added"]
        known = {each.release for each in self.read().actions} if added else set()
        for release_id in added:
            if release_id not in known:
                self.follow(self._store.releases.load(release_id).release)

    def carry_actions(self) -> tuple[str, ...]:
        """Put open actions on the next release of their service, where they do not stand already.

        Returns what was done, in words. For the start of the app, too: it brings in line what a kill, an
        undo or an import has left. Raises StoreError; nothing is done when opened read-only.
        """
        if self._journal.read_only:
            return ()
        from relui.domain.learning import carrying

        releases = self._journal.active().releases
        self._follow(releases)
        learned = self.read()
        told: list[str] = []
        for release_id, each in carrying.to_carry(
            learned.actions, releases, self._journal.clock.now()
        ).items():
            names = [action.id for action in each]
            with suppress(Refused):  # closed or deployed a moment ago
                done = self._journal.change(release_id, partial(_carry, actions=each))
                if done.changed:
                    told.append(
                        f"{', '.join(names)} now {'stands' if len(names) == 1 else 'stand'} on {release_id}."
                    )
            self.carried(names, release_id)
        return tuple(told)

    def carried(self, names: Iterable[str], release_id: str) -> None:
        """Remember that actions were put on a release: it does not get them twice."""
        from relui.domain.learning.actions import noted

        names = tuple(names)
        if not names:
            return

        def mark(action: Action) -> Action:
            if release_id in action.carried:
                return action
            return replace(action, carried=(*action.carried, release_id))

        self.learn(lambda learned: noted(learned, names, mark, f"{', '.join(names)} went to {release_id}"))

    def write_retrospective(self, release_id: str, given: Mapping[str, str], owner: str = "") -> Done:
        """Write answers of the retrospective; what changes next becomes an action of `owner`.

        Without an owner it is the release's. On an archived release all of them are written [S0.9]. Raises
        BadInput for nobody the organisation knows.
        """
        from relui.domain.closing import write_retrospective

        known = self._organisation.read().checked_person(owner.strip()) if owner.strip() else ""
        before = {each.id for each in self.read().actions} if known else set()
        closed = self._journal.open(release_id).release.closed
        done = self._journal.change(
            release_id, lambda release, _by, now: write_retrospective(release, given, now), addition=closed
        )
        if known:
            for each in self.read().of_release(done.release.id):
                if each.open and each.id not in before:
                    self.reassign_action(each.id, known)
        return done

    def verify(self, *, seals: Sequence[Seal] = ()) -> IntegrityCheck:
        """Check the log of the actions against itself and its state."""
        file = self._store.learned
        return verify("actions", file.state(), file.log(), seals=seals)

    def template_change(self, name: str, template: str, phase: str = "") -> TemplateChange:
        """An action as a step of a template of one's own: the text and the diff, nothing is written yet.

        Raises BadInput for an unknown action, template or phase, Refused for a step that is there already.
        """
        from relui.loading.template_making import with_step

        return with_step(self._library(), self.read().action(name), template, phase)

    def take_into_template(self, change: TemplateChange, own: Path) -> Path:
        """Write the template of `template_change` as the person's own, in the folder `own`.

        The action is done with it: from now on each new release has the step. Raises Refused when the
        template was changed meanwhile, StoreError.
        """
        from relui.domain.learning import actions
        from relui.files import ensure_folder, write_atomic
        from relui.loading.template_making import target_of

        refuse_read_only(self._journal.read_only)
        again = self.template_change(change.action, change.template, change.phase)
        if again.before != change.before:
            raise Refused(f"The template {change.template} was changed meanwhile. Look at the diff again.")
        target = target_of(self._library(), change, own)
        ensure_folder(own)
        write_atomic(target, change.after.encode())

        def step(learned: Learned) -> Step:
            words = f"took {change.action} into the template {change.template}"
            if learned.action(change.action).open:
                by, now = self._journal.actor.name, self._journal.clock.now()
                learned, _ = actions.settle(learned, change.action, "done", by, now, words)
            return actions.noted(
                learned, (change.action,), lambda action: replace(action, template=change.template), words
            )

        self.learn(step)
        return target


def _concerns(release: Release, known: Learned) -> bool:
    """It has something to do with actions; most releases have not, and need no lock."""
    return bool(
        release.retrospective.next
        or any(each.release == release.id for each in known.actions)
        or any(item.id.startswith("action-") for phase in release.phases for item in phase.items)
        or (release.closing is not None and release.dossier.decisions)
    )


def _carry(release: Release, _by: str, now: datetime, *, actions: Sequence[Action]) -> Ruling:
    from relui.domain.learning.carrying import carry

    return carry(release, actions, now)
