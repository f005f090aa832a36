"""What the letters in a card's formula mean, in a line of Markdown under it."""

from mnist_viz.text import _


def meaning(card: str) -> str:
    """The line for a step, a scaling or augmentation, by the word of its card."""
    said = {
        "unit": _("$x$: grey value, 0 to 255; $y$: what the network gets."),
        "standard": _(
            "$x$: grey value, 0 to 255; $\\mu$, $\\sigma$: mean and standard deviation of pixels, in shares of full "
            "ink; $y$: what the network gets."
        ),
        "half": _("$x$: grey value, 0 to 255; $y$: what the network gets."),
        "mean_image": _(
            "$x_{rc}$: grey value in row $r$, column $c$; $\\mu_{rc}$: its mean over the training digits; $y_{rc}$: "
            "what the network gets."
        ),
        "deskew": _(
            "$x_{i,j}$, $y_{i,j}$: grey value in row $i$, column $j$ before and after; $\\bar\\imath$, $\\bar\\jmath$: "
            "row and column of the centre of mass; $\\alpha$: how many columns the ink moves from one row to the next, "
            "at most 1 to either side."
        ),
        "centre": _(
            "$x_{i,j}$, $y_{i,j}$: grey value in row $i$, column $j$ before and after; $\\bar\\imath$, $\\bar\\jmath$: "
            "row and column of the centre of mass."
        ),
        "median": _(
            "$x_{i,j}$, $y_{i,j}$: grey value in row $i$, column $j$ before and after; $k$, $l$: how many rows and "
            "columns away a neighbour is."
        ),
        "gaussian": _(
            "$x_{i,j}$, $y_{i,j}$: grey value in row $i$, column $j$ before and after; $w_{k,l}$: weight of the "
            "neighbour $k$ rows and $l$ columns away; squared below: the deviation in pixels."
        ),
        "bilateral": _(
            "$x_{i,j}$, $y_{i,j}$: grey value in row $i$, column $j$ before and after; $w_{k,l}$: weight of the "
            "neighbour $k$ rows and $l$ columns away; squared below: the deviations, in pixels and in grey values."
        ),
        "noise": _(
            "$x_{i,j}$, $y_{i,j}$: grey value in row $i$, column $j$ before and after; $\\varepsilon_{i,j}$: its "
            "noise, normal with mean 0; squared: the deviation in grey values."
        ),
        "binarise": _("$x_{i,j}$, $y_{i,j}$: grey value in row $i$, column $j$ before and after."),
        "augment": _(
            "$x_p$, $y_p$: ink at the point $p$ of the picture before and after, 0 to 1. Turning, scaling and slanting "
            "are about its middle."
        ),
    }
    return said[card]
