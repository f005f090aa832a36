"""What the newest checkpoint of a run does not say: moments, raw weights, chance; in `resume/`, named by the step.

Torch is loaded only where tensors are read or written: pages ask no more than whether they are there.
"""

import contextlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from safetensors import SafetensorError, safe_open

from mnist_viz.runs.files import read_capped, write_whole
from mnist_viz.runs.store import DamagedRun, Run
from mnist_viz.text import _

if TYPE_CHECKING:
    from torch import Tensor

LIMIT = 2 * 1024 * 1024 * 1024  # bytes; four times that of a checkpoint: raw weights, two moments each, and room
_NAME = re.compile(r"[0-9]{8}\.safetensors")


class Memory(NamedTuple):
    """Tensors by their names, and what else there is to say, in words."""

    tensors: "Mapping[str, Tensor]"
    words: Mapping[str, str]


def place(run: Run, step: int) -> Path:
    """Where the memory of this step is kept."""
    return run.folder / "resume" / f"{step:08d}.safetensors"


def save(run: Run, step: int, memory: Memory) -> None:
    """Write it whole beside what is there. Save the checkpoint of the step next, then `forget_others`: a process that
    is killed in between leaves the newest checkpoint with its memory.
    """
    import safetensors.torch  # noqa: PLC0415  brings torch

    tensors = {name: value.detach().to("cpu").contiguous() for name, value in memory.tensors.items()}
    write_whole(place(run, step), safetensors.torch.save(tensors, metadata={**memory.words, "step": str(step)}))


def forget_others(run: Run, step: int) -> None:
    """Delete what was remembered of other steps than this one."""
    kept = place(run, step)
    for path in kept.parent.iterdir():
        if path != kept and _NAME.fullmatch(path.name):
            with contextlib.suppress(OSError):  # on Windows being read: the next time, then
                path.unlink()


def is_there(run: Run, step: int) -> bool:
    """Whether a memory of this step is kept."""
    return place(run, step).is_file()


def check(run: Run, step: int) -> None:
    """Raises DamagedRun where the file is not whole or speaks of another step; without loading torch."""
    path = place(run, step)
    try:
        with safe_open(path, framework="numpy") as file:
            if (file.metadata() or {}).get("step") != str(step):
                raise ValueError("another step")
    except (SafetensorError, OSError, ValueError) as error:
        raise damaged(run.id, step) from error


def load(run: Run, step: int) -> Memory:
    """What was remembered of this step, on the processor and contiguous. Raises DamagedRun."""
    import safetensors.torch  # noqa: PLC0415  brings torch

    check(run, step)
    path = place(run, step)
    try:
        with safe_open(path, framework="numpy") as file:
            words = dict(file.metadata() or {})
        return Memory(safetensors.torch.load(read_capped(path, LIMIT)), words)
    except (SafetensorError, OSError, ValueError) as error:
        raise damaged(run.id, step) from error


def damaged(run_id: str, step: int) -> DamagedRun:
    """The refusal of a memory that is not what it should be."""
    return DamagedRun(
        _(
            "What run {run} remembered of step {step} is damaged: delete its folder resume, then it goes on with a "
            "fresh optimiser."
        ).format(run=run_id, step=step)
    )
