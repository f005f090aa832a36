"""What decides the next steps of a training beside its checkpoint: remembered at one step, recalled before the next.

That is the optimiser's moments, the state of chance, and under averaging the raw weights and how many were averaged.
"""

import json
from collections.abc import Iterator, Mapping

import torch
from torch import Tensor, nn

from mnist_viz.runs.resume import Memory
from mnist_viz.training.learner import Learner

CHANCE, MOMENT, RAW = "chance", "moment", "raw"
ADAM, SGD = ("step", "exp_avg", "exp_avg_sq"), ("momentum_buffer",)


def remember(learner: Learner) -> Memory:
    """What `recall` needs. Tensors are those of the learner itself: write them down before it takes another step."""
    tensors = {f"{CHANCE} {kind}": state for kind, state in _chance(learner.where).items()}
    words = {"averaged": str(learner.average.count)}
    if learner.average.count is not None:
        tensors |= {f"{RAW} {name}": value for name, value in learner.model.state_dict().items()}
    if learner.is_prepared:
        state = learner.optimiser.state
        tensors |= {
            f"{MOMENT} {kind} {name}": value
            for name, weights in _learned(learner)
            for kind, value in state.get(weights, {}).items()
            if isinstance(value, Tensor)
        }
        words["betas"] = json.dumps(learner.optimiser.defaults.get("betas"))
    return Memory(tensors, words)


def recall(learner: Learner, memory: Memory) -> None:
    """Let a prepared learner, whose model has the weights of the checkpoint, go on as though it had never stopped.

    Raises ValueError for what another network, another optimiser or another hand wrote.
    """
    tensors = dict(memory.tensors)
    _recall_average(learner, tensors, memory.words.get("averaged", ""))
    _recall_moments(learner, tensors)
    betas = json.loads(memory.words.get("betas", "null"))
    if betas is not None:
        first, second = (float(beta) for beta in betas)
        for group in learner.optimiser.param_groups:  # these moments were made with these
            group["betas"] = first, second
    _recall_chance(learner.where, tensors)
    if tensors:
        raise ValueError(f"{', '.join(sorted(tensors)[:3])} is of nothing here")


def _recall_average(learner: Learner, tensors: dict[str, Tensor], count: str) -> None:
    if learner.average.count is None:
        return
    learner.average.count = int(count)
    own = learner.model.state_dict()
    learner.model.load_state_dict({name: _taken(tensors, f"{RAW} {name}", like) for name, like in own.items()})


def _recall_moments(learner: Learner, tensors: dict[str, Tensor]) -> None:
    """Each moment in the layout of its weights: channels_last ones would be paired with other weights otherwise."""
    kinds = SGD if isinstance(learner.optimiser, torch.optim.SGD) else ADAM
    if not any(name.startswith(MOMENT) for name in tensors):
        return
    for name, weights in _learned(learner):
        for kind in kinds:
            like = torch.zeros((), device=weights.device) if kind == "step" else weights.detach()
            value = _taken(tensors, f"{MOMENT} {kind} {name}", like)
            learner.optimiser.state[weights][kind] = torch.empty_like(like).copy_(value)


def _taken(tensors: dict[str, Tensor], name: str, like: Tensor) -> Tensor:
    """The tensor of this name, no more among the others, if it is of the shape and kind of `like`."""
    value = tensors.pop(name, None)
    if value is None or value.shape != like.shape or value.dtype != like.dtype:
        raise ValueError(f"{name} is missing or of another shape")
    return value


def _learned(learner: Learner) -> Iterator[tuple[str, nn.Parameter]]:
    return ((name, weights) for name, weights in learner.model.named_parameters() if weights.requires_grad)


def _chance(where: torch.device) -> Mapping[str, Tensor]:
    """The state of torch's generators: dropout on a device draws from its own, all else from the processor's."""
    states = {"cpu": torch.get_rng_state()}
    if where.type == "cuda":
        states["cuda"] = torch.cuda.get_rng_state(where)
    elif where.type == "mps":
        states["mps"] = torch.mps.get_rng_state()
    return states


def _recall_chance(where: torch.device, tensors: dict[str, Tensor]) -> None:
    for kind, like in _chance(where).items():
        state = _taken(tensors, f"{CHANCE} {kind}", like)
        try:
            {"cpu": torch.set_rng_state, "cuda": torch.cuda.set_rng_state, "mps": torch.mps.set_rng_state}[kind](state)
        except RuntimeError as error:
            raise ValueError("no state of chance") from error
