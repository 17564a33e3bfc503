"""The form for a new release: defaults filled in, checked and previewed while typing."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static

from relui.desk.act import Done
from relui.desk.planning import Request
from relui.domain.release import IMPACTS
from relui.errors import ReluiError
from relui.ui.kit.dialog import Dialog
from relui.ui.kit.lines import Pane, Rows
from relui.ui.kit.pick import Pick, Picks
from relui.ui.kit.screen import DeskScreen
from relui.ui.releases.plan import plan_lines, waiting_lines, wrong_lines

if TYPE_CHECKING:
    from relui.domain.creation import Plan
    from relui.ui.kit.desk_app import DeskApp

DRAFT = "new-release"
_KEPT = "This is what was typed and not saved before. ^N starts clean."
_CHOOSE = "Left and Right choose"


class NewReleaseScreen(Dialog[None]):
    """Type a service and a version, press Enter; everything else has a default."""

    BINDINGS = [  # noqa: RUF012 - Textual's own declaration
        Binding("escape", "leave", show=False),
        Binding("ctrl+s", "create", show=False, priority=True),
        Binding("ctrl+n", "start_clean", show=False, priority=True),
        Binding("enter", "create", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]
    CSS_PATH = "new_release.tcss"

    def __init__(self, copy_of: str = "") -> None:
        super().__init__()
        self._copy_of = copy_of
        self._created = False
        self._kept: dict[str, str] = {}

    @property
    def relui(self) -> DeskApp:
        """The app, as what it is."""
        return cast("DeskApp", self.app)

    def compose(self) -> ComposeResult:
        """Labels and lines at the left, what would be created at the right."""
        organisation = self.relui.desk.organisation.read()
        self._kept = kept = {} if self._copy_of else self.relui.draft(DRAFT)
        services = [service.id for service in organisation.services]
        people = [person.id for person in organisation.people]
        with Horizontal(classes="dialog") as box:
            box.border_title = Content(
                f"Copy {self._copy_of} as a new release" if self._copy_of else "New release"
            )
            box.border_subtitle = "Enter creates, Tab goes on, Esc leaves"
            with Rows(id="form"):
                if kept:
                    yield Static(Content(_KEPT), classes="hint", id="kept")
                yield from self._line("service", kept, "needed: what is released", services)
                yield from self._line("version", kept, "needed, e.g. 2.4.0")
                if not self._copy_of:
                    bases = self._bases()
                    chosen = kept.get("template") or self.relui.settings.default_template
                    names = [name for name, _ in bases]
                    yield from self._row(
                        "template", Pick(bases, chosen if chosen in names else "", id="template")
                    )
                    yield from self._row("type", Pick([], kept.get("type", "minor"), id="type"))
                yield from self._row(
                    "impact", Pick([(n, "") for n in IMPACTS], kept.get("impact", "medium"), id="impact")
                )
                yield from self._line("owner", kept, "", people)
                yield from self._line("go-live", kept, "")
                yield from self._line("duration", kept, "2h")
                if not self._copy_of:
                    packs = [entry.name for entry in self.relui.desk.templates.packs() if not entry.problem]
                    yield from self._row("packs", Picks(packs, kept.get("packs", "").split(), id="packs"))
                    yield from self._row(
                        "leave out", Picks([], kept.get("without", "").split(), id="without")
                    )
                    yield from self._line("values", kept, "")
                yield from self._line("title", kept, "")
                yield from self._line("rationale", kept, "needed: what is broken, why it cannot wait")
                if organisation.policy.emergency_criteria:
                    criteria = [
                        ("", _CHOOSE),
                        *((name, "") for name in organisation.policy.emergency_criteria),
                    ]
                    yield from self._row(
                        "criterion", Pick(criteria, kept.get("criterion", ""), id="criterion")
                    )
            with Vertical(id="plan"):
                yield Pane()

    def _line(
        self, name: str, kept: dict[str, str], hint: str, known: list[str] | None = None
    ) -> ComposeResult:
        suggester = SuggestFromList(known, case_sensitive=False) if known else None
        field = Input(kept.get(name, ""), placeholder=hint, id=name, suggester=suggester, compact=True)
        yield from self._row(name, field)

    def _row(self, label: str, field: Input | Pick | Picks) -> ComposeResult:
        with Horizontal(classes="row", id=f"row-{field.id}"):
            yield Static(Content(label), classes="label")
            yield field

    def _bases(self) -> list[tuple[str, str]]:
        entries = self.relui.desk.templates.names()
        found = [(e.name, e.title) for e in entries if e.kind in ("base", "emergency") and not e.problem]
        return sorted(found, key=lambda pair: (pair[0] != "standard", pair[0]))

    def on_mount(self) -> None:
        """The keyboard starts where typing is needed."""
        if self._copy_of:
            source = self.relui.desk.journal.open(self._copy_of).release
            self.query_one("#service", Input).value = source.service
            self.query_one("#impact", Pick).value = source.impact
        self._template_chosen()
        first = "#version" if self._copy_of else "#service"
        self.query_one(first, Input).focus()
        self.call_after_refresh(self.show_plan)

    # -- what is typed -------------------------------------------------------------------------------

    def _text(self, name: str) -> str:
        found = self.query(f"#{name}").results()
        widget = next(found, None)
        return widget.value.strip() if isinstance(widget, (Input, Pick)) else ""

    def _some(self, name: str) -> tuple[str, ...]:
        found = list(self.query(f"#{name}").results(Picks))
        return tuple(one for one in found[0].names if one in found[0].chosen) if found else ()

    def request(self) -> Request:
        """The form as the desk takes it."""
        emergency = self._text("type") == "emergency"
        return Request(
            service=self._text("service"),
            version=self._text("version"),
            template=self._text("template"),
            type=self._text("type"),
            impact=self._text("impact"),
            owner=self._text("owner"),
            go_live=self._text("go-live"),
            duration=self._text("duration"),
            title=self._text("title"),
            rationale=self._text("rationale"),
            criterion=self._text("criterion") if emergency else "",
            packs=self._some("packs"),
            without=self._some("without"),
            values=_values(self._text("values")),
            copy_of=self._copy_of,
        )

    @property
    def drafted(self) -> dict[str, dict[str, str]]:
        """What would be lost if the app ended now."""
        if self._copy_of or self._created:
            return {}
        names = ("service", "version", "owner", "go-live", "duration", "title", "rationale", "values")
        texts = {name: self._text(name) for name in names}
        if not any(texts.values()):
            return {}
        texts |= {name: self._text(name) for name in ("template", "type", "impact", "criterion")}
        return {
            DRAFT: texts
            | {"packs": " ".join(self._some("packs")), "without": " ".join(self._some("without"))}
        }

    @on(Input.Changed)
    @on(Pick.Changed)
    @on(Picks.Changed)
    def _typed(self) -> None:
        self._template_chosen()
        self.show_plan()

    def _template_chosen(self) -> None:
        """The types, options and parameters that the template has; an emergency asks for its rationale."""
        emergency = False
        if self._copy_of:
            emergency = self.relui.desk.journal.open(self._copy_of).release.is_emergency
        else:
            choices = self.relui.desk.planning.choices(self._text("template"), self._some("packs"))
            self.query_one("#type", Pick).offer([(name, "") for name in choices.types])
            self.query_one("#without", Picks).offer(list(choices.options))
            self.query_one("#row-without").display = bool(choices.options)
            self.query_one("#row-values").display = bool(choices.parameters)
            field = self.query_one("#values", Input)
            examples = " ".join(f"{name}=eu,us" for name in choices.parameters)
            field.placeholder = f"e.g. {examples}"
            emergency = self._text("type") == "emergency"
        self.query_one("#row-rationale").display = emergency
        for row in self.query("#row-criterion"):
            row.display = emergency

    def show_plan(self) -> None:
        """What would be created, or what is still wrong."""
        pane = self.query_one(Pane)
        request = self.request()
        desk = self.relui.desk
        try:
            prepared = desk.planning.prepare(request)
        except ReluiError as error:
            missing = not (request.service and request.version)
            pane.show(waiting_lines() if missing else wrong_lines(error.message), top=True)
            return
        plan, now = prepared.plan, desk.clock.now()
        typed = request.service and request.version
        at = replace(request, go_live=plan.go_live.isoformat())  # found already: not to be looked for again
        verdict = desk.planning.check_request(at) if typed else None
        lines = plan_lines(
            plan, prepared.phases, prepared.told, now, self.relui.zone(), verdict, needed=self._needed(plan)
        )
        self.query_one("#go-live", Input).placeholder = lines.go_live_hint
        self.query_one("#owner", Input).placeholder = prepared.plan.owner
        self.query_one("#title", Input).placeholder = lines.title_hint
        pane.show(lines.lines if typed else [*waiting_lines(), *lines.lines], top=True)

    def _needed(self, plan: Plan) -> tuple[str, ...]:
        """What an emergency has to say still."""
        if plan.type != "emergency":
            return ()
        asked = (("rationale", plan.rationale), ("criterion", plan.emergency_criterion))
        return tuple(name for name, given in asked if not given and self.query(f"#row-{name}"))

    # -- acts ----------------------------------------------------------------------------------------

    def on_input_submitted(self) -> None:
        """Enter creates from any line."""
        self.action_create()

    def action_create(self) -> None:
        """Create it and open its checklist; what is wrong is shown and the keyboard goes there."""
        request = self.request()
        missing = self.relui.desk.planning.missing(request)
        if missing:
            listed = " and the ".join(part for part in (", the ".join(missing[:-1]), missing[-1]) if part)
            words = f"The {listed} {'is' if len(missing) == 1 else 'are'} needed."
            if "criterion" in missing:
                known = self.relui.desk.organisation.read().policy.emergency_criteria
                words += f" By the policy an emergency is: {', '.join(known)}. {_CHOOSE}."
            self.query_one(Pane).show(wrong_lines(words), top=True)
            self.query_one(f"#{missing[0]}").focus()
            return
        self.perform(lambda: self.relui.desk.releases.new(request), self._open)

    def refused(self, error: ReluiError) -> None:
        """Tell it where the preview stands."""
        self.query_one(Pane).show(wrong_lines(error.message), top=True)

    def _open(self, done: Done) -> None:
        """Go on in the checklist of the release that was created."""
        self._created = True
        self.relui.forget_draft(DRAFT)
        self.relui.board.update()
        self.dismiss(None)
        self.relui.open_screen("checklist", done.release.id)
        opened = self.relui.screen
        if done.ruling.told and isinstance(opened, DeskScreen):
            opened.call_later(opened.say, " ".join(done.ruling.told), "overdue")

    def action_leave(self) -> None:
        """Leave; what was typed is offered again next time, and what was emptied is not."""
        drafted = self.drafted
        for name, texts in drafted.items():
            self.relui.keep_draft(name, texts)
        if self._kept and not drafted:
            self.relui.forget_draft(DRAFT)
        self.dismiss(None)

    def action_start_clean(self) -> None:
        """Forget the draft that was offered, and begin with an empty form."""
        if not self._kept:
            return
        self.relui.forget_draft(DRAFT)
        self.dismiss(None)
        self.app.push_screen(NewReleaseScreen())


def _values(text: str) -> dict[str, tuple[str, ...]]:
    """`region=eu,us ring=1,2` as names with their values."""
    found: dict[str, tuple[str, ...]] = {}
    for part in text.split():
        name, separator, values = part.partition("=")
        if separator and name:
            found[name] = tuple(value for value in values.split(",") if value)
    return found
