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
from freight.domain.money import money, unit_of
from freight.domain.plan import Plan, Proof
from freight.domain.wording import unknown
from freight.errors import AuditError, EngineError, NoSolution
from freight.model.audit import audit
from freight.model.compile import Compiled, compile_instance
from freight.model.decode import decode
from freight.model.reasons import explained
from freight.model.totals import totals_of
from freight.requests.planning import AUTO, PlanRequest
from freight.requests.watching import Watcher
from solvers.linear.backends import BACKENDS
from solvers.network_design.loading.repair import mended
from solvers.network_design.registry import METHODS, method_class
from solvers.network_design.statement.incumbent import DEFECT
from solvers.network_design.statement.method import Method
from solvers.network_design.statement.places import returning
from solvers.network_design.statement.problem import NetworkDesign
from solvers.network_design.statement.result import Result
from solvers.network_design.statement.verify import verify
from solvers.options import Clock, Options
from solvers.outcome import Outcome, SolverError, Stop, relative_gap

SMALL = 20_000
"""Arcs × commodities up to which the compact model is stated whole."""
LARGE_METHOD = "matheuristic"
"""What ``auto`` takes beyond that."""
MOST_SHOWN = 10


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
    options.listener.iterated("charges and audit", 0)
    found = planned(instance, choice, result, (clock.seconds, options.gap))
    return explained(instance, found, choice.compiled)


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

    What is left behind has no reason yet: :func:`freight.model.reasons.explained` gives it.

    ``effort`` is what the result took in seconds and the gap that was asked for.
    """
    found = _plan_of(choice.compiled, result, choice, effort)
    findings = audit(instance, found)
    if findings:
        raise AuditError(_defect("The plan does not survive its audit", [str(f) for f in findings]))
    return found


def solve(choice: Choice, options: Options) -> Result:
    """A verified result; raises as ``plan`` does.

    The solution of the result is there; a plan is made of it by ``plan`` alone.
    """
    return _solved(choice.compiled, method_of(choice), options)


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
        kept = _mended(compiled, result)
        if kept is None:
            messages = [one.message for one in checked.violations]
            head = f"The solution of {result.method} breaks its problem"
            raise AuditError(_defect(head, messages))
        return kept
    if abs(checked.objective - result.objective) > 1e-6 * max(1.0, abs(checked.objective)):
        message = f"it says {result.objective:.6f}, its paths cost {checked.objective:.6f}."
        raise AuditError(_defect(f"The objective of {result.method} is wrong", [message]))
    if DEFECT in result.notes:
        message = str(result.notes[DEFECT])
        raise AuditError(_defect(f"A bound of {result.method} is wrong", [message]))
    return result


def _mended(compiled: Compiled, result: Result) -> Result | None:
    """The result of a method that lets boxes come back to terminals, mended where they do.

    None where that was not its fault, or where mending breaks another rule. The bound stays: a
    method that allows more proves no more.
    """
    problem, solution = compiled.problem, result.solution
    if solution is None or not returning(problem, solution.commodity, solution.path_arcs).any():
        return None
    kept = mended(problem, solution)
    if kept is None:
        return None
    objective = verify(problem, kept).objective
    gap = relative_gap(objective, result.bound)
    if result.outcome is Outcome.OPTIMAL and (gap is None or gap > 1e-6):
        result = replace(result, outcome=Outcome.FEASIBLE, stop=Stop.CONVERGED)
    return replace(result, solution=kept, objective=objective)


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
            "shipment left out. Check committed departures and daily capacities."
        )
    limit = f"{result.method} stopped ({result.stop}) after {result.seconds:.1f} s"
    count = len(compiled.instance.shipments)
    return f"No plan found: {limit} on {count:,} shipments. Give it more time or another method."


def _plan_of(
    compiled: Compiled, result: Result, choice: Choice, effort: tuple[float, float]
) -> Plan:
    instance = compiled.instance
    if result.solution is None:
        raise NoSolution(_no_solution(compiled, result))
    decoded = decode(compiled, result.solution)
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
    """The result in the plan's own cents.

    Rounding to cents may put the bound a little above the plan; then it is the plan's cost. Raises
    AuditError where it lies above by more.
    """
    bound = result.bound
    departures = choice.compiled.problem.designs
    if bound is not None and bound > objective:
        unit = float(unit_of(choice.compiled.instance.statement.currency))
        if bound - objective > unit * (1 + departures) + 1e-6 * abs(objective):
            message = f"no plan is said to cost less than {bound:,.2f}, this one {objective:,.2f}."
            raise AuditError(_defect(f"The bound of {result.method} is wrong", [message]))
        bound = objective
    return Proof(
        outcome=result.outcome.value,
        stop=None if result.stop is None else result.stop.value,
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
