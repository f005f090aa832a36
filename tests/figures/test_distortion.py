"""The curve along a slider carries the numbers it was given."""

import numpy as np

from mnist_viz.figures import distortion


def test_the_curve_its_band_and_the_stretches_are_those_that_were_given() -> None:
    shares = np.array([0.5, 0.9, 0.7])
    drawn = distortion.endurance(
        [-1, 0, 1],
        shares,
        np.stack([shares - 0.02, shares + 0.03]),
        digits=1000,
        at=0.5,
        stretches=[(-1.5, 0.25, 6), (0.25, 1.5, 4)],
        axis="turned (degrees)",
        title="As it is",
        whose="test-1 is read as",
    )
    band, line, ribbon = drawn.data
    assert np.allclose(line.y, [50, 90, 70])
    assert np.allclose(band.y, [53, 93, 73, 68, 88, 48])
    assert np.allclose(band.x, [-1, 0, 1, 1, 0, -1])
    assert np.allclose(line.customdata, [[48, 53], [88, 93], [68, 73]])
    assert list(ribbon.base) == [-1.5, 0.25]
    assert list(ribbon.x) == [1.75, 1.25]
    assert list(ribbon.text) == ["<b>6</b>", "<b>4</b>"]
    assert "At 0.5 the digit is read as 4" in drawn.layout.meta["alt"]
    assert drawn.layout.shapes[0].x0 == 0.5
