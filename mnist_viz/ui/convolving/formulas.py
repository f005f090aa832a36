"""The formula of a layer, in general and filled with a digit's own numbers, as LaTeX."""

from collections.abc import Callable
from itertools import product
from math import exp, isfinite, log
from typing import TYPE_CHECKING, Any

from mnist_viz.figures.numbers import latex, latex_exp
from mnist_viz.text import _

if TYPE_CHECKING:
    from mnist_viz.analysis.passage import Passage

Numbers = dict[str, Any]

_MOST = 9  # numbers of a pooling's window that are written out
_SHARE = 4  # digits of a probability
_EXACT = 15  # digits that a float holds


def formula(passage: "Passage") -> tuple[str, str]:
    """The formula, and the same with numbers; "" where there is none or one number of it says nothing."""
    numbers, kind = passage.example, passage.kind
    general = _GENERAL.get(kind, "").replace("COUNT", str(numbers.get("count", "")))
    if kind in ("Conv2d", "Linear") and numbers["bias"]:
        general += " + b"
    left = _FILLED[kind](numbers) if kind in _FILLED else ""
    return general, f"{left} = {latex(numbers['value'], bare=True)}" if left else ""


def place(passage: "Passage") -> str:
    """Where the number of the example stands, in words."""
    found = passage.place
    if passage.kind == "LSTM":
        return _("unit {unit} after the last row, t = {row}").format(row=found[0] + 1, unit=found[1])
    if len(found) == 3:
        return _("channel {channel}, row {row}, column {column}").format(
            channel=found[0], row=found[1], column=found[2]
        )
    if len(found) == 2:
        return _("position {position}, number {number}").format(position=found[0], number=found[1])
    return _("neuron {number}").format(number=found[0])


def softmax(score: float, share: float, target: int, logarithm: float, temperature: float) -> str:
    """The probability of a class from its score and the sum of all exponentials, which is given by its logarithm.

    Score and sum have as few digits as let a reader work the probability out as it is written.
    """
    over = "" if temperature == 1 else f" / {temperature:g}"
    decimals, digits = _enough(score, share, logarithm, temperature)
    return (
        rf"p_{{{target}}} = \frac{{e^{{z_{{{target}}}{over}}}}}{{\sum_k e^{{z_k{over}}}}}"
        rf" = \frac{{e^{{{score:.{decimals}f}{over}}}}}{{{latex_exp(logarithm, digits)}}} = {latex(share, _SHARE)}"
    )


def _enough(score: float, share: float, logarithm: float, temperature: float) -> tuple[int, int]:
    """How many decimals of the score and digits of the sum it takes, at least 2 and 3."""
    tried = sorted(product(range(2, _EXACT), range(3, _EXACT)), key=sum)
    if not isfinite(score + logarithm):
        return tried[0]
    said = latex(share, _SHARE)
    return next(
        (
            (decimals, digits)
            for decimals, digits in tried
            if latex(exp(round(score, decimals) / temperature - _read(latex_exp(logarithm, digits))), _SHARE) == said
        ),
        tried[-1],
    )


def _read(said: str) -> float:
    """The logarithm of a positive number as it is written in a formula; it may be larger than any float."""
    mantissa, _times, power = said.partition(r" \cdot 10^")
    return log(float(mantissa)) + int(power.strip("{}") or 0) * log(10)


def _sum(numbers: Numbers) -> str:
    terms = " + ".join(rf"{latex(weight)} \cdot {latex(x)}" for x, weight in numbers["terms"])
    more = numbers["count"] - len(numbers["terms"])
    words = _("{more} more").format(more=f"{more:,}".replace(",", "{,}"))
    rest = rf" + \underbrace{{{latex(numbers['rest'])}}}_{{\text{{{words}}}}}" if more > 0 else ""
    bias = rf" + \underbrace{{{latex(numbers['bias'])}}}_{{b}}" if numbers["bias"] else ""
    return f"{terms}{rest}{bias}"


def _norm(numbers: Numbers) -> str:
    if "variance" not in numbers or "scale" not in numbers:
        return ""
    spread = rf"\sqrt{{{latex(numbers['variance'])} + {latex(numbers['epsilon'], 1)}}}"
    over = rf"\frac{{{latex(numbers['x'])} - {latex(numbers['mean'])}}}{{{spread}}}"
    return rf"{latex(numbers['scale'])} \cdot {over} + {latex(numbers['shift'])}"


def _window(numbers: Numbers) -> str:
    window = numbers["window"]
    more = r", \ldots" if len(window) > _MOST else ""
    return r", ".join(latex(one, bare=True) for one in window[:_MOST]) + more


_NORM = r"y = \gamma \, \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta"
_SUM = r"y = \sum_{i=1}^{COUNT} w_i \, x_i"
_GENERAL = {
    "Conv2d": _SUM,
    "Linear": _SUM,
    "BatchNorm2d": _NORM,
    "BatchNorm1d": _NORM,
    "LayerNorm": _NORM,
    "MaxPool2d": r"y = \max(x_1, x_2, \ldots)",
    "AvgPool2d": r"y = \frac{1}{n} \sum x_i",
    "ReLU": r"y = \max(0, x)",
    "Sigmoid": r"y = \frac{1}{1 + e^{-x}}",
    "Tanh": r"y = \tanh x",
    "ELU": r"y = x \text{ if } x > 0, \text{ else } e^x - 1",
    "Dropout": r"y = x",
    "LSTM": r"c_t = f_t \, c_{t-1} + i_t \, g_t, \quad h_t = o_t \tanh c_t",
    "Attention": r"y = \operatorname{softmax}\left(\frac{Q K^{\top}}{\sqrt{d}}\right) V",
    "Place": r"y_t = x_t + p_t",
}
_FILLED: dict[str, Callable[[Numbers], str]] = {
    "Conv2d": _sum,
    "Linear": _sum,
    "BatchNorm2d": _norm,
    "BatchNorm1d": _norm,
    "LayerNorm": _norm,
    "MaxPool2d": lambda numbers: rf"\max({_window(numbers)})",
    "AvgPool2d": lambda numbers: rf"\operatorname{{mean}}({_window(numbers)})",
    "ReLU": lambda numbers: rf"\max(0, {latex(numbers['x'], bare=True)})",
    "Sigmoid": lambda numbers: rf"\sigma({latex(numbers['x'], bare=True)})",
    "Tanh": lambda numbers: rf"\tanh({latex(numbers['x'], bare=True)})",
    "LSTM": lambda numbers: rf"{latex(numbers['gate'])} \cdot \tanh({latex(numbers['cell'], bare=True)})",
}
