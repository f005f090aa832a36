"""Marks on a learning curve: from where on a setting was another, as thin lines with a short label each."""

from collections.abc import Iterable, Mapping
from typing import Any

from mnist_viz.figures import style
from mnist_viz.runs.commands import SETTINGS
from mnist_viz.text import _

MARK = "mark"
"""The meta of a trace of marks, by which the browser finds those that it replaces."""
AXES = {"yaxis3": "y", "yaxis4": "y2"}
"""The axes, from 0 to 1, that the marks have over those of the loss and of the accuracy."""
OWN = -1  # the dropout that a network was built with
IN_PERCENT = ("zoom", "erasing", "grain")
"""The shares by which digits are changed, which are read as per cents wherever they are shown."""
_POINTS = 13  # along a mark, so that the pointer finds it anywhere
_LEVELS = ((1, 2, 3, 4), (8, 7, 6, 5))  # the points beside which labels stand, where no curve mostly is: loss, accuracy
_NAMES = 2  # levels that the names of the lines take at the bottom of the loss
_PANES = ({"xaxis": "x", "yaxis": "y3"}, {"xaxis": "x2", "yaxis": "y4"})
_LETTER, _PANE = 6.5, 330  # pixels: width of a letter, and of a pane in a window of 1280
_ASIDE = "   "  # between a mark and its label: the point of a look may lie on the mark
_SAID = 2  # settings of one change that its label names


def changes(records: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The records of changes that were obeyed, those left out that another hand made."""
    return [
        record
        for record in records
        if record.get("kind") == "command"
        and record.get("command") == "change"
        and "refused" not in record
        and isinstance(record.get("settings"), dict)
        and record["settings"]
        and all(isinstance(record.get(name), int | float) for name in ("step", "seconds"))
    ]


def at_first(config: Mapping[str, Any], records: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The settings that the first step of all was taken with, by those of config.json and the records.

    Who goes on with a run that was changed has the changed settings in its config.json, and the changes in its records.
    """
    settings = dict(config)
    for record in reversed(changes(records)):
        before = record.get("before")
        if isinstance(before, dict):
            settings |= {name: before[name] for name in SETTINGS if name in before}
    return settings


def marks(
    records: Iterable[Mapping[str, Any]], by: str, reach: float, *, above_names: bool = False
) -> list[dict[str, Any]]:
    """For each of the panes of `curves.curve` a trace of all marks and one of their labels, none where nothing changed.

    A mark stands at the first step with the new setting, or at the `seconds` of training before it; `reach` is where
    the horizontal axis ends. A label that would stand in another's place is left to the pointer; in the loss's pane
    they stand `above_names`, where those of its lines are at the bottom.
    """
    found = changes(records)
    if not found:
        return []
    levels = _placed(found, by, reach)
    lifted = tuple(point + _NAMES for point in _LEVELS[0]) if above_names else _LEVELS[0]
    traces = []
    for pane, points in enumerate((lifted, _LEVELS[1])):
        heights = [None if level is None else points[level] / (_POINTS - 1) for level in levels]
        traces += [_lines(found, by, pane), _labels(found, heights, by, reach, pane)]
    return traces


def axes() -> dict[str, Any]:
    """The layout of the axes that marks stand on."""
    over = {"range": [0, 1], "visible": False, "fixedrange": True}
    return {
        name: {**over, "overlaying": below, "anchor": "x" if below == "y" else "x2"} for name, below in AXES.items()
    }


def label(record: Mapping[str, Any]) -> str:
    """What was changed, as short as it can be said: "rate 0.003, dropout 0.9", and dots for what is more than that."""
    short = {**amounts(), "rate": _("rate"), "momentum": _("momentum"), "weight_decay": _("decay")}
    said = [f"{short.get(name, name)} {value_of(name, value)}" for name, value in record["settings"].items()]
    return ", ".join(said[:_SAID]) + (" …" if len(said) > _SAID else "")


def amounts() -> dict[str, str]:
    """What the settings are called by which digits are changed, and activations silenced, before they are learned."""
    return {
        "dropout": _("dropout"),
        "rotation": _("turned by"),
        "shift": _("shifted by"),
        "zoom": _("scaled by"),
        "shear": _("slanted by"),
        "elastic": _("bent by"),
        "erasing": _("covered"),
        "grain": _("noise"),
    }


def value_of(name: str, value: object) -> str:
    """The value of a setting with its unit, as titles, marks and tables say it."""
    if name == "dropout" and value == OWN:
        return _("as the network has it")
    if not isinstance(value, int | float):
        return str(value)[:20]
    units = {
        "rotation": _("±{value:g}°"),
        "shift": _("±{value:g}\u00a0px"),
        "zoom": _("±{value:g}\u00a0%"),
        "shear": _("±{value:g}°"),
        "elastic": _("{value:g}\u00a0px"),
        "erasing": _("{value:g}\u00a0%"),
        "grain": _("{value:g}\u00a0%"),
    }
    return units.get(name, "{value:g}").format(value=100 * value if name in IN_PERCENT else value)


def sentence(record: Mapping[str, Any]) -> str:
    """What was changed, from what to what and when."""
    long = {
        **amounts(),
        "rate": _("learning rate, the peak of its schedule"),
        "momentum": _("momentum"),
        "weight_decay": _("weight decay"),
    }
    before = record.get("before")
    was = before if isinstance(before, dict) else {}
    lines = [
        _("{name}: {before} → {value}").format(
            name=long.get(name, name), before=value_of(name, was.get(name, "?")), value=value_of(name, value)
        )
        for name, value in record["settings"].items()
    ]
    when = _("from step {step:,} on, after {seconds:.1f} s of training")
    return "<br>".join([*lines, when.format(step=int(record["step"]), seconds=record["seconds"])])


def _lines(found: list[Mapping[str, Any]], by: str, pane: int) -> dict[str, Any]:
    x = [record[by] for record in found for _point in range(_POINTS + 1)]
    heights = [*(place / (_POINTS - 1) for place in range(_POINTS)), None]
    return {
        "type": "scatter",
        "meta": MARK,
        "x": x,
        "y": heights * len(found),
        "customdata": [[one["step"], one["seconds"]] for one in found for _point in range(_POINTS + 1)],
        "mode": "lines",
        "line": {"color": style.VIOLET, "width": 1.5, "dash": "3px 2px"},
        "hovertext": [sentence(one) for one in found for _point in range(_POINTS + 1)],
        "hovertemplate": "%{hovertext}<extra></extra>",
        **_PANES[pane],
    }


def _labels(
    found: list[Mapping[str, Any]], heights: list[float | None], by: str, reach: float, pane: int
) -> dict[str, Any]:
    """A trace of its own, for of texts some of which are empty plotly loses others when it draws again."""
    named = [(one, height) for one, height in zip(found, heights, strict=True) if height is not None]
    return {
        "type": "scatter",
        "meta": MARK,
        "x": [one[by] for one, _height in named],
        "y": [height for _one, height in named],
        "customdata": [[one["step"], one["seconds"]] for one, _height in named],
        "mode": "text",
        "text": [f"{_ASIDE}{label(one)}{_ASIDE}" for one, _height in named],
        "textposition": [f"middle {_side(one, by, reach)}" for one, _height in named],
        "textfont": {"size": style.SMALL, "color": style.INK, "shadow": f"0 0 3px {style.GROUND}"},
        "hoverinfo": "skip",
        **_PANES[pane],
    }


def _placed(found: list[Mapping[str, Any]], by: str, reach: float) -> list[int | None]:
    """The level of each label: the first on which it touches none before it."""
    taken: list[list[tuple[float, float]]] = [[] for _level in _LEVELS[0]]
    levels: list[int | None] = []
    for record in found:
        wide = _width(record, reach)
        start = record[by] - wide if _side(record, by, reach) == "left" else record[by]
        free = (
            level for level, spans in enumerate(taken) if all(start >= end or start + wide <= at for at, end in spans)
        )
        level = next(free, None)
        if level is not None:
            taken[level].append((start, start + wide))
        levels.append(level)
    return levels


def _width(record: Mapping[str, Any], reach: float) -> float:
    """The room that a label takes along the axis; of the spaces around it two are as wide as a letter."""
    return reach * _LETTER * (len(label(record)) + len(_ASIDE)) / _PANE


def _side(record: Mapping[str, Any], by: str, reach: float) -> str:
    """On which side of its mark a label stands: right of it, unless it would leave the pane there."""
    return "left" if record[by] + _width(record, reach) > reach else "right"
