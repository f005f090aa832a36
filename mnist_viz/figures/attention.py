"""Where a transformer looks: a map a head, a row a layer, over the outline of the digit."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import mosaic, style
from mnist_viz.figures.attribution import draw_outline
from mnist_viz.text import _


def attention(shares: NDArray[np.floating], image: NDArray[np.uint8], *, title: str | None = None) -> go.Figure:
    """What the class token gathers from each patch of the digit `image` (28, 28), in percent, all on one scale.

    `shares` (layers, heads, tokens, tokens) as `analysis.attention` gives them: of the row of token 0, the class
    token, all but its share in itself. A row of the picture is a layer, a column a head.
    """
    layers, heads, tokens = shares.shape[:3]
    side = round((tokens - 1) ** 0.5)
    patch = len(image) // side
    percent = 100 * shares[:, :, 0, 1:].reshape(layers * heads, side, side)
    largest = float(percent.max())
    titles = [  # short enough for one line in a narrow window
        _("L{layer}, head {head}").format(layer=layer, head=head)
        for layer in range(1, layers + 1)
        for head in range(1, heads + 1)
    ]
    laid = mosaic.lay_out(np.kron(percent, np.ones((patch, patch))), titles, heads)
    result = style.figure(
        title or _("What each head looks at"),
        alt=_(
            "{layers} layers with {heads} heads each: what share of its attention the class token gives to each of "
            "{patches} patches, from 0 to {largest} %."
        ).format(layers=layers, heads=heads, patches=side * side, largest=f"{largest:.0f}"),
        height=laid.height,
        top=laid.above,
        bottom=60,
    )
    result.add_heatmap(
        z=laid.values.astype(np.float32),
        customdata=np.dstack([laid.inside[..., :2] // patch + 1, laid.inside[..., 2]]),
        zmin=0,
        zmax=largest,
        colorscale=style.COUNTS,
        showscale=False,
        hoverongaps=False,
        hovertemplate=_("patch in row %{customdata[0]}, column %{customdata[1]}<br>%{z:.1f} % of the attention")
        + "<extra></extra>",
    )
    labels = ("0 %", _("share of the class token's attention"), f"{largest:.0f} %")
    mosaic.dress(result, laid, style.COUNTS, labels)
    draw_outline(result, laid, image)
    return result
