"""How every figure looks: colours, type, and the empty figure that all others start from.

Ground, ink and lines are CSS variables of the theme, resolved in the browser: one figure is right in light and dark.
"""

from typing import Any

import plotly.graph_objects as go

Scale = str | list[list[float | str]]

GROUND = "var(--st-background-color)"
PANEL = "var(--st-secondary-background-color)"
INK = "var(--st-text-color)"
LINE = "var(--st-border-color)"

# Petroff's ten-colour accessible sequence, 2021, arXiv 2107.02270: digit 0 first.
DIGITS = (
    "#3f90da",
    "#ffa90e",
    "#bd1f01",
    "#94a4a2",
    "#832db6",
    "#a96b59",
    "#e76300",
    "#b9ac70",
    "#717581",
    "#92dadd",
)
TRAINING, VALIDATION, TEST = DIGITS[0], DIGITS[6], DIGITS[8]  # each above 3:1 on white and on the dark ground
PARTS = {"train": TRAINING, "val": VALIDATION, "test": TEST}

AGAINST, FOR = "#2b75c9", "#d1343c"
DIVERGING: Scale = [[0.0, AGAINST], [0.5, GROUND], [1.0, FOR]]
GREY: Scale = [[0.0, GROUND], [1.0, INK]]
VIOLET = "#9146c4"  # neither colour of attribution, and white is read on it
COUNTS: Scale = [[0.0, GROUND], [1.0, VIOLET]]
STATISTIC = "Cividis"

SIZE, SMALL = 16, 15  # pixels: read from the last row of a hall
LEGEND = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "xanchor": "left", "font": {"size": SMALL}}
"""A legend in a line above the figure."""
NARROW = 360  # pixels: the narrowest window in which no label may touch another
_STRIP = 1 / 55  # height of the strip of a colour scale, and of the gap above it, as a share of its width

_AXIS = {
    "automargin": False,
    "color": INK,
    "gridcolor": LINE,
    "linecolor": LINE,
    "showgrid": False,
    "showline": False,
    "ticks": "",
    "zeroline": False,
    "tickfont": {"size": SMALL},
    "title": {"font": {"size": SIZE}, "standoff": 8},
}
TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": "var(--st-font)", "size": SIZE, "color": INK},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "hoverlabel": {"bgcolor": PANEL, "bordercolor": LINE, "font": {"size": SMALL, "color": INK}},
        "dragmode": False,
        "hovermode": "closest",
        "showlegend": False,
        "separators": ".,",
    }
)


def figure(
    title: str, *, alt: str, height: int, left: int = 8, right: int = 8, top: int = 0, bottom: int = 8
) -> go.Figure:
    """An empty figure of fixed height, for a picture of `height` within margins, all in pixels.

    The title stands above it, set by whoever shows the figure, so that it wraps as any text does; it and `alt`, for
    those who do not see the picture, are in `layout.meta`.
    """
    above = top + 6
    result = go.Figure()
    result.update_layout(
        template=TEMPLATE,
        height=height + above + bottom,
        margin={"l": left, "r": right, "t": above, "b": bottom, "pad": 0},
        meta={"title": title, "alt": alt},
        uirevision="kept",
    )
    return result


def scale(
    figure: go.Figure, colours: Scale, labels: tuple[str, str, str], *, wide: float, high: float, low: float = 0
) -> float:
    """Draw the colour scale as a strip below squares `wide` x `high`; returns how high both are together.

    It belongs to the picture and shrinks with it, which plotly's own colour bars do not. The labels stand at
    its left end, its middle and its right end, in a bottom margin of 36 pixels.
    """
    thick, steps = wide * _STRIP, 200
    upper = high - 0.5 + thick
    figure.add_heatmap(
        z=[[low + (1 - low) * step / (steps - 1) for step in range(steps)]],
        x=[wide * step / steps - 0.5 for step in range(steps + 1)],
        y=[upper, upper + thick],
        zmin=low,
        zmax=1,
        colorscale=colours,
        showscale=False,
        hoverinfo="skip",
    )
    for share, anchor, label in zip((0, 0.5, 1), ("left", "center", "right"), labels, strict=True):
        figure.add_annotation(
            text=label,
            x=share * wide - 0.5,
            y=upper + thick,
            xanchor=anchor,
            yanchor="top",
            showarrow=False,
            font={"size": SMALL},
        )
    return upper + thick + 0.5


def squares(figure: go.Figure, wide: float, high: float) -> None:
    """Make both axes cover `wide` x `high` squares, row 0 at the top, all square and as large as fits.

    In a narrow window the squares need less than the fixed height: `meta["fit"]` says how much, as
    min(height, share * width + plus) in pixels, for whoever can shrink the frame.
    """
    margin = figure.layout.margin
    share = high / wide
    plus = margin.t + margin.b - share * (margin.l + margin.r)
    figure.update_xaxes(range=[-0.5, wide - 0.5], constrain="domain", constraintoward="left", fixedrange=True)
    figure.update_yaxes(
        range=[high - 0.5, -0.5],
        constrain="domain",
        constraintoward="top",
        scaleanchor="x",
        scaleratio=1,
        fixedrange=True,
    )
    figure.layout.meta = {**figure.layout.meta, "fit": {"share": share, "plus": plus}}


def name_row(figure: go.Figure, name: str, axis: str, **more: Any) -> None:
    """Write what it shows into the upper left corner of one of several rows, that of the y axis "", "2", "3" ..."""
    place = {"xref": "x domain", "x": 0, "yref": f"y{axis} domain", "y": 1, "xanchor": "left", "yanchor": "top"}
    figure.add_annotation(text=name, **place, showarrow=False, **more)
