"""A plan and its word are the same thing, and strange words are refused in a sentence."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_viz.plan.layers import KINDS, START, Bounds, Impossible, Plan, fresh
from mnist_viz.plan.words import LONGEST, parse, shape, write


def any_layer(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    said: dict[str, st.SearchStrategy[Any]] = {"kind": st.just(kind)}
    for name, allowed in KINDS[kind].items():
        if not isinstance(allowed, Bounds):
            said[name] = st.sampled_from(allowed.words)
        elif allowed.whole:
            said[name] = st.integers(int(allowed.low), int(allowed.high))
        else:
            said[name] = st.floats(allowed.low, allowed.high)
    return st.fixed_dictionaries(said)


@given(st.lists(st.sampled_from(list(KINDS)).flatmap(any_layer), min_size=1, max_size=24))
def test_what_is_written_is_read_back_as_the_very_same(layers: list[dict[str, Any]]) -> None:
    word = write(tuple(layers))
    assert parse(word) == tuple(layers)
    assert len(word) <= LONGEST and " " not in word and write(parse(word)) == word


def test_the_words_are_those_of_the_grammar() -> None:
    assert write(START) == "c16k3-m2-b-r-c32k3-m2-b-r"
    plan: Plan = (
        fresh("convolution", kernel=5, stride=2, padding=2),
        fresh("pooling", way="mean", window=3, stride=1),
        *(fresh("activation", way=way) for way in ("relu", "sigmoid", "tanh", "elu")),
        fresh("dropout", share=0.25),
        fresh("dense", width=64),
        fresh("batch_norm"),
    )
    assert write(plan) == "c16k5s2p2-a3s1-r-s-t-e-o0.25-d64-b"
    assert parse(" c16k5s2p2 a3s1,r s  t-e o.25 d64, b\n") == plan


def test_random_letters_are_a_plan_or_refused_in_one_sentence() -> None:
    chance = random.Random(0)
    for _try in range(2000):
        word = "".join(chance.choice("cmabrstedokp0123456789.- ") for _letter in range(chance.randint(1, 12)))
        try:
            assert parse(write(parse(word))) == parse(word)
        except Impossible as why:
            assert str(why).endswith(".") and "\n" not in str(why)


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("c16", "'c16' says no layer: write c16k3, m2, a2, b, r, s, t, e, o0.3 or d128, separated by hyphens."),
        ("r-x9", "'x9' says no layer: .*"),
        ("d१२", "'d१२' says no layer: .*"),
        ("c999k3", r"filters=999 of layer 1 \(convolution\) is not in 1..256: try 16."),
        ("r-o0.95", r"share=0.95 of layer 2 \(dropout\) is not in 0.05..0.9: try 0.3."),
        ("", "A network of one's own is a list of 1 to 24 layers, .*"),
        ("r-" * 25, "A network of one's own is a list of 1 to 24 layers, .*"),
        ("r" * 10_000, "The layers are said in 10000 letters: 600 are more than enough."),
    ],
)
def test_strange_words_are_refused_in_one_sentence(word: str, sentence: str) -> None:
    with pytest.raises(Impossible, match=f"^{sentence}$"):
        parse(word)


def test_only_a_network_of_ones_own_is_told_its_layers() -> None:
    assert shape("mlp", "d5") == {}
    assert shape("built", "") == shape("built", None) == {"layers": START}
    assert shape("built", "d5") == {"layers": ({"kind": "dense", "width": 5},)}
    with pytest.raises(Impossible, match="The layers of a network are written as a word such as c16k3"):
        shape("built", ["d5"])
