"""The sizes of a plan against those of the real network, and what is refused against the formula by hand."""

import random
from dataclasses import astuple
from typing import Any

import pytest

from mnist_viz.plan.layers import KINDS, START, Impossible, Plan, Ways, fresh
from mnist_viz.plan.sizes import as_far_as_possible, shapes
from models import build
from models.table import table


def drawn(seed: int) -> Plan:
    """A possible network drawn layer by layer, of any kind in any order that fits."""
    chance = random.Random(seed)
    layers: Plan = ()
    for _place in range(chance.randint(1, 12)):
        kind = chance.choice(list(KINDS))
        said: dict[str, Any] = {}
        for name, allowed in KINDS[kind].items():
            small = min(allowed.high, 24) if not isinstance(allowed, Ways) else 0
            said[name] = chance.choice(allowed.words) if isinstance(allowed, Ways) else round(chance.uniform(1, small))
        if kind == "convolution":
            said |= {"kernel": chance.randint(1, 7), "padding": chance.randint(0, 3), "stride": chance.randint(1, 3)}
        if kind == "pooling":
            said |= {"window": chance.randint(2, 4), "stride": chance.randint(1, 4)}
        if kind == "dropout":
            said["share"] = chance.choice([0.1, 0.25, 0.5])
        longer = (*layers, fresh(kind, **said))
        layers = layers if as_far_as_possible(longer)[1] else longer
    return layers or START


@pytest.mark.parametrize("seed", range(50))
def test_the_arithmetic_says_what_the_real_network_is(seed: int) -> None:
    layers = drawn(seed)
    for classes in (10, 3):
        theirs = table(build("built", classes, layers=layers))
        assert [astuple(row) for row in shapes(layers, classes)] == [astuple(row) for row in theirs]


def convolution(**said: int) -> Any:
    return fresh("convolution", **said)


def pooling(window: int, stride: int = 2) -> Any:
    return fresh("pooling", window=window, stride=stride)


def test_the_start_is_as_worked_out_by_hand() -> None:
    rows = shapes(START)
    assert [row.shape for row in rows][::4] == [(16, 26, 26), (32, 11, 11), (10,)]
    assert sum(row.parameters for row in rows) == 16 * 10 + 2 * 16 + 32 * (9 * 16 + 1) + 2 * 32 + 10 * (800 + 1)
    assert rows[4].multiply_adds == 11 * 11 * 32 * 16 * 9


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        (
            [pooling(4, 4), convolution(kernel=9)],
            r"\(7 - 9 \+ 2\*0\)/1 \+ 1 = -1: the kernel of 9 of layer 2 does not fit into 7 pixels; make it smaller.*",
        ),
        ([convolution(kernel=28), pooling(2)], r"\(1 - 2 \+ 2\*0\)/2 \+ 1 = 0\.5: the window of 2 of layer 2 .*"),
        (
            [fresh("dense"), convolution()],
            "Layer 2 is a convolution behind a dense layer, which leaves 128 plain numbers and no picture: move it .*",
        ),
        ([fresh("dense"), pooling(2)], "Layer 2 is a pooling behind a dense layer, .*"),
        ([convolution(padding=3)], "Layer 1 pads by 3, but its kernel is 3 wide: .* try a padding of 2 or less."),
        ([convolution(filters=257)], r"filters=257 of layer 1 \(convolution\) is not in 1..256: try 16."),
        ([convolution(kernel=0)], "kernel=0 .* is not in 1..28: try 3."),
        ([convolution(stride=9)], "stride=9 .* is not in 1..8: try 1."),
        ([convolution(padding=15)], "padding=15 .* is not in 0..14: try 0."),
        ([pooling(29)], "window=29 .* is not in 2..28: try 2."),
        ([fresh("pooling", way="median")], "way=median .* is not in max or mean: try max."),
        ([fresh("activation", way="gelu")], "way=gelu .* is not in relu or sigmoid or tanh or elu: try relu."),
        ([fresh("dropout", share=1.0)], "share=1.0 .* is not in 0.05..0.9: try 0.3."),
        ([fresh("dropout", share=float("nan"))], "share=nan .*"),
        ([fresh("dense", width=True)], "width=True .* is not in 1..2048: try 128."),
        ([fresh("dense", width=2.0)], "width=2.0 .*"),
        ([{"kind": "dense"}], "Layer 1 is a dense, of which exactly this is said: width."),
        ([{**fresh("batch_norm"), "width": 3}], "Layer 1 is a batch_norm, of which exactly this is said: nothing."),
        ([{"kind": ["dense"]}], "Layer 1 is none of convolution, pooling, .*: choose one of them."),
        (["dense"], "Layer 1 is none of convolution, .*"),
        ([], "A network of one's own is a list of 1 to 24 layers, the head not counted."),
        ([fresh("batch_norm")] * 25, "A network of one's own is a list of 1 to 24 layers, .*"),
        ("dense", "A network of one's own is a list .*"),
        ([fresh("dense", width=2048)] * 3, "With layer 2 .dense2. there are 5,804,032 parameters, more than .*"),
        (
            [convolution(filters=64, padding=1)] * 5,
            "With layer 5 .conv5. there are 116,057,088 multiply-adds a digit, .*",
        ),
        (
            [convolution(filters=256), *[fresh("batch_norm")] * 9],
            "With layer 3 .norm2. there are 519,168 numbers put out for a digit, .*",
        ),
    ],
)
def test_what_cannot_be_built_is_refused_in_one_sentence_by_arithmetic_and_network_alike(
    layers: Any, sentence: str
) -> None:
    for refuses in (lambda: shapes(layers), lambda: build("built", layers=layers)):
        with pytest.raises(Impossible, match=f"^{sentence}$"):
            refuses()


def test_of_an_impossible_plan_what_comes_before_is_still_said() -> None:
    rows, sentence = as_far_as_possible((*START, fresh("dense"), pooling(2), fresh("dense")))
    assert [row.name for row in rows][-2:] == ["activation2", "dense1"]
    assert sentence.startswith("Layer 10 is a pooling behind a dense layer")
    rows, sentence = as_far_as_possible(START)
    assert rows == shapes(START) and sentence == ""
