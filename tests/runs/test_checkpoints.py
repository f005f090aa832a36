"""Checkpoints give back the very weights, refuse what is none, and are thinned evenly."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
import safetensors.torch
import torch
from hypothesis import given
from hypothesis import strategies as st

import models
from mnist_viz.runs import checkpoints
from mnist_viz.runs.store import DamagedRun, Run, Store, UnknownRun


def saved(store: Store, architecture: str, step: int = 3) -> tuple[Run, torch.nn.Module]:
    run = store.create({"architecture": architecture})
    model = models.build(architecture)
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    checkpoints.save(run, step, model)
    return run, model


@pytest.mark.parametrize("architecture", models.ARCHITECTURES)
def test_the_very_weights_come_back_frozen(store: Store, architecture: str) -> None:
    run, model = saved(store, architecture)
    loaded = checkpoints.load(run, 3)
    assert run.steps == [3]
    assert not loaded.training and not any(weights.requires_grad for weights in loaded.parameters())
    for name, value in model.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], value), name


def test_saving_leaves_the_model_in_training(store: Store) -> None:
    _, model = saved(store, "fast_cnn")
    assert model.training and all(weights.requires_grad for weights in model.parameters())


def test_a_checkpoint_is_never_overwritten(store: Store) -> None:
    run, _ = saved(store, "mlp")
    before = run.checkpoint(3).read_bytes()
    with pytest.raises(FileExistsError):
        checkpoints.save(run, 3, models.build("mlp"))
    assert run.checkpoint(3).read_bytes() == before


def test_a_step_without_checkpoint_is_refused(store: Store) -> None:
    run, _ = saved(store, "mlp")
    with pytest.raises(UnknownRun, match="keeps no checkpoint of step 4: choose"):
        checkpoints.load(run, 4)


def wrong(path: Path, how: str) -> None:
    """Put something else in the place of a checkpoint of the mlp."""
    weights = models.build("mlp").state_dict()
    content = path.read_bytes()
    match how:
        case "cut":
            path.write_bytes(content[:-4])
        case "empty":
            path.write_bytes(b"")
        case "rubbish":
            path.write_bytes(bytes(range(256)) * 40)
        case "pickle":
            torch.save(weights, path)
        case "other network":
            path.write_bytes(safetensors.torch.save(models.build("fast_cnn").state_dict()))
        case "other size":
            path.write_bytes(safetensors.torch.save(models.build("mlp", hidden=64).state_dict()))
        case "one missing":
            path.write_bytes(safetensors.torch.save(dict(list(weights.items())[:-1])))
        case "other numbers":
            path.write_bytes(safetensors.torch.save({name: value.half() for name, value in weights.items()}))
        case "a folder":
            path.unlink()
            path.mkdir()


@pytest.mark.parametrize(
    "how",
    ["cut", "empty", "rubbish", "pickle", "other network", "other size", "one missing", "other numbers", "a folder"],
)
def test_a_wrong_file_is_refused_in_one_sentence(store: Store, how: str) -> None:
    run, _ = saved(store, "mlp")
    wrong(run.checkpoint(3), how)
    with pytest.raises(DamagedRun, match=r"step 3 of run .* is damaged or of another network: choose") as refusal:
        checkpoints.load(run, 3)
    assert len(str(refusal.value).splitlines()) == 1


def test_a_run_of_an_unknown_network_is_refused(store: Store) -> None:
    run, _ = saved(store, "mlp")
    (run.folder / "config.json").write_text('{"architecture": "perceptron"}')
    with pytest.raises(DamagedRun):
        checkpoints.load(run, 3)


def thinned(run: Run, steps: list[int], limit: int) -> list[int]:
    for step in steps:
        run.checkpoint(step).touch()
        checkpoints.keep(run, limit)
    return run.steps


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=60, unique=True), st.integers(2, 20))
def test_the_first_and_the_newest_always_stay(make_run: Callable[[], Run], steps: list[int], limit: int) -> None:
    steps = [0, *sorted(steps)]
    left = thinned(make_run(), steps, limit)
    assert len(left) == min(limit, len(steps))
    assert left[0] == 0 and left[-1] == steps[-1]
    assert set(left) <= set(steps)


def test_two_hundred_epochs_keep_forty_evenly_and_the_first_epochs_powers_of_two(run: Run) -> None:
    first = [0, *(2**power for power in range(8))]
    left = thinned(run, first + [215 * epoch for epoch in range(1, 201)], 40)
    assert len(left) == 40 and left[:9] == first and left[-1] == 215 * 200
    gaps = [later - earlier for earlier, later in pairwise(left[9:])]
    assert max(gaps) <= 2 * min(gaps[:-1])
