"""A digit before and after: both pictures are there, on one scale, under their names."""

import numpy as np

from mnist_viz.data import mnist
from mnist_viz.data.preparation import prepare
from mnist_viz.figures.before_after import before_after


def test_both_are_there_as_they_are_under_their_names() -> None:
    before = mnist.digits("test").images[0]
    after = prepare(before[np.newaxis], "binarise50")[0]
    figure = before_after(before, after, names=("in the data", "prepared"), title="Labelled 7")
    heatmap = figure.data[0]
    assert np.array_equal(heatmap.z[:, :28], before) and np.array_equal(heatmap.z[:, -28:], after)
    assert (heatmap.zmin, heatmap.zmax) == (0, 255)
    assert [one.text for one in figure.layout.annotations] == ["in the data", "prepared"]
    assert f"{(before != after).sum()} of 784 pixels differ" in figure.layout.meta["alt"]
