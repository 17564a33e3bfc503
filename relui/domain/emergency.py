"""What the policy asks of a release that is planned as an emergency [S1.36]."""

from __future__ import annotations

from relui.domain.creation import Plan
from relui.domain.naming import did_you_mean
from relui.errors import BadInput

EMERGENCY_CRITERIA = (
    "package-complete", "smoke-and-fix-verified", "definition-recorded", "emergency-cab-signed",
)  # fmt: skip
"""What the template governed-emergency lists [S1.36]."""


def refuse_criterion(criterion: str, policy: tuple[str, ...]) -> None:
    """Raises BadInput for a criterion that the policy does not list [S1.36]."""
    if criterion and policy and criterion not in policy:
        raise BadInput(f"'{criterion}' is no emergency by policy.{did_you_mean(criterion, policy)}")


def refuse_without_criterion(plan: Plan, policy: tuple[str, ...]) -> None:
    """Raises BadInput for an emergency that does not say by which of the policy's criteria it is one."""
    if plan.type == "emergency" and policy and not plan.emergency_criterion:
        raise BadInput(
            f"An emergency says by which criterion of the policy it is one: {', '.join(policy)}. "
            "Choose it with --criterion, or in the form."
        )


def refuse_ungoverned(plan: Plan) -> None:
    """Raises BadInput for an emergency without the criteria that the policy wants of each [S1.36]."""
    missing = [name for name in EMERGENCY_CRITERIA if name not in plan.criteria]
    if plan.type != "emergency" or "all" in plan.criteria or not missing:
        return
    way_out = (
        f"{plan.copied_from} was not governed either: create a new one"
        if plan.copied_from
        else f"the template {plan.template} lists not all of them. Take the template governed-emergency"
    )
    raise BadInput(
        f"The policy wants every emergency governed (governed_emergencies): {', '.join(missing)}. Here "
        f"{way_out}{' from the template governed-emergency' if plan.copied_from else ''}."
    )
