"""Many pictures of 28x28 pixels close together, in ink on ground, with nothing written between them."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import style
from mnist_viz.figures.channels import lay_out
from mnist_viz.text import _

_WIDE, _HIGH = 640, 150  # pixels on the screen, where there is room
_GAP = 2  # pixels of a digit


def sheet(images: NDArray[np.uint8], title: str) -> go.Figure:
    """Pictures (N, 28, 28) of grey values in reading order, as large as fits into a strip; a line around each."""
    laid = lay_out(images, width=_WIDE, height=_HIGH, gap=_GAP)
    result = style.figure(
        title,
        alt=_("{title}: {count} pictures side by side.").format(title=title, count=len(images)),
        height=round(laid.high * laid.pixel),
    )
    result.add_heatmap(
        z=laid.values,
        zmin=0,
        zmax=255,
        colorscale=style.GREY,
        showscale=False,
        hoverongaps=False,
        customdata=laid.number + 1,
        hovertemplate=_("picture %{customdata}<br>grey value %{z:.0f}") + "<extra></extra>",
    )
    for row, column in laid.corners:
        result.add_shape(
            type="rect",
            x0=column - 0.5,
            x1=column + laid.tile[1] - 0.5,
            y0=row - 0.5,
            y1=row + laid.tile[0] - 0.5,
            line={"color": style.LINE, "width": 1},
        )
    style.squares(result, laid.wide, laid.high)
    result.update_xaxes(visible=False)
    result.update_yaxes(visible=False)
    return result
