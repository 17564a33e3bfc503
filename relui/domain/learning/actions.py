"""Actions: what a release taught, kept with an owner until it is done, or dropped with a reason [S0.9].

They outlive the release that raised them. Instants are UTC.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.dossier.decisions import completion
from relui.domain.instants import Moment, within_reach
from relui.domain.release import Release
from relui.domain.text import clean, did_you_mean, one_line, quoted
from relui.errors import BadInput, Refused

ActionState = Literal["open", "done", "dropped"]
Source = Literal["retrospective", "completion", "review", "hand"]
"""What raised it: a retrospective's third answer, a completion's remaining actions, a review, a person."""

TEXT_LIMIT = 300
"""Characters of an action: it has to be an item of a checklist. The retrospective keeps the whole text."""


class Action(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One action. `release` raised it, `carried` are those on whose checklist it stood since.

    `settled_in` is the release where its item was ticked, `reason` why it was dropped, or what was said of
    it. `template` is the template that it was taken into.
    """

    id: str
    text: str
    service: str
    owner: str
    release: str
    source: Source = "retrospective"
    raised_at: Moment
    raised_by: str
    state: ActionState = "open"
    settled_at: Moment | None = None
    settled_by: str = ""
    settled_in: str = ""
    reason: str = ""
    carried: tuple[str, ...] = ()
    template: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError for an instant that nothing can be added to."""
        within_reach(raised_at=self.raised_at, settled_at=self.settled_at)

    @property
    def open(self) -> bool:
        """It still has to be done."""
        return self.state == "open"

    @property
    def because(self) -> str:
        """Why there is such a step, for the checklist and the template."""
        return f"This step exists because of {self.release}."

    def age_days(self, now: datetime) -> int:
        """Whole days since it was raised, until now or until it was settled."""
        return max(0, ((self.settled_at or now) - self.raised_at).days)


class Review(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A review that was held (PIR), of one release or of several on one page [S1.29]."""

    id: str
    releases: tuple[str, ...]
    held: date
    notes: str
    recorded_at: Moment
    recorded_by: str

    def __post_init__(self) -> None:
        """Raises ValueError for an instant that nothing can be added to."""
        within_reach(held=self.held, recorded_at=self.recorded_at)


class Purge(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Releases that were removed after their retention, with the export that holds them and their seals."""

    id: str
    releases: tuple[str, ...]
    seals: tuple[str, ...]
    export: str
    at: Moment
    by: str


class Learned(Struct, frozen=True, omit_defaults=True):
    """Everything that outlives the release that it came from: one document with a log of its own."""

    actions: tuple[Action, ...] = ()
    reviews: tuple[Review, ...] = ()
    purges: tuple[Purge, ...] = ()

    def action(self, name: str) -> Action:
        """The action called `name`: `A-12`, or `12`. Raises BadInput with the nearest."""
        wanted = name.strip().upper()
        wanted = f"A-{wanted}" if wanted.isdigit() else wanted
        found = next((each for each in self.actions if each.id == wanted), None)
        if found is None:
            known = did_you_mean(wanted, (each.id for each in self.actions)) or " There are none yet."
            raise BadInput(f"There is no action {quoted(name)}.{known}")
        return found

    def of_release(self, release_id: str) -> tuple[Action, ...]:
        """The actions that a release raised."""
        return tuple(each for each in self.actions if each.release == release_id)

    @property
    def reviewed(self) -> frozenset[str]:
        """The releases that a review covered."""
        return frozenset(release for each in self.reviews for release in each.releases)


Step = tuple[Learned, str]
"""What is known afterwards, and what the log says was done; nothing when nothing changed."""

_BULLET = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?")


def texts_of(answer: str) -> tuple[str, ...]:
    """The actions in a retrospective's third answer: each point of a list, else the text as one."""
    lines = [line for line in clean(answer, multiline=True).splitlines() if line.strip()]
    points: list[str] = []
    for line in lines:
        found = _BULLET.match(line)
        if found is not None:
            points.append(line[found.end() :])
        elif points:
            points[-1] = f"{points[-1]} {line}"
    found_texts = points or [" ".join(lines)]
    return tuple(dict.fromkeys(text for each in found_texts if (text := _short(each))))


def _short(text: str) -> str:
    flat = " ".join(clean(text).split())
    return flat if len(flat) <= TEXT_LIMIT else f"{flat[: TEXT_LIMIT - 3].rstrip()}..."


def follow(learned: Learned, release: Release, by: str, at: datetime) -> Step:
    """Bring the actions of a release in line with its retrospective, and once it is closed its completion.

    A point that is new is raised for the release's owner; one that was reworded is the same action; one
    that was taken out while it was open is dropped. What is settled stays as it was.
    """
    known = [each for each in learned.of_release(release.id) if each.source == "retrospective"]
    wanted = texts_of(release.retrospective.next)
    fresh = [text for text in wanted if text not in {each.text for each in known}]
    gone = [each for each in known if each.open and each.text not in wanted]
    words: list[str] = []
    for each in gone:
        if fresh:
            learned = _with(learned, replace(each, text=fresh.pop(0)))
            words.append(f"reworded {each.id}")
        else:
            reason = f"no longer in the retrospective of {release.id}"
            learned = _with(learned, _settled(each, "dropped", by, at, reason))
            words.append(f"dropped {each.id}: {reason}")
    dropped = {each.text: each for each in known if each.text in wanted and _withdrawn(each, release)}
    for each in dropped.values():
        learned = _with(learned, _opened(each))
        words.append(f"opened {each.id} again")
    for text in fresh:
        learned, raised = raise_action(learned, release, text, by, at)
        words.append(raised)
    if release.closing is not None:
        for text in _left_of_completion(release):
            if all(each.text != text for each in learned.of_release(release.id)):
                learned, raised = raise_action(learned, release, text, by, at, source="completion")
                words.append(raised)
    return learned, "; ".join(words)


def _withdrawn(action: Action, release: Release) -> bool:
    """It was dropped only because its point was taken out, which is back now."""
    return action.state == "dropped" and action.reason == f"no longer in the retrospective of {release.id}"


def _left_of_completion(release: Release) -> tuple[str, ...]:
    """The actions that remained when the completion was confirmed [S1.28]."""
    if not release.dossier.decisions:
        return ()
    found = completion(release)
    return tuple(text for each in (found.actions if found else ()) if (text := _short(each)))


def raise_action(
    learned: Learned,
    release: Release,
    text: str,
    by: str,
    at: datetime,
    *,
    owner: str = "",
    source: Source = "retrospective",
) -> Step:
    """One more action of a release, for `owner`, else for its owner. Raises BadInput for an empty text."""
    action = Action(
        id=f"A-{1 + max((int(each.id[2:]) for each in learned.actions), default=0)}",
        text=_short(one_line(_short(text), what="The action", required=True)),
        service=release.service,
        owner=one_line(owner, what="The owner") or release.owner,
        release=release.id,
        source=source,
        raised_at=at.astimezone(UTC),
        raised_by=by,
    )
    added = replace(learned, actions=(*learned.actions, action))
    return added, f"raised {action.id} for {action.owner}: {action.text}"


def settle(
    learned: Learned, name: str, state: ActionState, by: str, at: datetime, reason: str = "", where: str = ""
) -> Step:
    """Settle an action as done or dropped, or open it again. `where` is the release of the ticked item.

    Raises BadInput for a drop without a reason, Refused for one that is settled in the other way.
    """
    action = learned.action(name)
    reason = one_line(reason, what="The reason")
    if state == "dropped" and not reason:
        raise BadInput("Dropping an action needs a reason. Nothing was changed.")
    if action.state == state:
        return learned, ""
    if state == "open":
        return _with(learned, _opened(action)), f"opened {action.id} again"
    if not action.open:
        raise Refused(f"{action.id} is {action.state} already. Open it again first.")
    settled = replace(_settled(action, state, by, at, reason), settled_in=where)
    return _with(learned, settled), f"{state} {action.id}" + (f": {reason}" if reason else "")


def reassign(learned: Learned, name: str, owner: str) -> Step:
    """Give an action to another person. Raises BadInput for nobody, Refused for one that is settled."""
    action = learned.action(name)
    owner = one_line(owner, what="The owner", required=True)
    if not action.open:
        raise Refused(f"{action.id} is {action.state}: it needs no other owner.")
    if action.owner == owner:
        return learned, ""
    return _with(learned, replace(action, owner=owner)), f"gave {action.id} to {owner}"


def noted(learned: Learned, names: Iterable[str], change: Callable[[Action], Action], words: str) -> Step:
    """Change some actions in the same way; `words` are for the log."""
    before = learned
    for name in names:
        learned = _with(learned, change(learned.action(name)))
    return learned, words if learned != before else ""


def sorted_by_age(actions: Sequence[Action]) -> tuple[Action, ...]:
    """The open ones first, the oldest first."""
    return tuple(sorted(actions, key=lambda each: (not each.open, each.raised_at, int(each.id[2:]))))


def _settled(action: Action, state: ActionState, by: str, at: datetime, reason: str) -> Action:
    return replace(action, state=state, settled_by=by, settled_at=at.astimezone(UTC), reason=reason)


def _opened(action: Action) -> Action:
    return replace(action, state="open", settled_by="", settled_at=None, settled_in="", reason="")


def _with(learned: Learned, action: Action) -> Learned:
    actions = tuple(action if each.id == action.id else each for each in learned.actions)
    return replace(learned, actions=actions)
