"""What a picture of weights is, and how those who read by it are called: filters, neurons, the gates of units."""

from typing import TYPE_CHECKING

from mnist_viz.plan.sizes import SIDE
from mnist_viz.text import _
from mnist_viz.ui.inside import feature_drawings

if TYPE_CHECKING:
    from mnist_viz.analysis.weight_pictures import Kernels


def reader(kernels: "Kernels") -> str:
    """The kind of what reads by one row of the matrix, as a menu is labelled."""
    return {"kernel": _("Filter"), "gate": _("Gate and unit")}.get(kernels.way, _("Neuron"))


def choices(kernels: "Kernels") -> dict[str, str]:
    """All that read by these weights: the number of each, and its short name."""
    return {str(number): _short(kernels, number) for number in range(kernels.shape[0])}


def title(kernels: "Kernels", number: int, channel: int) -> str:
    """What is seen."""
    layer, by = feature_drawings.called(kernels.layer), _named(kernels, number)
    if kernels.shape[1] > 1:
        return _("{layer}: the weights by which {reader} reads map {channel}").format(
            layer=layer, reader=by, channel=channel
        )
    return _("{layer}: the weights of {reader}").format(layer=layer, reader=by)


def explained(kernels: "Kernels", number: int) -> str:
    """What these weights are, and how colours are to be read."""
    rows, columns = kernels.shape[2:]
    what = {
        "kernel": _("A kernel of {rows} × {columns} weights."),
        "map": _("No kernel that slides: the {rows} × {columns} weights by which one neuron reads one map."),
        "patch": _(
            "The {rows} × {columns} weights by which one neuron reads each of the {patches} patches: the same for all, "
            "a convolution whose stride is as large as its kernel."
        ),
        "gate": _(
            "No kernel and no picture: the row of {columns} weights by which {reader} reads the pixels of a row of the "
            "digit, the same for all rows."
        ),
        "row": _("No kernel and no picture: the row of {columns} weights by which one neuron reads its numbers."),
    }[kernels.way].format(
        rows=rows, columns=columns, patches=(SIDE // rows) * (SIDE // columns), reader=_named(kernels, number)
    )
    return f"{what} " + _(
        "Red is above 0 and blue below; weights and their change share one scale, so that a pale change is small; the "
        "gradient has one of its own, on which its largest number has the full colour. "
        "All other weights of the network take the same step at the same time."
    )


def _short(kernels: "Kernels", number: int) -> str:
    if kernels.way != "gate":
        return str(number)
    gate, unit = _gate(kernels, number)
    return (_("input {unit}"), _("forget {unit}"), _("cell {unit}"), _("output {unit}"))[gate].format(unit=unit)


def _named(kernels: "Kernels", number: int) -> str:
    if kernels.way == "kernel":
        return _("filter {number}").format(number=number)
    if kernels.way != "gate":
        return _("neuron {number}").format(number=number)
    gate, unit = _gate(kernels, number)
    return (
        _("the input gate of unit {unit}"),
        _("the forget gate of unit {unit}"),
        _("the cell input of unit {unit}"),
        _("the output gate of unit {unit}"),
    )[gate].format(unit=unit)


def _gate(kernels: "Kernels", number: int) -> tuple[int, int]:
    """Gate and unit of a row of an LSTM's matrix: torch puts all input gates first, then forget, cell and output."""
    return divmod(number, kernels.shape[0] // 4)
