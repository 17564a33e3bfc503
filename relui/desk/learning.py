"""The loop is closed: what a retrospective changes becomes an action, and stands on the next release [S0.9].

An action lives in a file of its own (`relui/store/learned.py`). A release is written first and the action
after it; what a kill in between leaves is brought in line by the next start. No lock of a release is taken
while that of the actions is held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from relui.desk.core import Done
from relui.desk.decisions import DecisionActs
from relui.domain.log import Act, Entry, Head, Seal, Verdict, next_entry, verify
from relui.domain.patches import Document, diff
from relui.errors import Refused, ReluiError, StoreError
from relui.store.records import SCHEMA, Record, document_of

if TYPE_CHECKING:
    from relui.desk.planning import Prepared, Request
    from relui.domain.learning.actions import Action, ActionState, Learned, Step
    from relui.domain.release import Release
    from relui.domain.ruling import Ruling
    from relui.store.learned import LearnedFile
    from relui.store.seam import Change

ACTION = ".action-"
"""In the path of every item that stands for an action."""


class Acted(Struct, frozen=True):
    """An action after an act on it: whether anything was written, and what else changed with it."""

    action: Action
    changed: bool
    told: tuple[str, ...] = ()


class LearningActs(DecisionActs):
    """Actions, and what keeps them and the releases in line."""

    @property
    def learned_file(self) -> LearnedFile:
        """Where actions, reviews and purges are kept."""
        from relui.store.learned import LearnedFile

        return LearnedFile(self.data, read_only=self.read_only)

    def learned(self) -> Learned:
        """Everything that was learned, as it is on disk now."""
        return self.learned_file.load()

    def actions(self, *, service: str = "", everything: bool = False) -> tuple[Action, ...]:
        """The open actions, the oldest first; of one service only, with the settled ones too, when asked."""
        from relui.domain.learning.actions import sorted_by_age

        wanted = service.strip().casefold()
        return sorted_by_age(
            [
                each
                for each in self.learned().actions
                if (everything or each.open) and wanted in ("", each.service.casefold())
            ]
        )

    def actions_stand_on(self) -> dict[str, str]:
        """Where open actions stand now: the action -> the active release on whose checklist it is open."""
        from relui.domain.learning.carrying import carried_by

        return {
            name: release.id
            for release in self.active().releases
            for name, node in carried_by(release).items()
            if not node.state.resolved
        }

    def actions_before(self, short: str) -> tuple[Action, ...]:
        """The actions that a release began with or was given: those of earlier retrospectives."""
        from relui.domain.learning.carrying import carried_by

        release, learned = self.open(short).release, self.learned()
        there = carried_by(release)
        return tuple(each for each in learned.actions if each.id in there)

    def learned_before(self, release: Release) -> tuple[Release | None, tuple[Action, ...]]:
        """The service's last release before this one whose retrospective says what to do next, and the
        actions that it raised. Of its last five alone: reading a record takes its time.
        """
        rows = [
            row
            for row in self.files.archived()
            if row.service == release.service and row.go_live < release.go_live and row.id != release.id
        ]
        rows.sort(key=lambda row: row.go_live, reverse=True)
        earlier = (self.open(row.id).release for row in rows[:5])
        found = next((one for one in earlier if one.retrospective.next.strip()), None)
        return found, self.learned().of_release(found.id) if found is not None else ()

    def raise_action(self, short: str, text: str, owner: str = "") -> Acted:
        """Raise one more action of a release, archived or not, by hand. Raises BadInput for an empty text."""
        from relui.domain.learning.actions import raise_action

        self.admit()
        release = self.open(short).release
        owner = self.organisation().checked_person(owner.strip()) if owner.strip() else ""

        def step(learned: Learned) -> Step:
            by, now = self.actor.name, self.clock.now()
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

        self.admit()
        known = self.organisation().checked_person(owner.strip())
        after, changed = self.learn(lambda learned: reassign(learned, name, known))
        return Acted(after.action(name), changed)

    def _settle(self, name: str, state: ActionState, reason: str) -> Acted:
        from relui.domain.learning.actions import settle

        self.admit()

        def step(learned: Learned) -> Step:
            return settle(learned, name, state, self.actor.name, self.clock.now(), reason)

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
        for release in self.active().releases:
            node = carried_by(release).get(action.id)
            if node is None or node.item is None or (node.state is State.OPEN) is action.open:
                continue
            if node.item.origin == action.release:
                with suppress(ReluiError):  # somebody else was first: the action is settled all the same
                    self.change(release.id, self._item_rule(node.path, action))
                    told.append(f"{words} on {release.id}.")
        return tuple(told)

    def _item_rule(self, path: str, action: Action) -> Callable[[Release], Ruling]:
        from relui.domain.marking import Record as Given
        from relui.domain.marking import skip, tick, untick

        by, now = self.actor.name, self.clock.now()
        if action.open:
            return lambda latest: untick(latest, [path], by, now)
        if action.state == "done":
            return lambda latest: tick(latest, [path], by, now, Given(note=action.reason or None), early=True)
        return lambda latest: skip(latest, [path], by, now, action.reason)

    def learn(self, step: Callable[[Learned], Step]) -> tuple[Learned, bool]:
        """Change what was learned as `step` says, durably; it is not written when nothing changed.

        Raises what the step raises, StoreError.
        """
        file = self.learned_file
        reached: list[Learned] = []

        def apply(state: Document, head: Head) -> tuple[Document, Entry] | None:
            after, words = step(file.read(state))
            reached.append(after)
            if not words:
                return None
            document = {"schema": SCHEMA, **document_of(after)}
            act = Act("learn", words, reversible=False)
            now, simulated = self.clock.now(), self.clock.simulated
            patches = diff(state, document)
            return document, next_entry(head, act, self.actor, now, patches, simulated=simulated)

        before = file.stamp()
        file.change(apply)
        return reached[-1], file.stamp() != before

    def write(self, short: str, apply: Change, *, addition: bool = False) -> Record:
        """Change a release, and then the actions that follow from its retrospective and its items."""
        before: list[Document] = []

        def watched(record: Record) -> tuple[Document, Entry] | None:
            before.append(record.state)
            return apply(record)

        record = super().write(short, watched, addition=addition)
        if before and _teaches(before[-1], record.state):
            with suppress(ReluiError):  # the release is written; the next start brings the actions in line
                self.follow(record.release)
        return record

    def follow(self, release: Release) -> None:
        """Bring the actions in line with one release: its retrospective, its ticked items.

        Raises StoreError.
        """
        self._follow((release,))
        self.carry_actions()

    def _follow(self, releases: Iterable[Release]) -> None:
        from relui.domain.learning import actions, carrying

        known = self.learned()
        looked_at = [each for each in releases if _concerns(each, known)]
        if not looked_at:
            return

        def step(learned: Learned) -> Step:
            words: list[str] = []
            now = self.clock.now()
            for release in looked_at:
                learned, said = actions.follow(learned, release, self.actor.name, now)
                words += [said] if said else []
                by_id = {each.id: each for each in learned.actions}
                for each in carrying.settlings(release, by_id):
                    state: ActionState = "done" if each.done else "open"
                    by = each.by or self.actor.name
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
        if self.read_only:
            return
        added = [row.id for row in self.files.archived() if row.retrospective == "added"]
        known = {each.release for each in self.learned().actions} if added else set()
        for release_id in added:
            if release_id not in known:
                self.follow(self.files.load(release_id).release)

    def carry_actions(self) -> tuple[str, ...]:
        """Put open actions on the next release of their service, where they do not stand already.

        Returns what was done, in words. For the start of the app, too: it brings in line what a kill, an
        undo or an import has left. Raises StoreError; nothing is done when opened read-only.
        """
        if self.read_only:
            return ()
        from relui.domain.learning import carrying

        releases = self.active().releases
        self._follow(releases)
        learned = self.learned()
        told: list[str] = []
        for release_id, each in carrying.to_carry(learned.actions, releases, self.clock.now()).items():
            names = [action.id for action in each]
            with suppress(Refused):  # closed or deployed a moment ago
                done = self.change(release_id, self._carrying_rule(each))
                if done.changed:
                    told.append(
                        f"{', '.join(names)} now {'stands' if len(names) == 1 else 'stand'} on {release_id}."
                    )
            self._carried(names, release_id)
        return tuple(told)

    def _carrying_rule(self, actions: Sequence[Action]) -> Callable[[Release], Ruling]:
        from relui.domain.learning.carrying import carry

        return lambda release: carry(release, actions, self.clock.now())

    def _carried(self, names: Iterable[str], release_id: str) -> None:
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

    def prepare(self, request: Request) -> Prepared:
        """What `new` would create, with the open actions of the service, and what is owed elsewhere."""
        from relui.domain.learning.carrying import for_new, with_actions, without_actions
        from relui.domain.learning.debts import debt_words

        prepared = super().prepare(request)
        phases, told = without_actions(prepared.phases), list(prepared.told)
        releases = self.calendar().releases
        mine: tuple[Action, ...] = ()
        try:
            mine = for_new(self.learned().actions, prepared.plan.service, releases)
        except StoreError as error:  # what was learned must not stop a new release
            told.append(f"No action was taken over: {error.message}")
        if mine:
            told.append(
                f"{len(mine)} open {'action' if len(mine) == 1 else 'actions'} of earlier releases "
                f"{'stands' if len(mine) == 1 else 'stand'} on its checklist: "
                f"{', '.join(f'{each.id} of {each.release}' for each in mine)}."
            )
        if prepared.plan.type == "emergency":
            told += debt_words(releases, self.clock.now())
        return replace(prepared, phases=with_actions(phases, mine), told=tuple(told))

    def new(self, request: Request, *, book: bool = False) -> Done:
        """As on every desk; what was learned of archived releases is brought in line before."""
        with suppress(ReluiError):  # an archive that cannot be read must not stop a new release
            self.finish_additions()
        return super().new(request, book=book)

    def _new(self, prepared: Prepared) -> Done:
        done = super()._new(prepared)
        from relui.domain.learning.carrying import carried_by

        names = tuple(carried_by(done.release))
        if names:
            self._carried(names, done.release.id)
        return done

    def write_retrospective(self, short: str, given: Mapping[str, str], owner: str = "") -> Done:
        """Write answers of the retrospective; what changes next becomes an action of `owner`.

        Without an owner it is the release's. Raises BadInput for nobody the organisation knows.
        """
        known = self.organisation().checked_person(owner.strip()) if owner.strip() else ""
        before = {each.id for each in self.learned().actions} if known else set()
        done = super().write_retrospective(short, given)
        if known:
            for each in self.learned().of_release(done.release.id):
                if each.open and each.id not in before:
                    self.reassign_action(each.id, known)
        return done

    def _moved_to_archive(self, done: Done) -> Done:
        with suppress(ReluiError):  # the next start does it, from what its items and the actions say
            self.follow(done.release)
        return super()._moved_to_archive(done)

    def _refuse_writing(self) -> None:
        if self.read_only:
            raise StoreError(
                "relui was opened read-only (--readonly): nothing is written.", title="Read-only"
            )

    def verify_learned(self, *, seals: Sequence[Seal] = ()) -> Verdict:
        """Check the log of the actions against itself and its state."""
        file = self.learned_file
        return verify("actions", file.state(), file.log(), seals=seals)


def _teaches(before: Document, after: Document) -> bool:
    """The retrospective, or the mark of an item that stands for an action, differs."""
    if before.get("retrospective") != after.get("retrospective"):
        return True
    return _action_marks(before) != _action_marks(after)


def _action_marks(state: Document) -> dict[str, object]:
    return {path: mark for path, mark in state.get("marks", {}).items() if ACTION in path}


def _concerns(release: Release, known: Learned) -> bool:
    """It has something to do with actions; most releases have not, and need no lock."""
    return bool(
        release.retrospective.next
        or any(each.release == release.id for each in known.actions)
        or any(item.id.startswith("action-") for phase in release.phases for item in phase.items)
        or (release.closing is not None and release.dossier.decisions)
    )
