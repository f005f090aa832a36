"""A step in its five parts, beside the curve of a training that goes on slowly, or step by step."""

from mnist_viz.data.sets import DATASETS
from mnist_viz.runs.parts import NAMES, SLOW
from mnist_viz.server.board import ACTIVE, Snapshot
from mnist_viz.server.curve import pace
from mnist_viz.server.parts import parts, route_of
from mnist_viz.text import _
from mnist_viz.ui.components import step_parts

TURN = 0.15  # seconds from one part to the next, at least; the slower the steps are, the more there is for each


def show(snapshot: Snapshot) -> None:
    """The cards of the newest step, where this training is paused or slow; else nothing."""
    now = pace(snapshot)
    if snapshot.state not in ACTIVE or not (snapshot.state == "paused" or 0 < now <= SLOW):
        return
    data = snapshot.run.data
    names = DATASETS[data].classes if data in DATASETS else tuple(map(str, range(10)))
    turn = max(TURN, 0.9 / now / len(NAMES)) if now and snapshot.state != "paused" else TURN
    step_parts.show(route_of(snapshot.run.id), parts(snapshot), key="step_parts", names=names, turn=turn)


def method() -> str:
    """What the five cards show."""
    return _(
        "In slow motion and step by step each step is shown in its five parts. The batch is drawn; forward, the "
        "network answers each digit with probabilities; the loss says how much each answer costs; backward, every "
        "weight is told by its gradient in which direction the loss grows; the update moves the weights against it, as "
        "the optimiser does it. All numbers are those of this very step. The length of a gradient is its Euclidean "
        "norm over all weights of a layer; an update is compared with the length of the layer's weights before it. The "
        "times are those of the parts alone, without looking at them."
    )
