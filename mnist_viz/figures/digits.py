"""Digits and pictures made from digits, pixel by pixel."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import mosaic, style
from mnist_viz.text import _

_DARK = 135  # from this grey value on, ground on the pixel reads better than ink: at least 3:1 in both themes


def digit(image: NDArray[np.uint8], title: str, *, values: bool = False, pixel: int = 13) -> go.Figure:
    """One digit (28, 28) large, in ink on ground; with `values` its 784 grey values written in its pixels.

    A pixel of the digit is `pixel` wide on the screen, and twice 13 with values.
    """
    side = image.shape[0]
    result = style.figure(
        title,
        alt=_("{title}: a digit of {rows} by {columns} pixels, {inked} of them with ink.").format(
            title=title, rows=side, columns=image.shape[1], inked=int((image > 0).sum())
        ),
        height=side * (26 if values else pixel),
    )
    layers = [(image >= _DARK, style.GROUND), (image < _DARK, style.INK)] if values else [(image >= 0, style.INK)]
    for where, colour in layers:
        result.add_heatmap(
            z=np.where(where, image, np.nan),
            zmin=0,
            zmax=255,
            colorscale=style.GREY,
            showscale=False,
            hoverongaps=False,
            texttemplate="%{z}" if values else None,
            textfont={"color": colour},
            hovertemplate=_("row %{y}, column %{x}<br>grey value %{z}") + "<extra></extra>",
        )
    style.squares(result, image.shape[1], side)
    result.update_xaxes(showticklabels=False, showline=True, mirror=True)
    result.update_yaxes(showticklabels=False, showline=True, mirror=True)
    return result


def panels(
    images: NDArray[np.generic],
    titles: Sequence[str],
    *,
    title: str,
    unit: str,
    columns: int = 3,
) -> go.Figure:
    """Pictures (N, 28, 28) side by side on one scale from 0 to their largest value, in `unit`."""
    laid = mosaic.lay_out(images, titles, columns)
    largest = float(np.max(images))
    result = style.figure(
        title,
        alt=_("{title}: {names}; from 0 to {largest} {unit}.").format(
            title=title, names=", ".join(titles), largest=f"{largest:.0f}", unit=unit
        ),
        height=laid.height,
        top=laid.above,
        bottom=36,
    )
    result.add_heatmap(
        z=laid.values,
        customdata=laid.inside,
        zmin=0,
        zmax=largest or 1,
        colorscale=style.STATISTIC,
        showscale=False,
        hoverongaps=False,
        hovertemplate=_("row %{customdata[0]}, column %{customdata[1]}<br>%{z:.1f} {unit}").replace("{unit}", unit)
        + "<extra></extra>",
    )
    mosaic.dress(result, laid, style.STATISTIC, ("0", unit, f"{largest:.0f}"))
    return result


def never_used(mask: NDArray[np.bool_], *, title: str | None = None) -> go.Figure:
    """The pixels (28, 28) that no digit ever touches, apart from those that some digit does."""
    count = int(mask.sum())
    colours: style.Scale = [[0, style.LINE], [0.5, style.LINE], [0.5, style.VIOLET], [1, style.VIOLET]]
    wide, high = mask.shape[1], mask.shape[0]
    result = style.figure(
        title or _("{count} of {total} pixels are never inked").format(count=count, total=mask.size),
        alt=_("{count} of {total} pixels are zero in every digit.").format(count=count, total=mask.size),
        height=high * 13,
        bottom=36,
    )
    result.add_heatmap(
        z=mask.astype(np.uint8),
        zmin=0,
        zmax=1,
        xgap=1,
        ygap=1,
        colorscale=colours,
        showscale=False,
        customdata=np.where(mask, _("never inked"), _("inked")).tolist(),
        hovertemplate=_("row %{y}, column %{x}<br>%{customdata}") + "<extra></extra>",
    )
    labels = (_("inked in some digit"), "", _("never inked"))
    style.squares(result, wide, style.scale(result, colours, labels, wide=wide, high=high))
    result.update_xaxes(visible=False)
    result.update_yaxes(visible=False)
    return result
