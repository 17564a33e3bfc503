"""Which commits a merge brought, and which commits are undone by reverts: on hashes alone, without git."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


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
