"""A digit before and after something was done to it, on one scale of grey."""

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import mosaic, style
from mnist_viz.text import _


def before_after(
    before: NDArray[np.uint8], after: NDArray[np.uint8], *, names: tuple[str, str], title: str
) -> go.Figure:
    """Both digits (28, 28) side by side in ink on ground, each under its name."""
    laid = mosaic.lay_out(np.stack([before, after]), names, 2)
    changed = int((before != after).sum())
    result = style.figure(
        title,
        alt=_("{title}: {before} and {after}, side by side; {count} of 784 pixels differ.").format(
            title=title, before=names[0], after=names[1], count=changed
        ),
        height=laid.high * 6,
        top=laid.above,
    )
    result.add_heatmap(
        z=laid.values,
        customdata=laid.inside,
        zmin=0,
        zmax=255,
        colorscale=style.GREY,
        showscale=False,
        hoverongaps=False,
        hovertemplate=_("row %{customdata[0]}, column %{customdata[1]}<br>grey value %{z}") + "<extra></extra>",
    )
    style.squares(result, laid.wide, laid.high)
    result.update_xaxes(visible=False)
    result.update_yaxes(visible=False)
    mosaic.frame(result, laid)
    return result
