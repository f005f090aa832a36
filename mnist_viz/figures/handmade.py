"""Features made by hand as pictures: the ink of rows and columns beside a digit, its edges, what its mirror lacks."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from mnist_viz.figures import mosaic, style
from mnist_viz.text import _

_AWAY, _LONG = 1, 9  # pixels of the digit: from it to a projection, and as long as the longest bar
_PIXEL = 8.0  # pixels on the screen of one of the digit


def projections(image: NDArray[np.uint8], rows: NDArray[np.floating], columns: NDArray[np.floating]) -> go.Figure:
    """A digit (28, 28) with the ink (28,) of its rows to the right, of its columns below, and both mirror axes."""
    side = len(image)
    whole = side + _AWAY + _LONG
    most = max(float(rows.max()), float(columns.max()), 1e-9)
    result = style.figure(
        _("Ink by row and column"),
        alt=_("The fullest row holds {row} full pixels of ink, the fullest column {column}.").format(
            row=f"{rows.max():.1f}", column=f"{columns.max():.1f}"
        ),
        height=round(whole * _PIXEL),
    )
    result.add_heatmap(
        z=image,
        zmin=0,
        zmax=255,
        colorscale=style.GREY,
        showscale=False,
        hovertemplate=_("row %{y}, column %{x}<br>grey value %{z}") + "<extra></extra>",
    )
    bars = {"base": side - 0.5 + _AWAY, "width": 0.8, "marker": {"color": style.VIOLET, "line": {"width": 0}}}
    places = np.arange(side)
    result.add_bar(
        x=_LONG * rows / most,
        y=places,
        orientation="h",
        customdata=rows,
        hovertemplate=_("row %{y}: %{customdata:.2f} full pixels") + "<extra></extra>",
        **bars,
    )
    result.add_bar(
        x=places,
        y=_LONG * columns / most,
        customdata=columns,
        hovertemplate=_("column %{x}: %{customdata:.2f} full pixels") + "<extra></extra>",
        **bars,
    )
    middle, ends = (side - 1) / 2, (-0.5, side - 0.5)
    for x, y in (((middle, middle), ends), (ends, (middle, middle))):
        result.add_scatter(
            x=x, y=y, mode="lines", line={"color": style.VIOLET, "width": 2, "dash": "dash"}, hoverinfo="skip"
        )
    result.add_shape(
        type="rect", x0=-0.5, x1=side - 0.5, y0=-0.5, y1=side - 0.5, line={"color": style.LINE, "width": 1}
    )
    result.add_annotation(
        text=_("longest bar:<br>{most} px of ink").format(most=f"{most:.1f}"),
        x=side + _AWAY - 0.5,
        y=side + _AWAY - 0.5,
        xanchor="left",
        yanchor="top",
        align="left",
        showarrow=False,
        font={"size": style.SMALL},
    )
    style.squares(result, whole, whole)
    result.update_layout(barmode="overlay")
    result.update_xaxes(visible=False)
    result.update_yaxes(visible=False)
    return result


def edges(sobel: NDArray[np.floating], laplacian: NDArray[np.floating], canny: NDArray[np.floating]) -> go.Figure:
    """Three filtered pictures (28, 28) of a digit: steepness from 0, the signed Laplacian about 0, and lines."""
    most = max(float(sobel.max()), 1e-9)
    far = max(float(np.abs(laplacian).max()), 1e-9)
    return _signed(
        np.stack([sobel / most, laplacian / far, canny]),
        (_("Sobel"), _("Laplacian"), _("Canny")),
        _("Edges, each by its own scale"),
        alt=_("Steepest {most} of full ink a pixel; the Laplacian reaches {far}; {count} pixels are lines.").format(
            most=f"{most:.2f}", far=f"{far:.2f}", count=int(canny.sum())
        ),
        factors=(most, far, 1.0),
        labels=(_("less ink around"), "0", _("more, or steep")),
    )


def mirrored(image: NDArray[np.uint8]) -> go.Figure:
    """A digit less its mirror image, sides swapped, and top and bottom: what either has and the other lacks."""
    x = image.astype(np.float32) / 255
    return _signed(
        np.stack([x - x[:, ::-1], x - x[::-1]]),
        (_("Left-right"), _("Top-bottom")),
        _("Digit less mirror image"),
        alt=_("Red where the digit has ink and its mirror image none, blue where it is the other way round."),
        factors=(1.0, 1.0),
        labels=(_("mirror alone"), "0", _("digit alone")),
    )


def _signed(
    pictures: NDArray[np.floating],
    titles: Sequence[str],
    title: str,
    *,
    alt: str,
    factors: Sequence[float],
    labels: tuple[str, str, str],
) -> go.Figure:
    """Pictures (N, 28, 28) from -1 to 1 side by side; `factors` turn them into what the pointer is told."""
    laid = mosaic.lay_out(pictures, titles, len(pictures))
    result = style.figure(title, alt=alt, height=round(laid.height * 0.8), top=laid.above, bottom=36)
    inside = laid.inside.astype(np.float32)
    inside[..., 2] = laid.values * np.asarray(factors, np.float32)[laid.inside[..., 2]]
    result.add_heatmap(
        z=laid.values.astype(np.float32),
        customdata=inside,
        zmin=-1,
        zmax=1,
        colorscale=style.DIVERGING,
        showscale=False,
        hoverongaps=False,
        hovertemplate=_("row %{customdata[0]}, column %{customdata[1]}<br>%{customdata[2]:.2f} of full ink")
        + "<extra></extra>",
    )
    mosaic.dress(result, laid, style.DIVERGING, labels)
    return result


def reached(
    names: Sequence[str], shares: Sequence[float | None], intervals: Sequence[tuple[float, float] | None]
) -> go.Figure:
    """The test accuracy (a share) of a regression on each table of numbers, with its interval; None: not fitted yet."""
    result = style.figure(
        _("Test accuracy of a logistic regression"),
        alt="; ".join(
            _("{name}: {share} %").format(name=name, share=f"{100 * share:.2f}")
            for name, share in zip(names, shares, strict=True)
            if share is not None
        ),
        height=62 * len(names),
        top=4,
        bottom=52,
        right=16,
    )
    for row, (name, share, ends) in enumerate(zip(names, shares, intervals, strict=True)):
        said = _("{name}: not fitted yet").format(name=name) if share is None else name
        result.add_annotation(
            text=said, x=0, y=row - 0.3, xanchor="left", yanchor="bottom", showarrow=False, font={"size": style.SMALL}
        )
        if share is None or ends is None:
            continue
        low, high = ends
        result.add_bar(
            x=[100 * share],
            y=[row],
            orientation="h",
            width=0.5,
            marker={"color": style.TEST, "line": {"width": 0}},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [100 * (high - share)],
                "arrayminus": [100 * (share - low)],
                "color": style.INK,
                "thickness": 2,
                "width": 5,
            },
            text=_("{share} % ({low} to {high})").format(
                share=f"{100 * share:.2f}", low=f"{100 * low:.2f}", high=f"{100 * high:.2f}"
            ),
            textposition="inside",
            insidetextanchor="start",
            textangle=0,
            constraintext="none",
            textfont={"color": "#ffffff", "size": style.SIZE},
            hovertemplate=_("{name}: %{x:.2f} %").replace("{name}", name) + "<extra></extra>",
        )
    result.update_xaxes(range=[0, 100], dtick=20, title_text=_("of 10,000 test digits (%)"), fixedrange=True)
    result.update_yaxes(range=[len(names) - 0.6, -0.75], visible=False, fixedrange=True)
    return result
