"""What a retrospective asked for becomes a step of a template, and of each new release [S0.9]."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from relui.desk.learning import LearningActs
from relui.errors import Refused

if TYPE_CHECKING:
    from relui.domain.learning.actions import Learned, Step
    from relui.loading.template_making import TemplateChange


class TemplateStepActs(LearningActs):
    """Actions that are taken into a template of one's own, as a diff that is shown before."""

    def template_change(self, name: str, template: str, phase: str = "") -> TemplateChange:
        """An action as a step of a template of one's own: the text and the diff, nothing is written yet.

        Raises BadInput for an unknown action, template or phase, Refused for a step that is there already.
        """
        from relui.loading.template_making import with_step

        return with_step(self.templates, self.learned().action(name), template, phase)

    def take_into_template(self, change: TemplateChange, own: Path) -> Path:
        """Write the template of `template_change` as the person's own, in the folder `own`.

        The action is done with it: from now on each new release has the step. Raises Refused when the
        template was changed meanwhile, StoreError.
        """
        from relui.domain.learning import actions
        from relui.loading.template_making import target_of
        from relui.store.atomic import ensure_folder, write_atomic

        self._refuse_writing()
        again = self.template_change(change.action, change.template, change.phase)
        if again.before != change.before:
            raise Refused(f"The template {change.template} was changed meanwhile. Look at the diff again.")
        target = target_of(self.templates, change, own)
        ensure_folder(own)
        write_atomic(target, change.after.encode())

        def step(learned: Learned) -> Step:
            words = f"took {change.action} into the template {change.template}"
            if learned.action(change.action).open:
                by, now = self.actor.name, self.clock.now()
                learned, _ = actions.settle(learned, change.action, "done", by, now, words)
            return actions.noted(
                learned, (change.action,), lambda action: replace(action, template=change.template), words
            )

        self.learn(step)
        return target
