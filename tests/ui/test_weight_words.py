"""What the weights of a network are called, against what an LSTM of torch does with them and by hand."""

import re

import pytest
import torch
from torch import nn

from mnist_viz.analysis.weight_pictures import Kernels
from mnist_viz.ui.convolving import weight_words

GATES = Kernels("lstm", "lstm.weight_ih_l0", "gate", (12, 1, 1, 2))


def given_out(pushed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Output and memory of three units that hold 0.5, after a step in which one row of the weights sees a 9."""
    lstm = nn.LSTM(2, 3).requires_grad_(False)
    for weight in lstm.parameters():
        weight.zero_()
    lstm.get_parameter("weight_ih_l0")[pushed] = torch.tensor([1.0, 0.0])
    memory = torch.full((1, 1, 3), 0.5)
    out, (_last, cell) = lstm(torch.tensor([[[9.0, 0.0]]]), (torch.zeros(1, 1, 3), memory))
    return out[0, 0], cell[0, 0]


@pytest.mark.parametrize("number", range(12))
def test_a_row_of_an_lstm_is_named_by_the_gate_and_unit_that_it_moves(number: int) -> None:
    found = re.fullmatch(r"lstm: the weights of the (.*) of unit (\d)", weight_words.title(GATES, number, 0))
    assert found is not None
    unit, rest = int(found[2]), given_out(number)[1].tolist()
    out, cell = (float(one[unit]) for one in given_out(number))
    del rest[unit]
    assert rest == [0.25, 0.25]  # what half a forget gate keeps of 0.5
    moved = {
        "input gate": (0.25, False),  # what is new is 0, however much of it is taken in
        "forget gate": (0.5, False),
        "cell input": (0.75, False),
        "output gate": (0.25, True),
    }[found[1]]
    assert cell == pytest.approx(moved[0], abs=1e-3)
    whole = torch.tensor(cell).tanh().item()
    assert out == pytest.approx(whole if moved[1] else whole / 2, abs=1e-3)


def test_neuron_301_of_128_units_is_the_cell_input_of_the_46th() -> None:
    kernels = Kernels("lstm", "lstm.weight_ih_l0", "gate", (512, 1, 1, 28))
    assert weight_words.choices(kernels)["301"] == "cell 45"
    assert "by which the cell input of unit 45 reads the pixels of a row" in weight_words.explained(kernels, 301)


def test_every_title_names_what_reads_by_the_weights() -> None:
    convolution = Kernels("conv2", "conv2.weight", "kernel", (16, 8, 7, 7))
    assert weight_words.title(convolution, 6, 3) == "conv2: the weights by which filter 6 reads map 3"
    hidden = Kernels("hidden", "hidden.weight", "map", (128, 1, 28, 28))
    assert weight_words.title(hidden, 100, 0) == "hidden: the weights of neuron 100"


def test_patches_are_counted_by_their_side() -> None:
    for side, count in ((7, 16), (4, 49)):
        said = weight_words.explained(Kernels("embed", "embed.weight", "patch", (64, 1, side, side)), 0)
        assert f"each of the {count} patches" in said
