"""The weights of a run, one immutable safetensors file for each step that is kept."""

import safetensors.torch
from safetensors import SafetensorError
from torch import nn

import models
from mnist_viz.plan import words
from mnist_viz.plan.layers import Impossible
from mnist_viz.runs.files import read_capped, write_whole
from mnist_viz.runs.store import DamagedRun, Run, UnknownRun
from mnist_viz.text import _

LIMIT = 512 * 1024 * 1024  # bytes; fast_cnn has 0.12 MB


def save(run: Run, step: int, model: nn.Module) -> None:
    """Keep the weights as they are now. Raises FileExistsError: what has a name never changes."""
    path = run.checkpoint(step)
    if path.exists():
        raise FileExistsError(f"{path.name} is already there")
    weights = {  # safetensors takes no channels_last tensors
        name: value.detach().to("cpu").contiguous() for name, value in model.state_dict().items()
    }
    write_whole(path, safetensors.torch.save(weights, metadata={"step": str(step)}))


def load(run: Run, step: int) -> models.Classifier:
    """The network as it was after this step, on the processor, frozen: eval mode and no gradients to weights.

    Raises UnknownRun if no checkpoint of this step is kept, DamagedRun if its file is not what it should be.
    """
    if step not in run.steps:
        raise UnknownRun(
            _("Run {run} keeps no checkpoint of step {step}: choose one of its checkpoints.").format(
                run=run.id, step=step
            )
        )
    config, classes = run.config, run.classes
    try:
        shape = words.shape(config["architecture"], config.get("layers"))
        model = models.build(config["architecture"], classes, **shape)
        model.rescale(config.get("scaling") or "own")
        weights = safetensors.torch.load(read_capped(run.checkpoint(step), LIMIT))
        kinds = {name: value.dtype for name, value in model.state_dict().items()}
        if kinds != {name: value.dtype for name, value in weights.items()}:
            raise ValueError("other layers")
        model.load_state_dict(weights)
    except Impossible as why:
        raise DamagedRun(
            _("config.json of run {run} says layers that cannot be built ({why}): choose another run.").format(
                run=run.id, why=str(why).rstrip(".")
            )
        ) from why
    except (SafetensorError, OSError, ValueError, RuntimeError) as error:
        raise DamagedRun(
            _("The checkpoint of step {step} of run {run} is damaged or of another network: choose another.").format(
                step=step, run=run.id
            )
        ) from error
    return model.eval().requires_grad_(False)


def keep(run: Run, limit: int = 40, *, spared: int | None = None) -> None:
    """Delete checkpoints until `limit` are left: 0, the newest and the one that is spared always stay.

    Steps that are powers of two, where most is learned, stay too as long as others can go; of those, the one
    whose neighbours are closest goes first, so that the rest stay evenly spread over the epochs.
    """
    steps = run.steps
    while len(steps) > max(limit, 2):
        inner = [place for place in range(1, len(steps) - 1) if steps[place] != spared]
        later = [place for place in inner if steps[place] & (steps[place] - 1)]
        goes = min(later or inner, key=lambda place: steps[place + 1] - steps[place - 1])
        run.checkpoint(steps.pop(goes)).unlink(missing_ok=True)
