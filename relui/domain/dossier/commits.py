"""Commits become changes [S1.3], without git: on hashes and messages alone.

A change is known by its reference, by the number of its request, or by its hash; equal words say nothing. A
request that was merged is one change with all that it brought; what reverts undo is none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from relui.domain.dossier.commit_words import (
    Parsed,
    Request,
    TakenBack,
    bare_subject,
    copied_from,
    parse_commit,
    parse_request,
    request_in,
    squashed_number,
    subject_and_body,
    taken_back,
)
from relui.domain.dossier.parts import Change
from relui.domain.dossier.readers import SUMMARY_LIMIT
from relui.domain.text import clean


class Brought:
    """The commits that each merge brought: reachable from its other parents, and not from its first.

    They are a span of one order of all commits, so that merges in merges cost nothing more.
    """

    def __init__(self, parents: Mapping[str, Sequence[str]]) -> None:
        """`parents` maps each commit to its parents, the oldest commit first; others are not looked at."""
        self.order: list[str] = []
        self.spans: dict[str, tuple[int, int]] = {}
        self._parents = parents
        seen: set[str] = set()
        for tip in reversed(list(parents)):
            if tip not in seen:
                self._walk(tip, seen)

    def _walk(self, tip: str, seen: set[str]) -> None:
        # A line of first parents is visited from its oldest end; what a merge brings comes right behind it.
        work: list[tuple[str, str, int]] = [("line", tip, 0)]
        while work:
            what, commit, start = work.pop()
            if what == "end":
                self.spans[commit] = start, len(self.order)
            elif what == "line":
                at = commit
                while at in self._parents and at not in seen:
                    seen.add(at)
                    work.append(("visit", at, 0))
                    at = next(iter(self._parents[at]), "")
            else:
                self.order.append(commit)
                others = self._parents[commit][1:]
                if others:
                    work.append(("end", commit, len(self.order)))
                    work += [("line", other, 0) for other in reversed(others)]

    def by(self, commit: str) -> Sequence[str]:
        """The commits that a merge brought, without itself; nothing for any other."""
        start, end = self.spans.get(commit, (0, 0))
        return self.order[start:end]

    def innermost(self, merges: Iterable[str]) -> dict[str, str]:
        """Commit -> the innermost of these merges that brought it."""
        begins: dict[int, list[str]] = {}
        for merge in sorted(merges, key=lambda each: self.spans[each][1], reverse=True):
            begins.setdefault(self.spans[merge][0], []).append(merge)
        found: dict[str, str] = {}
        around: list[str] = []
        for number, commit in enumerate(self.order):
            while around and self.spans[around[-1]][1] <= number:
                around.pop()
            around += [merge for merge in begins.get(number, []) if self.spans[merge][1] > number]
            if around:
                found[commit] = around[-1]
        return found


class Reverts:
    """Which commits stand after reverts, and reverts of reverts; a merge stands for all that it brought.

    As in the files themselves, the last word counts: who takes back a revert brings back what that took.
    """

    def __init__(self, brought: Brought) -> None:
        self._brought = brought
        self._gone: dict[str, bool] = {}
        self._effects: dict[str, dict[str, bool]] = {}
        self._mere: set[str] = set()

    def stands(self, commit: str) -> bool:
        """The last that was said of it does not take it back."""
        return not self._gone.get(commit, False)

    def add(self, commit: str, targets: Iterable[str], *, merely: bool) -> None:
        """A commit takes back earlier ones, and does `merely` that. Commits are added the oldest first."""
        effect = {commit: False}
        for target in targets:
            for each in (*self._brought.by(target), target):
                for name, gone in self._effects.get(each, {each: False}).items():
                    if (
                        name == each or name not in self._mere
                    ):  # a chain of reverts stays as short as its ends
                        effect[name] = not gone
        self._effects[commit] = effect
        self._gone |= effect
        if merely:
            self._mere.add(commit)


BY = ("request", "commit")
"""What becomes a change: a merged request with all of its commits, or each commit."""


class Commit(Struct, frozen=True):
    """One commit: its hash, its whole message, who wrote it, and the hashes of its parents."""

    hash: str
    message: str
    author: str = ""
    parents: tuple[str, ...] = ()


class Harvest(Struct, frozen=True):
    """The changes that commits make. Each commit is either in one of them or skipped.

    `skipped` are (short hash, why), `members` (short hash, id of its change); `plain` counts the changes of
    no type.
    """

    changes: tuple[Change, ...]
    skipped: tuple[tuple[str, str], ...] = ()
    members: tuple[tuple[str, str], ...] = ()
    plain: int = 0


class _Unit(Struct):
    """What becomes one change, unless another names the same reference: its commits, the oldest first."""

    parsed: Parsed
    head: Commit
    commits: list[Commit]


def harvest(commits: Iterable[Commit], only: Collection[str] = (), by: str = "request") -> Harvest:
    """The changes in commits, the oldest first as given. `only` keeps some types (`feat`, `fix`).

    Merges that are no requests, fixups, copies, and reverts together with what they take back are skipped,
    with the reason. By `commit` a merged request is a merge as any other. A commit without a reference is
    named by its hash.
    """
    reading = _Reading(list(commits), only, by)
    found: dict[str, Change] = {}
    members: list[tuple[str, str]] = []
    plain = 0
    for unit in reading.units():
        reference = unit.parsed.reference or f"commit-{unit.head.hash[:10]}"
        folded = reference.casefold()
        plain += not unit.parsed.kind and folded not in found
        found[folded] = _joined(found.get(folded), unit, reference)
        members += [(commit.hash[:10], found[folded].id) for commit in unit.commits]
    return Harvest(tuple(found.values()), tuple(reading.skipped), tuple(members), plain)


class _Reading:
    """All commits, and what follows for each from the others."""

    def __init__(self, commits: Sequence[Commit], only: Collection[str], by: str) -> None:
        self.only = only
        self.commits = {commit.hash: commit for commit in commits}
        self.skipped: list[tuple[str, str]] = []
        self.brought = Brought({commit.hash: commit.parents for commit in commits})
        self.requests = {
            commit.hash: request
            for commit in commits
            if (by == "request" or len(commit.parents) < 2)
            and (request := request_in(commit.message, merge=len(commit.parents) > 1))
        }
        self.owners = self.brought.innermost(name for name in self.requests if name in self.brought.spans)
        self.reverts = Reverts(self.brought)
        self.absorbed: dict[str, str] = {}
        self._take_back()
        self._let_go_of_integrated()

    def units(self) -> list[_Unit]:
        """What becomes changes, in the order of the commits; the rest is in `skipped` then."""
        inside: dict[str, list[Commit]] = {}
        for commit in self.commits.values():
            owner = self._standing_owner(commit)
            if owner and commit.hash not in self.requests and not self._why_skipped(commit):
                inside.setdefault(owner, []).append(commit)
        found = []
        for commit in self.commits.values():
            why = self._why_skipped(commit)
            if why:
                self.skipped.append((commit.hash[:10], why))
            elif commit.hash in self.requests:
                found += self._request(commit, inside.get(commit.hash, []))
            elif not self._standing_owner(commit):
                found += self._wanted(_Unit(parse_commit(commit.message, self.only), commit, [commit]))
        return found

    def _standing_owner(self, commit: Commit) -> str:
        """The request that brought a commit; nothing where that was taken back and the commit came again."""
        owner = self.owners.get(commit.hash, "")
        return owner if owner and not self._why_skipped(self.commits[owner]) else ""

    def _why_skipped(self, commit: Commit) -> str:
        if commit.hash in self.absorbed:
            return self.absorbed[commit.hash] if self.reverts.stands(commit.hash) else "was reverted"
        if not self.reverts.stands(commit.hash):
            return "was reverted"
        subject, _ = subject_and_body(commit.message)
        if not subject:
            return "has no message"
        if commit.hash in self.requests:
            return ""
        if len(commit.parents) > 1:
            return "is a merge"
        if re.match(r"(?:fixup|squash|amend)! ", subject):
            return "belongs to another commit"
        return "is a copy of another commit" if self._is_copy(commit) else ""

    def _request(self, merge: Commit, inside: list[Commit]) -> list[_Unit]:
        """The request with the commits that it brought; none when nothing of its own is left of it."""
        if not inside and self.brought.by(merge.hash):
            brought = [name for name in self.brought.by(merge.hash) if name in self.commits]
            whole = all(not self.reverts.stands(name) or name in self.absorbed for name in brought)
            why = "was reverted, or reverts another one" if whole else "only brings other requests"
            self.skipped.append((merge.hash[:10], why))
            return []
        parsed = parse_request(self.requests[merge.hash], merge.message, self.only)
        return self._wanted(_Unit(_with_inside(parsed, inside, self.only), merge, [*inside, merge]))

    def _wanted(self, unit: _Unit) -> list[_Unit]:
        if not self.only or unit.parsed.kind in self.only:
            return [unit]
        why = f"is {unit.parsed.kind or 'of no type'}, not {' or '.join(sorted(self.only))}"
        self.skipped += [(commit.hash[:10], why) for commit in unit.commits]
        return []

    def _let_go_of_integrated(self) -> None:
        """Commits that were squashed from requests stand for themselves where a branch of many was merged."""
        numbers: dict[str, dict[str, str]] = {}
        count: Counter[str] = Counter()
        for name, owner in self.owners.items():
            commit = self.commits[name]
            if len(commit.parents) > 1:
                continue
            count[owner] += 1
            if number := squashed_number(subject_and_body(commit.message)[0]):
                numbers.setdefault(owner, {})[name] = number
        for owner, numbered in numbers.items():
            if len(set(numbered.values())) > 1 and 2 * len(numbered) > count[owner]:
                for name in numbered:
                    del self.owners[name]

    # Reverts.

    def _take_back(self) -> None:
        """Find what each commit takes back among those before it."""
        earlier = _Earlier(self.requests)
        for commit in self.commits.values():
            said = taken_back(commit.message)
            request = self.requests.get(commit.hash)
            if said is None and request is not None:
                said = taken_back(request.title)
            targets = self._targets(said, earlier) if said is not None else []
            if said is not None and targets:
                merely = said.whole and len(targets) >= len(set(said.hashes))
                self.reverts.add(commit.hash, targets, merely=merely)
                if merely:
                    for name in (commit.hash, *self.brought.by(commit.hash)):
                        self.absorbed.setdefault(name, "reverts another one")
            earlier.add(commit)

    def _targets(self, said: TakenBack, earlier: _Earlier) -> list[str]:
        found = [name for each in said.hashes if (name := earlier.by_hash(each))]
        if found:
            return list(dict.fromkeys(found))
        standing = (name for name in earlier.named(said) if self.reverts.stands(name))
        return [name] if (name := next(standing, "")) else []

    def _is_copy(self, commit: Commit) -> bool:
        """The commit that it was picked from is among them, and stands."""
        origin = copied_from(commit.message)
        return origin in self.commits and self.reverts.stands(origin)


class _Earlier:
    """The commits so far, by hash, by the number of their request, and by subject."""

    def __init__(self, requests: Mapping[str, Request]) -> None:
        self._requests = requests
        self._hashes: dict[str, list[str]] = {}
        self._numbers: dict[str, list[str]] = {}
        self._subjects: dict[str, list[str]] = {}
        self._unnumbered: set[str] = set()

    def add(self, commit: Commit) -> None:
        """One more."""
        name, (subject, _) = commit.hash, subject_and_body(commit.message)
        self._hashes.setdefault(name[:7], []).append(name)
        request = self._requests.get(name)
        number = request.number if request else squashed_number(subject)
        if number:
            self._numbers.setdefault(number[1:], []).append(name)
        else:
            self._unnumbered.add(name)
        titles = (subject, bare_subject(subject), *((request.title,) if request else ()))
        for title in dict.fromkeys(titles):
            self._subjects.setdefault(title, []).append(name)

    def by_hash(self, prefix: str) -> str:
        """The commit of that hash, which may be shortened; nothing when it is not among them."""
        return next((name for name in self._hashes.get(prefix[:7], []) if name.startswith(prefix)), "")

    def named(self, said: TakenBack) -> list[str]:
        """The commits that a number or a subject means, the latest first. A number is meant alone."""
        if said.number:
            found = self._numbers.get(said.number[1:], [])
            if not found:
                same = self._subjects.get(bare_subject(said.subject), []) if said.subject else []
                found = [name for name in same if name in self._unnumbered]
            return found[::-1]
        return self._subjects.get(said.subject, [])[::-1] if said.subject else []


def _with_inside(parsed: Parsed, inside: Sequence[Commit], only: Collection[str]) -> Parsed:
    """A request by its title; type and reference are its commits' where the title has none."""
    each = [parse_commit(commit.message, only) for commit in inside]
    kinds = [one.kind for one in each]
    told = next((kind for kind in ("feat", "fix") if kind in kinds), next(filter(None, kinds), ""))
    named = {one.reference for one in each if one.reference and one.reference[0] not in "#!"}
    single = next(iter(named)) if len(named) == 1 else ""
    return replace(
        parsed,
        kind=parsed.kind or told,
        breaking=parsed.breaking or any(one.breaking for one in each),
        reference=single if single and parsed.reference[:1] in "#!" else parsed.reference,
    )


def _joined(known: Change | None, unit: _Unit, reference: str) -> Change:
    """One change of all that names it: the first feature or fix tells what it is."""
    parsed = unit.parsed
    if known is None:
        owner = " ".join(clean(unit.commits[0].author).split())[:SUMMARY_LIMIT]
        return Change(
            id=reference,
            summary=parsed.summary,
            owner=owner,
            kind=parsed.kind,
            breaking=parsed.breaking,
            origin=f"commit {unit.head.hash[:10]}",
        )
    if parsed.kind in ("feat", "fix") and known.kind not in ("feat", "fix"):
        known = replace(known, kind=parsed.kind, summary=parsed.summary)
    return replace(known, breaking=known.breaking or parsed.breaking)
