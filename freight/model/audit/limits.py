"""What no audit can recompute, said in sentences: what a reader has to take from the plan."""

from __future__ import annotations

from collections.abc import Iterator

from freight.domain.money import shown
from freight.domain.plan import Plan


def not_recomputed(plan: Plan) -> list[str]:
    """Claims of a plan that holds which rest on more than the plan and its instance."""
    return list(_claims(plan))


def _claims(plan: Plan) -> Iterator[str]:
    proof = plan.proof
    if proof.bound is not None:
        amount = f"{shown(proof.bound, plan.currency)} {plan.currency}"
        yield (
            f"That no plan costs less than {amount} was proved by {proof.method}; only another "
            "solve can check it."
        )
    if plan.unserved:
        yield "The reasons given for boxes that stay behind are the planner's."
    if plan.agreement is not None:
        yield (
            f"That the owners agreed on their shares ({plan.agreement.rule}) is what the plan "
            "says; settlements follow from them."
        )
    if plan.drayage is not None:
        yield "Doors, their hours, and what trucks cost are what the plan says."
    yield "How it was solved, and where the instance was read from, is what the plan says."
