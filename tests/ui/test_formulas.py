"""The formulas of layers, filled: what they say is worked out again from the very numbers that are written."""

import math
import re

import numpy as np
import pytest
import torch
from torch import nn

from mnist_viz.analysis import passage
from mnist_viz.ui.convolving import formulas


def worked_out(latex: str) -> float:
    """What a formula of sums, products, one fraction and roots comes to."""
    python = latex.replace(r"\cdot 10^{", "* 10**{").replace(r"\cdot", "*").replace(r"\sqrt{", "math.sqrt{")
    python = re.sub(r"\\frac\{(.*?)\}\{(math.*?\}\})\}", r"((\1)/(\2))", python)
    return float(eval(python.replace("{", "(").replace("}", ")"), {"math": math}))


@pytest.mark.parametrize("layer", [nn.BatchNorm2d(1), nn.LayerNorm(2)])
def test_a_norm_s_formula_has_the_epsilon_without_which_it_would_be_false(layer: nn.Module) -> None:
    model = nn.Sequential(layer).eval().requires_grad_(False)
    if isinstance(layer, nn.BatchNorm2d):
        assert layer.running_var is not None
        layer.running_var.fill_(2e-5)
    given = torch.tensor([[[[0.0, 0.001], [0.002, 0.004]]]])
    found = passage.passage(model, given, "0")
    general, filled = formulas.formula(found)
    left, _equals, value = filled.rpartition(" = ")
    assert r"+ \varepsilon" in general and r"+ 1 \cdot 10^{-5}" in left
    assert worked_out(left) == pytest.approx(float(value), rel=0.01)


def test_a_softmax_of_large_scores_at_a_low_temperature_has_no_endless_denominator() -> None:
    said = formulas.softmax(71.0, 1.0, 3, float(np.logaddexp.reduce(np.array([71.0, 3.0]) / 0.1)), 0.1)
    assert r"\frac{e^{71.00 / 0.1}}{2.23 \cdot 10^{308}}" in said and "∞" not in said
