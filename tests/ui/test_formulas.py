"""The formulas of layers, filled: what they say is worked out again from the very numbers that are written."""

import math
import re

import numpy as np
import pytest
import torch
from torch import nn

from mnist_viz.analysis import passage
from mnist_viz.ui.convolving import formula_lines, formulas


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
    assert r"\frac{e^{71.00 / 0.1}}{2.234 \cdot 10^{308}}" in said and "∞" not in said


def logarithm_of_written(latex: str) -> float:
    r"""ln of "10.19" or of "2.234 \cdot 10^{308}"."""
    mantissa, _times, power = latex.partition(r" \cdot 10^{")
    return math.log(float(mantissa)) + (int(power.rstrip("}")) * math.log(10) if power else 0)


def test_a_calculator_confirms_the_last_digit_of_a_written_softmax() -> None:
    random = np.random.default_rng(5)
    lengths = []
    for _case in range(400):
        scores = random.normal(0, random.choice([0.3, 3, 15]), 10)
        temperature = float(random.choice([0.1, 0.2, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 20]))
        tempered = scores / temperature
        target, logarithm = int(scores.argmax()), float(np.logaddexp.reduce(tempered))
        share = float(np.exp(tempered - tempered.max())[target] / np.exp(tempered - tempered.max()).sum())
        said = formulas.softmax(scores[target], share, target, logarithm, temperature)
        found = re.search(r"\\frac\{e\^\{(-?[\d.]+)(?: / ([\d.]+))?\}\}\{([^=]+)\} = ([\d.]+)$", said)
        assert found is not None, said
        again = math.exp(float(found[1]) / float(found[2] or 1) - logarithm_of_written(found[3]))
        last = 10.0 ** -len(found[4].partition(".")[2])
        assert abs(again - float(found[4])) <= last and float(found[4]) == pytest.approx(share, abs=0.51 * last), said
        lengths.append(len(found[1]) + len(found[3].partition(" ")[0]))
    assert max(lengths) <= 15 and np.mean(lengths) < 12


def test_the_softmax_of_scores_without_end_is_still_written() -> None:
    assert "∞" in formulas.softmax(math.inf, math.nan, 0, math.inf, 1.0)


def test_a_number_below_0_has_one_pair_of_brackets() -> None:
    for layer, said in ((nn.ReLU(), r"\max(0, -6.28) = 0"), (nn.Tanh(), r"\tanh(-6.28) = -1.00")):
        found = passage.passage(nn.Sequential(layer), torch.tensor([[-6.28, 1.0]]), "0")
        assert formulas.formula(found)[1] == said


def test_a_formula_is_broken_between_its_terms_and_never_inside_a_number() -> None:
    for formula, broken in (
        (r"L = -\ln (1 - 1.5 \cdot 10^{-6}) = 1.5", r"{L} = {-\ln (1 - 1.5 \cdot 10^{-6})} = {1.5}"),
        (r"(-3) \cdot 2 + \underbrace{1 + 2}_{a = b} = 4", r"{(-3) \cdot 2} + {\underbrace{1 + 2}_{a = b}} = {4}"),
        ("y", "{y}"),
    ):
        assert formula_lines.breakable(formula) == broken
