"""The learning curve: records of a run in, loss and accuracy out, whole or as what is new."""

from collections.abc import Iterable, Mapping
from typing import Any

import plotly.graph_objects as go

from mnist_viz.figures import changes, curve_axes, overfitting, style, went_on
from mnist_viz.figures.curve_axes import LOSS_RANGE
from mnist_viz.text import _

BY = ("step", "seconds")
HEIGHT = 240  # pixels: below it, the player is still on the first screen
BESIDE = 480  # pixels that the rest of a page needs: where a window has more, the picture takes it
EARLY_LOSS = 1.0  # nats: as high in the pane as the names of the lines, who guesses has 2.3
MARKERS = 100  # small markers a line at most: few steps are seen singly, many cost no time to draw
_TRACES = (("step", "loss"), ("evaluation", "loss"), ("step", "accuracy"), ("evaluation", "accuracy"))


def extension(records: Iterable[Mapping[str, Any]], by: str = "step", *, beside: bool = False) -> list[dict[str, Any]]:
    """What these records add to each of the four traces of `curve`: x, y and customdata, [step, seconds] a point.

    Traces: 0 training loss, 1 validation loss, 2 training accuracy, 3 validation accuracy (percent); 4 to 7 are the
    same of the run `beside`.
    """
    if by not in BY:
        raise ValueError(f"by={by!r} is not one of {', '.join(BY)}: draw the curve by step.")
    pieces: list[dict[str, Any]] = [
        {"trace": trace + beside * len(_TRACES), "x": [], "y": [], "customdata": []} for trace in range(len(_TRACES))
    ]
    for record in records:
        if record["kind"] == "evaluation" and record["part"] != "val":
            continue
        for piece, (kind, measure) in zip(pieces, _TRACES, strict=True):
            if record["kind"] == kind:
                value = record[measure]
                percent = measure == "accuracy" and value is not None
                piece["x"].append(record[by])
                piece["y"].append(100 * value if percent else value)
                piece["customdata"].append([record["step"], record["seconds"]])
    return pieces


def curve(
    records: Iterable[Mapping[str, Any]],
    by: str = "step",
    *,
    steps: int,
    seconds: float,
    stacked: bool = False,
    title: str | None = None,
    beside: Iterable[Mapping[str, Any]] | None = None,
) -> go.Figure:
    """Loss and accuracy by step or by seconds of training, on axes that are fixed from the start.

    `steps` and `seconds` are the totals of the whole training; `stacked` puts the accuracy below the loss, for a
    narrow place, where marks of changed settings have no labels. `beside` are the records of the same training from
    nothing, drawn dashed; empty as long as it has not begun. Where the training has ended and over-fitted, the gap is
    named in a last trace.
    """
    records, other = list(records), list(beside or [])
    pieces = extension(records, by)
    pieces += [] if beside is None else extension(other, by, beside=True)
    result = style.figure(
        title or _("How it learns"),
        alt=_alternative(pieces),
        height=320 if stacked else HEIGHT,
        left=58,
        right=26,
        top=38,
        bottom=58,
    )
    result.layout.meta = {**result.layout.meta, **({"bare": True} if stacked else {"beside": BESIDE})}
    for place, piece in enumerate(pieces):
        trace, of_other = place % len(_TRACES), place >= len(_TRACES)
        look = _dashed(_look(trace), trace) if of_other else _look(trace)
        result.add_scatter(x=piece["x"], y=piece["y"], customdata=piece["customdata"], **look, **_pane(trace))
    if beside is None:  # two runs on one chart are enough to read
        overfitting.name_gap(result, records, by)
    total = max([steps if by == "step" else seconds, *(x for piece in pieces for x in piece["x"])])
    result.add_traces(marks(records, by, total, beside=beside)[:: 2 if stacked else 1])
    curve_axes.lay(result, by, total, _ends(pieces), stacked)
    went_on.mark(result, records, by, total)
    _names(result, _corner_of_loss(pieces, total), _corner_of_accuracy(pieces, total), beside is not None)
    return result


def marks(
    records: Iterable[Mapping[str, Any]],
    by: str,
    reach: float,
    *,
    beside: Iterable[Mapping[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    """The marks of changed settings on `curve`, which leave the names of its lines their place; `reach` is where the
    horizontal axis ends. Always all of them, for their labels make room for each other.
    """
    told = [*records, *(beside or ())]
    if not changes.changes(told):
        return []
    names_are_low = beside is None and _corner_of_loss(extension(told, by), reach)[1] == "bottom"
    return changes.marks(told, by, reach, above_names=names_are_low)


def _ends(pieces: list[dict[str, Any]]) -> tuple[float, float]:
    """The smallest loss that is not 0, and the largest."""
    losses = [loss for piece in pieces if piece["trace"] % len(_TRACES) < 2 for loss in piece["y"] if loss is not None]
    return min((loss for loss in losses if loss > 0), default=1.0), max(losses, default=0)


def _pane(trace: int) -> dict[str, str]:
    return {"xaxis": "x", "yaxis": "y"} if trace < 2 else {"xaxis": "x2", "yaxis": "y2"}


def _look(trace: int) -> dict[str, Any]:
    what = (
        _("training loss %{y:.4f}, one batch"),
        _("validation loss %{y:.4f}"),
        _("training accuracy %{y:.2f} %, one batch"),
        _("validation accuracy %{y:.2f} %"),
    )[trace]
    moment = _("step %{customdata[0]:,}, %{customdata[1]:.1f} s of training")
    hover = {"hovertemplate": f"{what}<br>{moment}<extra></extra>"}
    if trace % 2 == 0:
        return {
            "mode": "lines+markers",
            "line": {"color": style.TRAINING, "width": 1.5},
            "marker": {"color": style.TRAINING, "size": 5, "maxdisplayed": MARKERS},
            **hover,
        }
    return {
        "mode": "lines+markers",
        "line": {"color": style.VALIDATION, "width": 3.5},
        "marker": {"color": style.VALIDATION, "size": 10, "line": {"color": style.INK, "width": 1.5}},
        "cliponaxis": False,
        **hover,
    }


def _late(piece: Mapping[str, Any], total: float) -> list[float]:
    """What a line has in the right part of its pane, where its name would stand."""
    return [y for x, y in zip(piece["x"], piece["y"], strict=True) if x > 0.7 * total and y is not None]


def _corner_of_loss(pieces: list[dict[str, Any]], total: float) -> tuple[str, str]:
    """Where no loss is: at the right, below one that ran away or was soon left and is still high there."""
    least, most = _ends(pieces)
    if least < LOSS_RANGE[0]:  # it falls from corner to corner
        return "left", "bottom"
    is_high = most > LOSS_RANGE[1] or max(_late(pieces[0], total), default=0) > EARLY_LOSS
    return "right", "bottom" if is_high else "top"


def _corner_of_accuracy(pieces: list[dict[str, Any]], total: float) -> tuple[str, str]:
    """Where no accuracy is: at the right, above that of a training which was soon left."""
    return "right", "top" if min(_late(pieces[2], total), default=100) < 25 else "bottom"


def _names(figure: go.Figure, loss: tuple[str, str], accuracy: tuple[str, str], beside: bool) -> None:
    """What the lines are called, in a corner of each pane, and the panes' headings."""
    lines = [
        f'<span style="color:{style.TRAINING}">━</span> ' + _("training"),
        f'<span style="color:{style.VALIDATION}">●</span> ' + _("validation"),
    ]
    if beside:
        lines.append(f'<span style="color:{style.VALIDATION}">╌○</span> ' + _("from nothing"))
    for pane, heading, (side, end) in (("", _("Loss"), loss), ("2", _("Accuracy (%)"), accuracy)):
        place = {"xref": f"x{pane} domain", "yref": f"y{pane} domain", "showarrow": False}
        figure.add_annotation(text=f"<b>{heading}</b>", x=0, y=1, xanchor="left", yanchor="bottom", yshift=8, **place)
        if beside and not pane:  # two losses leave no corner free
            continue
        figure.add_annotation(
            text="<br>".join(lines),
            align="left",
            x=0.02 if side == "left" else 1,
            y=1 if end == "top" else 0,
            xanchor=side,
            yanchor=end,
            font={"size": style.SMALL},
            bgcolor=style.GROUND,  # lines of changes may run through
            **place,
        )


def _dashed(look: dict[str, Any], trace: int) -> dict[str, Any]:
    """The look of the run beside: dashed, its points hollow, and named where the pointer rests."""
    named = look["hovertemplate"].replace("<extra></extra>", f"<br>{_('from nothing')}<extra></extra>")
    line = {**look["line"], "dash": "dot" if trace % 2 == 0 else "dash"}
    if trace % 2 == 0:
        return {**look, "mode": "lines", "line": line, "hovertemplate": named}
    colour = look["marker"]["color"]
    marker = {"color": style.GROUND, "size": 10, "line": {"color": colour, "width": 2.5}}
    return {**look, "line": line, "marker": marker, "hovertemplate": named}


def _alternative(pieces: list[dict[str, Any]]) -> str:
    if not pieces[3]["y"]:
        return _("Learning curve: no evaluation yet.")
    return _("Learning curve: at step {step} the validation accuracy is {accuracy} %.").format(
        step=f"{pieces[3]['customdata'][-1][0]:,}", accuracy=f"{pieces[3]['y'][-1]:.2f}"
    )
