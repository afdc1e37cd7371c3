"""The main job: an instance becomes an audited plan.

compile → choose a method → solve → verify the rows → decode → audit → plan with its proof. Nothing
a method says is believed: its solution is checked against the arrays by
:mod:`solvers.network_design.statement.verify`, and the plan made of it against the instance by
:mod:`freight.model.audit`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from freight.domain.instance import Instance
from freight.domain.money import money
from freight.domain.plan import Plan, Proof, Unserved
from freight.domain.wording import unknown
from freight.errors import AuditError, EngineError, NoSolution
from freight.model.audit import audit
from freight.model.compile import Compiled, compile_instance, given_away
from freight.model.decode import Decoded, decode, kept_returns
from freight.model.detours import closed_at_no_loss, closing_arcs, forbidden, left_behind
from freight.model.reasons import reasons_of
from freight.model.totals import totals_of
from freight.requests.planning import AUTO, PlanRequest
from freight.requests.watching import Watcher
from solvers.errors import SolverError
from solvers.linear.backends import BACKENDS
from solvers.network_design.registry import METHODS, method_class
from solvers.network_design.statement.method import Method
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Result
from solvers.network_design.statement.verify import verify
from solvers.options import Clock, Options
from solvers.outcome import Outcome, Stop, relative_gap

SMALL = 20_000
"""Arcs × commodities up to which the compact model is stated whole."""
LARGE_METHOD = "matheuristic"
"""What ``auto`` takes beyond that."""
MOST_SHOWN = 10
DETOUR_ROUNDS = 8
ROUNDING = 1.0
"""What rounding to cents may add up to, in the base currency."""
CENT = 0.01
LEAST_SECONDS = 1.0
"""Time left to a solve that repeats another one, however late it is."""


@dataclass(frozen=True)
class Choice:
    """A method with its backend, why it was chosen, and the problem it is to solve.

    ``engine`` is the method itself where its fields are not to be the usual ones.
    """

    name: str
    backend: str
    reason: str
    compiled: Compiled
    engine: Method | None = None


def choose_method(problem: NetworkDesign) -> tuple[str, str]:
    """The method for a problem and why, in a sentence."""
    size = problem.arcs * problem.commodities
    about = f"{problem.arcs:,} arcs × {problem.commodities:,} commodities"
    if size <= SMALL:
        return "arc-mip", f"{about} is small enough to state whole and solve exactly."
    return (
        LARGE_METHOD,
        f"{about} is too large to state whole; itineraries are generated as needed.",
    )


def choose(instance: Instance, method: str = AUTO, backend: str = "highs") -> Choice:
    """Compile an instance and settle the method; raises InstanceError for an unknown one."""
    if method != AUTO and method not in METHODS:
        raise unknown("method", method, [AUTO, *METHODS])
    if backend not in BACKENDS:
        raise unknown("backend", backend, list(BACKENDS))
    compiled = compile_instance(instance)
    if method != AUTO:
        return Choice(method, backend, "as asked.", compiled)
    name, reason = choose_method(compiled.problem)
    return Choice(name, backend, reason, compiled)


def plan(
    instance: Instance,
    method: str | Choice = AUTO,
    backend: str = "highs",
    options: Options | None = None,
) -> Plan:
    """Plan an instance.

    Raises EngineError when a method or backend is missing or fails, NoSolution when no plan exists
    or none was found in time, AuditError when a result does not survive its recomputation.
    """
    options = options or Options()
    clock = Clock(options)
    choice = method if isinstance(method, Choice) else choose(instance, method, backend)
    result = solve(choice, options)
    return planned(instance, choice, result, (clock.seconds, options.gap))


def plan_as_asked(instance: Instance, request: PlanRequest, watcher: Watcher | None = None) -> Plan:
    """Plan an instance by the record of a request; raises as :func:`plan` does."""
    watch = watcher or Watcher()
    options = watch.options(request.seconds, request.gap, request.seed, request.threads)
    watch.began("drawing the network")
    choice = choose(instance, request.method, request.backend)
    if request.method == AUTO:
        watch.hear(f"Method {choice.name}: {choice.reason}")
    watch.began(f"solving by {choice.name}")
    return plan(instance, choice, options=options)


def planned(
    instance: Instance, choice: Choice, result: Result, effort: tuple[float, float]
) -> Plan:
    """The audited plan of a result that ``solve`` gave; raises AuditError, NoSolution.

    ``effort`` is what the result took in seconds and the gap that was asked for.
    """
    found = _plan_of(choice.compiled, result, choice, effort)
    findings = audit(instance, found)
    if findings:
        raise AuditError(_defect("The plan does not survive its audit", [str(f) for f in findings]))
    return found


def solve(choice: Choice, options: Options) -> Result:
    """A verified result without returns to a terminal; raises as ``plan`` does.

    The solution of the result is there; a plan is made of it by ``plan`` alone.
    """
    clock = Clock(options)
    engine = method_of(choice)
    result = _solved(choice.compiled, engine, options)
    return _without_returns(choice.compiled, engine, result, (options, clock))


def method_of(choice: Choice) -> Method:
    """The method with its backend; raises EngineError when it is missing or takes no backend."""
    if choice.engine is not None:
        return choice.engine
    try:
        found = method_class(choice.name)
    except SolverError as error:
        raise EngineError(str(error)) from error
    except (ImportError, AttributeError) as error:
        raise EngineError(
            f"Method '{choice.name}' cannot be loaded: {error}. Choose another method."
        ) from error
    named: Any = found
    settings = {one.name for one in fields(named)}
    if "backend" in settings:
        made: Method = named(backend=choice.backend)
        return made
    if choice.backend != "highs":
        raise EngineError(
            f"Method '{choice.name}' works with backend highs only, not '{choice.backend}'. "
            "Leave the backend out, or choose method arc-mip."
        )
    return found()


def _solved(compiled: Compiled, engine: Method, options: Options) -> Result:
    """A result with a solution that satisfies every row; raises as ``plan`` does."""
    try:
        result = engine.solve(compiled.problem, options)
    except SolverError as error:
        raise EngineError(str(error)) from error
    if result.solution is None or result.objective is None:
        raise NoSolution(_no_solution(compiled, result))
    checked = verify(compiled.problem, result.solution)
    if not checked.feasible:
        messages = [one.message for one in checked.violations]
        raise AuditError(_defect(f"The solution of {result.method} breaks its problem", messages))
    if abs(checked.objective - result.objective) > 1e-6 * max(1.0, abs(checked.objective)):
        message = f"it says {result.objective:.6f}, its paths cost {checked.objective:.6f}."
        raise AuditError(_defect(f"The objective of {result.method} is wrong", [message]))
    return result


def _defect(head: str, messages: list[str]) -> str:
    shown = [f"  {one}" for one in messages[:MOST_SHOWN]]
    if len(messages) > MOST_SHOWN:
        shown.append(f"  and {len(messages) - MOST_SHOWN} more.")
    tail = "This is a defect of the program. Please report it with the instance."
    return "\n".join([f"{head}:", *shown, tail])


def _no_solution(compiled: Compiled, result: Result) -> str:
    if result.outcome.value == "infeasible":
        return (
            "No plan exists: the limits of the instance contradict each other even with every "
            "shipment left behind. Check committed departures and daily capacities."
        )
    limit = f"{result.method} stopped ({result.stop}) after {result.seconds:.1f} s"
    count = len(compiled.instance.shipments)
    return f"No plan found: {limit} on {count:,} shipments. Give it more time or another method."


def _without_returns(
    compiled: Compiled, engine: Method, first: Result, limits: tuple[Options, Clock]
) -> Result:
    """The result, or a later one, that decodes best without visiting a terminal twice.

    See :mod:`freight.model.detours`, also for which bound holds.
    """
    options, clock = limits
    best, best_objective = first, decoded_objective(compiled, first)
    result, reached = first, best_objective
    last = compiled
    pairs: set[tuple[int, int]] = set()
    for _ in range(DETOUR_ROUNDS):
        if not _dearer(reached, result, options) or result.solution is None:
            break
        pairs |= closing_arcs(compiled, result.solution)
        free = closed_at_no_loss(compiled, pairs)
        problem = forbidden(compiled.problem, pairs | free) or forbidden(compiled.problem, pairs)
        if problem is None or (clock.over and best_objective is not None):
            break
        last = replace(compiled, problem=problem)
        again = _again(last, engine, limits, best_objective is None)
        if again is None:
            break
        result, reached = again, decoded_objective(compiled, again)
        if reached is not None and (best_objective is None or reached <= best_objective + CENT):
            best, best_objective = result, reached
    if best_objective is None:
        return _with_bound(_leaving_behind(last, engine, result, limits), first)
    if best is first or pairs <= closed_at_no_loss(compiled, pairs):
        return best
    return _with_bound(best, first)


def _leaving_behind(
    compiled: Compiled, engine: Method, result: Result, limits: tuple[Options, Clock]
) -> Result:
    """A result without returns that leaves behind what had them, as often as that takes."""
    behind: set[int] = set()
    while result.solution is not None and kept_returns(compiled, result.solution):
        behind |= {k for k, _ in closing_arcs(compiled, result.solution)}
        rest = replace(compiled, problem=left_behind(compiled.problem, behind))
        again = _again(rest, engine, limits, needed=False)
        if again is None:
            raise NoSolution(
                "No plan found: every solution sends boxes back to a terminal they have been to, "
                "and they may not wait there. Raise most_dwell_days, or lower minimum loads."
            )
        result = again
    return result


def _again(
    compiled: Compiled, engine: Method, limits: tuple[Options, Clock], needed: bool
) -> Result | None:
    """One more solve in the time left; None when it finds nothing and nothing is ``needed``."""
    options, clock = limits
    limit = None if options.time_limit_seconds is None else max(LEAST_SECONDS, clock.left)
    try:
        return _solved(compiled, engine, replace(options, time_limit_seconds=limit))
    except NoSolution:
        if needed:
            raise
        return None


def decoded_objective(compiled: Compiled, result: Result) -> float | None:
    """Cost and penalty of a result as a plan; None when it visits a terminal twice.

    What others pay, see ``given_away``, is left out.
    """
    if result.solution is None or kept_returns(compiled, result.solution):
        return None
    if not closing_arcs(compiled, result.solution):
        return result.objective
    decoded = decode(compiled, result.solution)
    return float(decoded.cost + decoded.penalty) - given_away(compiled)


def _dearer(reached: float | None, result: Result, options: Options) -> bool:
    """Whether a plan costs more than its solution by more than the gap asked for."""
    if reached is None or result.objective is None:
        return True
    return reached - result.objective > max(options.gap * abs(reached), ROUNDING)


def _with_bound(result: Result, first: Result) -> Result:
    """The later result with the bound of the first."""
    gap = relative_gap(result.objective, first.bound)
    if result.outcome is Outcome.OPTIMAL and (gap is None or gap > 1e-6):
        return replace(result, bound=first.bound, outcome=Outcome.FEASIBLE, stop=Stop.CONVERGED)
    return replace(result, bound=first.bound)


def _plan_of(
    compiled: Compiled, result: Result, choice: Choice, effort: tuple[float, float]
) -> Plan:
    instance = compiled.instance
    if result.solution is None:
        raise NoSolution(_no_solution(compiled, result))
    decoded = _explained(instance, decode(compiled, result.solution))
    cost, penalty = decoded.cost, decoded.penalty
    nothing = money(0, instance.statement.currency)
    made = Plan(
        instance=instance.statement.name,
        instance_digest=instance.digest,
        currency=instance.statement.currency,
        time_zone=instance.statement.time_zone,
        cost=cost,
        unserved_penalty=penalty,
        unallocated=sum((amount for _, amount in decoded.unallocated), nothing),
        proof=_proof(result, float(cost + penalty), choice, effort),
        totals=totals_of(instance, decoded),
        departures=decoded.runs,
        itineraries=decoded.itineraries,
        unserved=decoded.unserved,
    )
    return made.with_instance(instance)


def _proof(result: Result, objective: float, choice: Choice, effort: tuple[float, float]) -> Proof:
    """The result in the plan's own cents; the bound never lies above them.

    Where waiting had to replace a return to a terminal at a price, the plan is dearer than the
    solution was and no longer optimal.
    """
    bound = None if result.bound is None else min(result.bound, objective)
    outcome, stop = result.outcome, result.stop
    solved = objective if result.objective is None else result.objective
    if outcome is Outcome.OPTIMAL and objective - solved > 1e-6 * abs(objective) + ROUNDING:
        outcome, stop = Outcome.FEASIBLE, Stop.CONVERGED
    return Proof(
        outcome=outcome.value,
        stop=None if stop is None else stop.value,
        objective=objective,
        bound=bound,
        gap=relative_gap(objective, bound),
        method=result.method,
        backend=result.backend or choice.backend,
        seed=result.seed,
        seconds=effort[0],
        asked_gap=effort[1],
        versions=result.versions,
        trace=tuple((one.seconds, one.objective, one.bound) for one in result.trace),
    )


def _explained(instance: Instance, decoded: Decoded) -> Decoded:
    """The same with a reason for everything left behind."""
    if not decoded.unserved:
        return decoded
    reasons = reasons_of(instance, [one.shipment for one in decoded.unserved])
    unserved: tuple[Unserved, ...] = tuple(
        one.model_copy(update=reasons[one.shipment].fields) for one in decoded.unserved
    )
    return replace(decoded, unserved=unserved)
