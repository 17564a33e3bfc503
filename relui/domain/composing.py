"""A release's own checklist, composed from a template, packs and the choices at creation [S0.2 - S0.7].

Items are placed, expanded and left out in a tree of nodes first; names and requirements are settled at
the end, when every item has its final path. What is left out stays in the tree until then, so that a
pack's item still finds its place behind it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from relui.domain.checklist import Item, ItemField, Phase, RunCommand
from relui.domain.text import did_you_mean, one_line, slug, unique
from relui.errors import BadInput

if TYPE_CHECKING:
    from relui.domain.template import ItemForm, PhaseForm, Template

OWED_PREFIX = "full-"
"""What the ids of an emergency's owed phases start with [S1.36]."""
_CIRCULAR_WHEN_OWED = ("closed", "debt-settled")  # they wait for the debt, so they cannot be part of it


def compose(
    base: Template,
    packs: Sequence[Template],
    *,
    type: str,
    without: Collection[str] = (),
    values: Mapping[str, Sequence[str]] | None = None,
    owed: Template | None = None,
) -> tuple[Phase, ...]:
    """The phases of a new release of `type`, without the options `without`.

    `values` gives each parameter (`per: region`) its values: one line for each. `owed` is the full
    checklist of an emergency, appended as owed phases [S1.36]. Raises BadInput for a type that the
    template is not for, an unknown option or parameter, a pack that is none, and one that fits into no phase.
    """
    packs = tuple({pack.template: pack for pack in packs}.values())
    for pack in packs:
        if pack.kind != "pack":
            raise BadInput(
                f"'{pack.template}' is a template of its own, not a pack. Leave it out of the packs."
            )
    for template in (base, *packs):
        _check_type(template, type)
    _check_known("option", without, options_of(base, packs, owed))
    chosen = {name: _cleaned(given) for name, given in (values or {}).items()}
    _check_known("parameter", chosen, parameters_of(base, packs, owed))
    own = _Tree(base, type, without, chosen)
    full = _Tree(owed, None, without, chosen) if owed is not None else None
    for pack in packs:
        for form in pack.items:
            if own.has_phase(form) or full is None:
                own.place(form, pack)
            else:
                full.place(form, pack)
    phases = own.phases()
    if full is not None:
        phases += full.phases(owed_by=base.owed_by, taken={phase.id for phase in phases})
    return phases


def options_of(base: Template, packs: Sequence[Template], owed: Template | None = None) -> dict[str, str]:
    """What can be left out at creation: each option's id and, in words, what goes with it.

    Whole phases can be left out of the template itself, never of the checklist that is owed [S1.36].
    """
    found: dict[str, list[str]] = {}
    for template in (base, *packs, *([owed] if owed else [])):
        for phase in template.phases:
            if phase.option and template is not owed:
                found.setdefault(phase.option, []).append(f"the phase {phase.name}")
        for form in all_forms(template):
            if form.option and form.text not in found.setdefault(form.option, []):
                found[form.option].append(form.text)
    return {option: "; ".join(texts) for option, texts in found.items()}


def parameters_of(base: Template, packs: Sequence[Template], owed: Template | None = None) -> list[str]:
    """The parameters (`per: region`) that take values at creation."""
    templates = (base, *packs, *([owed] if owed else []))
    return list(dict.fromkeys(form.per for template in templates for form in all_forms(template) if form.per))


def place_of(form: ItemForm) -> tuple[str, str]:
    """Where a pack's item goes: the path of its parent, and of the item that it follows ("" for the end)."""
    into, after = form.into or "", form.after or ""
    if not after:
        return into, ""
    anchor = after if after.startswith(f"{into}.") else f"{into}.{after}"
    return anchor.rpartition(".")[0], anchor


class _Node:
    """An item on its way into the checklist; `source` is its path as templates write it."""

    def __init__(self, form: ItemForm, source: str, origin: str, bound: Mapping[str, str]) -> None:
        self.form = form
        self.source = source
        self.origin = origin
        self.bound = bound
        self.id = form.id
        self.text = form.text
        self.path = ""
        self.kept = True
        self.follows: _Node | None = None
        self.children: list[_Node] = []

    def walk(self) -> Iterator[_Node]:
        yield self
        for child in self.children:
            yield from child.walk()

    def comes_behind(self, anchor: _Node) -> bool:
        node: _Node | None = self
        while node is not None and node is not anchor:
            node = node.follows
        return node is not None


class _Tree:
    """The phases of one template with the nodes in them. `type` None keeps the items of all types."""

    def __init__(
        self,
        template: Template,
        type: str | None,
        without: Collection[str],
        values: Mapping[str, Sequence[str]],
    ) -> None:
        self._template = template
        self._type = type
        self._without = without
        self._values = values
        self._items: dict[str, list[_Node]] = {}
        for phase in template.phases:
            self._items[phase.id] = self._nodes(phase.items, phase.id, "", {})

    def has_phase(self, form: ItemForm) -> bool:
        """Whether a pack's item finds its phase here."""
        return (form.into or "").partition(".")[0] in self._items

    def place(self, form: ItemForm, pack: Template) -> None:
        """Put a pack's item behind the one it names, or at the end. Raises BadInput without its phase."""
        parent, anchor = place_of(form)
        phase = parent.partition(".")[0]
        if phase not in self._items:
            raise BadInput(
                f"The pack '{pack.template}' puts '{form.text}' into the phase '{phase}', and the template "
                f"'{self._template.template}' has no such phase.{did_you_mean(phase, self._items)} "
                f"Leave the pack out, or change its `into`."
            )
        owners = [node for node in self._all() if node.source == parent and node.children]
        for siblings, bound in [(owner.children, owner.bound) for owner in owners] or [
            (self._items[phase], {})
        ]:
            _insert(siblings, self._nodes([form], parent, f"pack {pack.template}", bound), anchor)

    def phases(self, *, owed_by: str = "", taken: Collection[str] = ()) -> tuple[Phase, ...]:
        """The finished phases, without empty ones; owed ones, with other ids, when `owed_by` is given."""
        ids: dict[str, str] = {}
        for form in self._template.phases:
            wanted = f"{OWED_PREFIX}{form.id}" if owed_by else form.id
            ids[form.id] = unique(wanted, (*taken, *ids.values()))
            if owed_by:
                _prune_circular(self._items[form.id])
        kept = [
            form for form in self._template.phases if form.option is None or form.option not in self._without
        ]
        for form in kept:
            self._items[form.id] = _settled(self._items[form.id], ids[form.id])
        requirements = _Requirements(
            [node for form in kept for top in self._items[form.id] for node in top.walk()]
        )
        made = (
            _phase(
                form, ids[form.id], owed_by, tuple(_item(node, requirements) for node in self._items[form.id])
            )
            for form in kept
        )
        return tuple(phase for phase in made if phase.items)

    def _all(self) -> Iterator[_Node]:
        return (node for tops in self._items.values() for top in tops for node in top.walk())

    def _nodes(
        self, forms: Iterable[ItemForm], parent: str, origin: str, bound: Mapping[str, str]
    ) -> list[_Node]:
        return [node for form in forms for node in self._expanded(form, parent, origin, bound)]

    def _expanded(
        self, form: ItemForm, parent: str, origin: str, bound: Mapping[str, str]
    ) -> Iterator[_Node]:
        """The node of an item, or one for each value of its parameter."""
        given = self._values.get(form.per, ()) if form.per and form.per not in bound else ()
        for value in given or (None,):
            now_bound = {**bound, form.per: value} if form.per and value is not None else bound
            node = _Node(form, f"{parent}.{form.id}", origin, now_bound)
            if value is not None:
                node.id, node.text = f"{form.id}-{slug(value)}", f"{form.text}: {value}"
            node.kept = self._applies(form)
            node.children = self._nodes(form.items, node.source, origin, now_bound)
            yield node

    def _applies(self, form: ItemForm) -> bool:
        fits = self._type is None or not form.types or self._type in form.types
        return fits and (form.option is None or form.option not in self._without)


class _Requirements:
    """Turns required paths as templates write them into the final paths of the items that are there."""

    def __init__(self, nodes: Iterable[_Node]) -> None:
        self._by_source: dict[str, list[_Node]] = {}
        for node in nodes:
            self._by_source.setdefault(node.source, []).append(node)

    def of(self, node: _Node) -> tuple[str, ...]:
        """The final paths that `node` requires; what was left out is required no more."""
        paths: dict[str, None] = {}
        for source in node.form.requires:
            for target in self._targets(source, node):
                paths[target.path] = None
        return tuple(paths)

    def _targets(self, source: str, node: _Node) -> list[_Node]:
        """A pack means its own item before the template's; a line of a region means that region's."""
        found = [other for other in self._by_source.get(source, ()) if other is not node]
        for origin in (node.origin, ""):
            if any(other.origin == origin for other in found):
                found = [other for other in found if other.origin == origin]
                break
        alike = [
            other
            for other in found
            if all(node.bound[name] == value for name, value in other.bound.items() if name in node.bound)
        ]
        return alike or found


def _insert(siblings: list[_Node], added: list[_Node], anchor: str) -> None:
    """Put nodes behind the one from `anchor` and what was put there before; at the end without it."""
    behind = [index for index, node in enumerate(siblings) if node.source == anchor]
    if not behind:
        siblings.extend(added)
        return
    at, target = behind[-1] + 1, siblings[behind[-1]]
    while at < len(siblings) and siblings[at].comes_behind(target):
        at += 1
    for node in added:
        node.follows = target
    siblings[at:at] = added


def _settled(nodes: Iterable[_Node], parent: str) -> list[_Node]:
    """The nodes that stay, each with a unique id and its final path; a parent goes with its last child."""
    made: list[_Node] = []
    for node in nodes:
        if not node.kept:
            continue
        had_children = bool(node.children)
        node.id = unique(node.id, [other.id for other in made])
        node.path = f"{parent}.{node.id}"
        node.children = _settled(node.children, node.path)
        if node.children or not had_children:
            made.append(node)
    return made


def _prune_circular(nodes: Iterable[_Node]) -> None:
    for top in nodes:
        for node in top.walk():
            if node.form.when_done in _CIRCULAR_WHEN_OWED:
                node.kept = False


def _phase(form: PhaseForm, phase_id: str, owed_by: str, items: tuple[Item, ...]) -> Phase:
    if owed_by:  # worked off after the deployment: nothing of it belongs to an earlier stage any more
        return Phase(phase_id, f"Full checklist: {form.name}", "close", owed_by, owed=True, items=items)
    return Phase(phase_id, form.name, form.stage, form.due, form.optional, items=items)


def _item(node: _Node, requirements: _Requirements) -> Item:
    form = node.form
    run = RunCommand(tuple(form.run.command), form.run.timeout) if form.run else None
    return Item(
        id=node.id,
        text=node.text,
        help=form.help,
        optional=form.optional,
        option=form.option or "",
        role=form.role,
        requires=requirements.of(node),
        fields=tuple(
            ItemField(field.id, field.label, field.kind, field.required, tuple(field.choices))
            for field in form.fields
        ),
        run=run,
        command=form.command.strip(),
        expect=form.expect.strip(),
        runbook=form.runbook,
        message=form.message,
        when_done=form.when_done,
        estimate=form.estimate,
        origin=node.origin,
        items=tuple(_item(child, requirements) for child in node.children),
    )


def all_forms(template: Template) -> Iterator[ItemForm]:
    """Every item of a template or pack, at any depth, a parent before what is below it."""
    waiting = [*reversed(template.items)]
    for phase in reversed(template.phases):
        waiting.extend(reversed(phase.items))
    while waiting:
        form = waiting.pop()
        yield form
        waiting.extend(reversed(form.items))


def _check_type(template: Template, type: str) -> None:
    if template.types and type not in template.types:
        kind = "pack" if template.kind == "pack" else "template"
        raise BadInput(
            f"The {kind} '{template.template}' is for releases of type {', '.join(template.types)}, "
            f"and this one is '{type}'. Choose one of these types, or another {kind}."
        )


def _check_known(what: str, given: Iterable[str], known: Collection[str]) -> None:
    for name in given:
        if name not in known:
            has = did_you_mean(name, known) or f" This template has no {what}s."
            raise BadInput(f"There is no {what} '{name}' in the chosen template and packs.{has}")


def _cleaned(given: Sequence[str]) -> list[str]:
    lines = [one_line(value, what="A value") for value in given]
    return list(dict.fromkeys(line for line in lines if line))


def criteria_of(base: Template, packs: Sequence[Template]) -> tuple[str, ...]:
    """The criteria that a release from these has: the template's, and what its packs turn on."""
    given = [template.criteria for template in (base, *packs)]
    if "all" in given:
        return ("all",)
    return tuple(dict.fromkeys(name for names in given for name in names))
