"""Pseudo-costs: averages of what was seen, guesses by weight of what was not."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.linear.pseudo_costs import PseudoCosts


def test_scores_are_products_of_mean_rises() -> None:
    """Rises of 4 and 8 over steps of 0.5 average 12 a unit down; 6 over 0.5 is 12 a unit up."""
    costs = PseudoCosts(np.array([1.0]), 1e-6)
    costs.learn(0, 0, 0.5, 4.0)
    costs.learn(0, 0, 0.5, 8.0)
    costs.learn(0, 1, 0.5, 6.0)
    assert costs.score(np.array([0.25])) == pytest.approx([12 * 0.25 * 12 * 0.75])


def test_unknown_columns_are_guessed_by_weight() -> None:
    """A column rises by 3 times its weight: another of weight 5 is expected to rise by 15."""
    costs = PseudoCosts(np.array([2.0, 5.0]), 1e-6)
    costs.learn(0, 0, 1.0, 6.0)
    costs.learn(0, 1, 1.0, 6.0)
    assert costs.score(np.array([0.5, 0.5])) == pytest.approx([3.0 * 3.0, 7.5 * 7.5])
    assert costs.seen(np.array([0, 1])).tolist() == [1.0, 0.0]


def test_a_falling_bound_teaches_nothing_negative() -> None:
    """A rise below 0 counts as 0, and scores never fall below the least product."""
    costs = PseudoCosts(np.array([1.0]), 1e-3)
    costs.learn(0, 0, 1.0, -7.0)
    costs.learn(0, 1, 1.0, 0.0)
    assert costs.score(np.array([0.5])) == pytest.approx([1e-6])
