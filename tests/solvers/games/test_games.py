"""Cost games against the literature, an independent package, and their own axioms."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import coopgame
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from solvers.games import (
    BoundedGame,
    Certainty,
    CostGame,
    Sampling,
    bounded_stability,
    equal_profit,
    has_core,
    least_core,
    members,
    nucleolus,
    prenucleolus,
    proportional,
    sampled_shapley,
    shapley,
    stability,
)
from solvers.outcome import SolverFailed

EXACT: dict[str, Any] = {"abs": 1e-6, "rel": 0}

TVA = CostGame.from_table(
    3,
    {
        (0,): 163_520, (1,): 140_826, (2,): 250_096,
        (0, 1): 301_607, (0, 2): 378_821, (1, 2): 367_370, (0, 1, 2): 412_584,
    },
)  # fmt: skip
"""Tennessee Valley Authority in thousand dollars: navigation, flood control, power."""

TRUCK = CostGame.from_table(
    3,
    {(0,): 88, (1,): 92, (2,): 70, (0, 1): 100, (0, 2): 119, (1, 2): 112, (0, 1, 2): 120},
)
"""One truck delivering to three customers (LINDO model library, SHAPLEY.lng)."""


def airport(costs: list[float]) -> CostGame:
    """The runway must serve the largest aircraft of the coalition."""
    return CostGame.of(len(costs), lambda who: max(costs[i] for i in who))


def bankruptcy(estate: float, claims: list[float]) -> CostGame:
    """The bankruptcy game as negative costs: a coalition gets what the others leave over."""
    total = sum(claims)
    return CostGame.of(
        len(claims), lambda who: -max(0.0, estate - (total - sum(claims[i] for i in who)))
    )


def random_game(seed: int, players: int, subadditive: bool) -> CostGame:
    """Integer costs: a set-up shared by all plus own parts, or no structure at all."""
    rng = np.random.default_rng(seed)
    cost = rng.integers(1, 100, 1 << players).astype(float)
    if subadditive:
        own = rng.integers(5, 30, players)
        cost = CostGame.of(players, lambda who: 50 + sum(own[i] for i in who)).cost.copy()
        cost += rng.integers(0, 10, 1 << players)
    cost[0] = 0
    return CostGame(cost)


def worth(game: CostGame) -> coopgame.Game:
    """The same game for the independent package, which maximizes."""
    return coopgame.Game([-c for c in game.cost[1:]])


def theirs(found: dict[str, Any]) -> Any:
    """An allocation of the other package as costs."""
    return -np.array(found["allocation"])


def littlechild(costs: list[float]) -> list[float]:
    """Nucleolus of an airport game by the recursion of Littlechild (1974); costs ascending."""
    n, share = len(costs), [0.0] * len(costs)
    done, rate, base = 0, 0.0, 0.0
    while done < n:
        options = [((costs[i] - base + rate) / (i - done + 2), i) for i in range(done, n - 1)]
        options.append(((costs[-1] - base + rate) / (n - done), n - 1))
        rate, last = min(options, key=lambda one: (one[0], -one[1]))
        for j in range(done, last + 1):
            share[j] = rate
        done, base = last + 1, costs[last]
    return share


def test_airport_shapley_shares_every_stretch_among_its_users() -> None:
    """Costs 8, 11, 13, 18: 8/4=2, then +3/3=3, then +2/2=4, then +5=9 (Littlechild, Owen 1973)."""
    assert shapley(airport([8, 11, 13, 18])) == pytest.approx([2, 3, 4, 9], **EXACT)


@pytest.mark.parametrize("costs", [[8, 11, 13, 18], [1, 2, 3], [5, 5, 5], [2, 9, 10, 30, 31, 32.5]])
def test_airport_nucleolus_follows_the_recursion(costs: list[float]) -> None:
    """Littlechild (1974) gives the nucleolus of an airport game in closed form."""
    assert nucleolus(airport(costs)) == pytest.approx(littlechild(costs), **EXACT)


@pytest.mark.parametrize(
    ("estate", "shares"),
    [(100, [100 / 3] * 3), (200, [50, 75, 75]), (300, [50, 100, 150])],
)
def test_talmud_estates_are_divided_by_the_nucleolus(estate: float, shares: list[float]) -> None:
    """Claims 100, 200, 300 in the Talmud's three estates (Aumann, Maschler 1985)."""
    game = bankruptcy(estate, [100, 200, 300])
    assert -nucleolus(game) == pytest.approx(shares, **EXACT)
    assert -prenucleolus(game) == pytest.approx(shares, **EXACT)


def test_valley_authority_matches_the_published_values() -> None:
    """Straffin, Heaney (1981): Shapley and nucleolus of the three purposes of the dams."""
    assert shapley(TVA) == pytest.approx([117_829, 100_756.5, 193_998.5], **EXACT)
    assert nucleolus(TVA) == pytest.approx([116_234, 93_540, 202_810], **EXACT)
    assert stability(TVA, shapley(TVA)).in_core


def test_shared_truck_matches_the_average_over_orders() -> None:
    """A joins first twice at 88, after B at 8, after C at 49, last twice at 8: 249/6 = 41.5."""
    assert shapley(TRUCK) == pytest.approx([41.5, 40.0, 38.5], **EXACT)
    # pairs alone pay 100 + 119 + 112 = 331 for twice the work of all: 331/2 > 120, a core exists
    assert has_core(TRUCK)


def test_proportional_keys_share_the_total() -> None:
    """Alone 10, 40, 80, together 105: everybody saves 25/130 of the own cost."""
    shares = proportional(105.0, np.array([10.0, 40.0, 80.0]))
    assert shares == pytest.approx([10 * 105 / 130, 40 * 105 / 130, 80 * 105 / 130], **EXACT)


def test_proportional_refuses_measures_without_shares() -> None:
    """A measure of zeros or with a negative entry is named in the message."""
    with pytest.raises(ValueError, match=r"not all 0\."):
        proportional(10.0, np.zeros(2))
    with pytest.raises(ValueError, match=r"\[-1\.0, 2\.0\]"):
        proportional(10.0, np.array([-1.0, 2.0]))


def test_majority_game_has_an_empty_core_with_its_certificate() -> None:
    """Any two of three win 1: the least core is -1/3, proved by weights 1/3 on the pairs."""
    game = CostGame.of(3, lambda who: -1.0 if len(who) > 1 else 0.0)
    found = least_core(game)
    assert found.epsilon == pytest.approx(-1 / 3, **EXACT)
    assert not has_core(game)
    assert dict(found.weights) == pytest.approx({3: 1 / 3, 5: 1 / 3, 6: 1 / 3}, **EXACT)
    assert prenucleolus(game) == pytest.approx([-1 / 3] * 3, **EXACT)


def test_glove_game_has_a_single_core_point() -> None:
    """Two left gloves, one right: the right glove gets everything."""
    game = CostGame.of(3, lambda who: -1.0 if 2 in who and len(who) > 1 else 0.0)
    assert nucleolus(game) == pytest.approx([0, 0, -1], **EXACT)
    found = stability(game, np.array([-0.1, -0.1, -0.8]))
    assert not found.in_core
    # {0, 2} and {1, 2} could have 1 and get 0.9
    assert found.objections == ((0b101, pytest.approx(0.1)), (0b110, pytest.approx(0.1)))


def test_nucleolus_without_imputation_points_to_the_prenucleolus() -> None:
    """Where staying apart is cheaper for all, no imputation exists."""
    game = CostGame(np.array([0.0, 1.0, 1.0, 3.0]))
    with pytest.raises(ValueError, match=r"Alone the players cost 2, together 3.*prenucleolus\."):
        nucleolus(game)
    assert prenucleolus(game) == pytest.approx([1.5, 1.5], **EXACT)


@pytest.mark.parametrize("players", [2, 3, 4, 5, 6])
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("subadditive", [True, False])
def test_an_independent_package_agrees(players: int, seed: int, subadditive: bool) -> None:
    """Shapley, least core, prenucleolus and nucleolus equal those of coopgame on random games."""
    game = random_game(seed, players, subadditive)
    other = worth(game)
    assert shapley(game) == pytest.approx(-np.array(coopgame.shapley(other)), **EXACT)
    assert prenucleolus(game) == pytest.approx(theirs(coopgame.prenucleolus(other)), **EXACT)
    if game.alone.sum() >= game.total:
        assert nucleolus(game) == pytest.approx(theirs(coopgame.nucleolus(other)), **EXACT)


@pytest.mark.parametrize("players", [8, 10])
def test_larger_games_agree_too(players: int) -> None:
    """Ten owners have 1,022 coalitions; the nucleolus still equals the independent one."""
    game = random_game(7, players, True)
    assert prenucleolus(game) == pytest.approx(theirs(coopgame.prenucleolus(worth(game))), **EXACT)


def all_pairs_equal_profit(game: CostGame) -> float:
    """The smallest spread of relative costs in the core, written with every pair of players."""
    n, rows, most = game.players, [], []
    for i, j in permutations(range(n), 2):
        row = np.zeros(n + 1)
        row[i], row[j], row[n] = 1 / game.alone[i], -1 / game.alone[j], -1
        rows.append(row)
        most.append(0.0)
    for mask in game.proper:
        rows.append(np.append(game.indicator[mask], 0.0))
        most.append(game.cost[mask])
    found = linprog(
        np.append(np.zeros(n), 1.0), A_ub=np.array(rows), b_ub=np.array(most),
        A_eq=np.append(np.ones(n), 0.0)[None, :], b_eq=[game.total],
        bounds=(None, None),
    )  # fmt: skip
    return float(found.fun)


@pytest.mark.parametrize("game", [TVA, TRUCK, airport([8, 11, 13, 18])])
def test_equal_profit_has_the_smallest_spread_in_the_core(game: CostGame) -> None:
    """The compact program reaches the optimum of the one written with all pairs."""
    shares = equal_profit(game)
    relative = shares / game.alone
    spread = relative.max() - relative.min()
    assert spread == pytest.approx(all_pairs_equal_profit(game), **EXACT)
    assert stability(game, shares, tolerance=1e-8).in_core


def test_equal_profit_is_proportional_where_the_core_allows_it() -> None:
    """With a wide core everybody saves the same share of the own cost."""
    game = CostGame.from_table(2, {(0,): 30.0, (1,): 70.0, (0, 1): 80.0})
    assert equal_profit(game) == pytest.approx([24, 56], **EXACT)


def test_equal_profit_within_the_least_core_reaches_its_epsilon() -> None:
    """The most equal point of the least core leaves every coalition at least ε."""
    found = least_core(TVA)
    shares = equal_profit(TVA, found.epsilon)
    assert stability(TVA, shares).smallest_excess == pytest.approx(found.epsilon, abs=1e-4)
    with pytest.raises(SolverFailed, match="No allocation lets every coalition save"):
        equal_profit(TVA, found.epsilon + 1000)


def test_equal_profit_refuses_a_player_that_costs_nothing() -> None:
    """A relative saving of nothing does not exist."""
    with pytest.raises(ValueError, match=r"Player 1 costs 0 alone"):
        equal_profit(CostGame(np.array([0.0, 3.0, 0.0, 3.0])))


games = st.integers(2, 5).flatmap(
    lambda n: st.lists(st.integers(-50, 100), min_size=(1 << n) - 1, max_size=(1 << n) - 1)
).map(lambda costs: CostGame(np.array([0.0, *map(float, costs)])))  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(games)
def test_values_share_everything_and_lie_where_they_must(game: CostGame) -> None:
    """Shapley and prenucleolus are efficient; the prenucleolus reaches the least core's ε."""
    one, two = shapley(game), prenucleolus(game)
    assert one.sum() == pytest.approx(game.total, **EXACT)
    assert two.sum() == pytest.approx(game.total, **EXACT)
    found = least_core(game)
    assert stability(game, two).smallest_excess == pytest.approx(found.epsilon, **EXACT)
    assert stability(game, two, tolerance=1e-7).in_core == (found.epsilon >= -1e-5)


@settings(max_examples=40, deadline=None)
@given(games, st.lists(st.integers(-20, 20), min_size=5, max_size=5), st.floats(0.5, 3))
def test_values_move_with_the_costs(game: CostGame, own: list[int], factor: float) -> None:
    """Adding an own cost to a player, or scaling, changes the shares by just that."""
    shift = np.array(own[: game.players], dtype=float)
    moved = CostGame(factor * game.cost + game.indicator @ shift)
    for value in (shapley, prenucleolus):
        assert value(moved) == pytest.approx(factor * value(game) + shift, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(games, st.integers(0, 4))
def test_a_dummy_pays_its_own_cost(game: CostGame, own: int) -> None:
    """A player that adds the same amount to every coalition pays that amount."""
    wider = CostGame(np.concatenate([game.cost, game.cost + own]))
    assert shapley(wider)[-1] == pytest.approx(own, abs=1e-6)
    assert prenucleolus(wider)[-1] == pytest.approx(own, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(games)
def test_equal_players_pay_the_same(game: CostGame) -> None:
    """Players 0 and 1 made interchangeable by averaging the game with its mirror image."""
    masks = np.arange(len(game.cost))
    swapped = (masks & ~3) | (masks & 1) << 1 | (masks & 2) >> 1
    fair = CostGame((game.cost + game.cost[swapped]) / 2)
    for value in (shapley, prenucleolus):
        shares = value(fair)
        assert shares[0] == pytest.approx(shares[1], abs=1e-6)


def test_sampling_covers_the_exact_value_and_is_repeatable() -> None:
    """Over 40 seeds the 95 % intervals hold the exact value in about 95 % of the cases."""
    game = random_game(3, 8, True)
    exact = shapley(game)
    oracle = game.cost.tolist()
    hits = []
    for seed in range(40):
        rules = Sampling(rounds=30, seed=seed)
        found = sampled_shapley(8, lambda masks: [oracle[m] for m in masks], rules)
        assert found.value.sum() == pytest.approx(game.total)
        hits.append((found.low <= exact) & (exact <= found.high))
    assert 0.9 <= np.mean(hits) <= 0.99
    again = sampled_shapley(8, lambda masks: [oracle[m] for m in masks], Sampling(30, seed=39))
    assert np.array_equal(again.value, found.value)
    assert again.orders == 60


def test_stratified_sampling_is_exact_where_only_the_position_counts() -> None:
    """Costs that depend on the coalition's size alone need no luck: every interval is a point."""
    found = sampled_shapley(
        20, lambda masks: [m.bit_count() ** 0.5 for m in masks], Sampling(2, stratified=True)
    )
    assert found.value == pytest.approx(np.full(20, 20**0.5 / 20))
    assert found.half_width == pytest.approx(np.zeros(20), abs=1e-12)
    assert found.orders == 80


def test_few_orders_that_agree_do_not_pass_for_certainty() -> None:
    """Three players whose shares are 7.5, 15.5 and 27: the same pair of orders drawn twice.

    c(1) = 10, c(2) = 20, c(12) = 25, c(3) = 30, c(13) = 38, c(23) = 44, c(123) = 50.
    """
    cost = [0.0, 10.0, 20.0, 25.0, 30.0, 38.0, 44.0, 50.0]
    exact = np.array([7.5, 15.5, 27.0])
    assert shapley(CostGame(np.array(cost))) == pytest.approx(exact)
    exactly = 0
    for seed in range(60):
        found = sampled_shapley(3, lambda masks: [cost[m] for m in masks], Sampling(2, seed=seed))
        assert (found.low <= exact + 1e-9).all()
        assert (exact <= found.high + 1e-9).all()
        if found.coalitions == 7:
            exactly += 1
            assert found.value == pytest.approx(exact)
            assert found.half_width == pytest.approx(np.zeros(3))
    assert 0 < exactly < 60


def test_what_is_within_rounding_of_a_coalitions_cost_is_no_objection_for_sure() -> None:
    """Shares of 20 million that miss a plan by parts of a cent: open by the bound, not certain."""
    alone = np.array([20e6, 10e6, 5e6])
    belongs = np.array([[mask >> i & 1 for i in range(3)] for mask in range(8)])
    upper = belongs @ alone
    paid = alone + np.array([3e-9, -1e-9, -2e-9])
    found = bounded_stability(BoundedGame(upper * 0.998, upper), paid)
    assert found.in_core is Certainty.UNDECIDED
    assert all(least <= 0.0 for _, least, _ in found.objections)


def test_sampling_refuses_what_has_no_interval() -> None:
    """One round, a confidence of 1 or 63 players are refused with the reason."""
    with pytest.raises(ValueError, match="1 rounds give no confidence interval"):
        Sampling(rounds=1)
    with pytest.raises(ValueError, match="confidence is 1"):
        Sampling(confidence=1.0)
    with pytest.raises(ValueError, match="63 players cannot be sampled"):
        sampled_shapley(63, lambda masks: [0.0 for _ in masks])


def test_intervals_say_only_what_is_certain() -> None:
    """Alone 10 or 9..10 each, together 16: what is sure, what is open, what is refuted."""
    game = BoundedGame(np.array([0.0, 9.0, 9.0, 15.0]), np.array([0.0, 10.0, 10.0, 16.0]))
    assert bounded_stability(game, np.array([8.0, 8.0])).in_core is Certainty.YES
    # 9.5 lies between 9 and 10: player 0 pays 0.5 less than its plan, up to 0.5 above its bound
    open_case = bounded_stability(game, np.array([9.5, 6.5]))
    assert open_case.in_core is Certainty.UNDECIDED
    assert open_case.objections == ((1, pytest.approx(-0.5), pytest.approx(0.5)),)
    refuted = bounded_stability(game, np.array([11.0, 5.0]))
    assert refuted.in_core is Certainty.NO
    assert refuted.objections[0] == (1, pytest.approx(1.0), pytest.approx(2.0))
    # φ_0 = ½(c_0 + 16 - c_1): from ½(9 + 6) = 7.5 to ½(10 + 7) = 8.5
    low, high = game.shapley_range()
    assert low == pytest.approx([7.5, 7.5])
    assert high == pytest.approx([8.5, 8.5])
    assert game.core_exists() is Certainty.YES


def test_core_existence_is_judged_from_both_ends() -> None:
    """Alone together between 14 and 18 for a joint plan of 16: open; above 18: impossible."""
    lower = np.array([0.0, 7.0, 7.0, 13.0])
    assert BoundedGame(lower, np.array([0.0, 9, 9, 16])).core_exists() is Certainty.UNDECIDED
    assert BoundedGame(lower, np.array([0.0, 9, 9, 19])).core_exists() is Certainty.NO


@settings(max_examples=40, deadline=None)
@given(games, st.integers(0, 1000))
def test_every_game_within_the_intervals_obeys_them(game: CostGame, seed: int) -> None:
    """Shapley values of games drawn from the intervals stay in range, verdicts stay true."""
    rng = np.random.default_rng(seed)
    width = rng.uniform(0, 20, len(game.cost))
    width[0] = 0
    bounded = BoundedGame(game.cost - width, game.cost)
    low, high = bounded.shapley_range()
    drawn = game.cost - width * rng.uniform(0, 1, len(game.cost))
    drawn[-1] = game.cost[-1]
    inside = CostGame(drawn)
    value = shapley(inside)
    assert (value >= low - 1e-6).all()
    assert (value <= high + 1e-6).all()
    verdict = bounded_stability(bounded, value).in_core
    truth = stability(inside, value).in_core
    assert verdict is Certainty.UNDECIDED or (verdict is Certainty.YES) == truth


def test_faulty_games_are_refused_with_their_values() -> None:
    """Wrong length, a cost of nothing, values that are not finite, crossed ends, wrong sums."""
    with pytest.raises(ValueError, match="cost has 3 entries"):
        CostGame(np.zeros(3))
    with pytest.raises(ValueError, match="empty coalition costs 1"):
        CostGame(np.array([1.0, 2.0]))
    with pytest.raises(ValueError, match="not finite"):
        CostGame(np.array([0.0, np.nan]))
    with pytest.raises(ValueError, match="Coalition 1 has lower cost 3 above its upper cost 2"):
        BoundedGame(np.array([0.0, 3.0]), np.array([0.0, 2.0]))
    with pytest.raises(ValueError, match="adds up to 100, the cost to share is 412584"):
        stability(TVA, np.array([50.0, 25.0, 25.0]))
    with pytest.raises(ValueError, match="one amount for each of 3 players"):
        stability(TVA, np.array([50.0, 25.0]))


def test_a_single_player_pays_everything() -> None:
    """Every rule agrees when there is nobody to share with."""
    game = CostGame(np.array([0.0, 7.0]))
    for rule in (shapley, nucleolus, prenucleolus, equal_profit):
        assert rule(game) == pytest.approx([7.0])
    assert least_core(game).epsilon == 0.0
    assert stability(game, np.array([7.0])).in_core


def test_members_reads_a_mask() -> None:
    """Bits 0 and 3 are players 0 and 3."""
    assert members(0b1001) == (0, 3)
