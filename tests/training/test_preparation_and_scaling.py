"""Runs that prepare their digits and scale them in their own way: trained, tested and begun with as they say."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

import models
from mnist_viz.analysis import endurance
from mnist_viz.analysis.distortions import Distortion, distort
from mnist_viz.data import mnist
from mnist_viz.data.address import Address
from mnist_viz.data.preparation import prepare
from mnist_viz.data.sets import DATASETS
from mnist_viz.data.split import subset
from mnist_viz.runs import checkpoints, digits, records
from mnist_viz.runs.features import features
from mnist_viz.runs.logits import logits
from mnist_viz.runs.store import DamagedRun, Run, Store
from mnist_viz.training import launch, lineage
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.failures import Refused
from mnist_viz.training.fit import SUBSET
from mnist_viz.training.kinds import Value
from mnist_viz.training.worker import train
from models.classifier import DEVIATION, MEAN

WORD = "deskew-binarise50"
SMALL: dict[str, Value] = {"architecture": "mlp", "digits": 300, "batch": 50, "device": "cpu"}
prepared = cache(lambda part: prepare(mnist.digits(part).images, WORD))


def made(store: Store, **changes: Value) -> Run:
    run = launch.create(TrainConfig.from_preset("live", **{**SMALL, **changes}), store)
    assert train(run)["kind"] == "finished"
    return run


def pixels(images: np.ndarray) -> torch.Tensor:
    return torch.tensor(images).unsqueeze(1).float() / 255


def test_a_run_learns_from_and_is_tested_on_prepared_digits(store: Store) -> None:
    run = made(store, preparation=WORD, scaling="mean_image")
    told, last = records.read_all(run), run.steps[-1]
    model = checkpoints.load(run, last)
    learned = prepared("train")[subset(mnist.digits("train").labels, 300, SUBSET)]
    assert torch.allclose(model.mean, torch.tensor(learned.mean(axis=0) / 255).float(), atol=1e-7)
    assert model.mean.shape == (28, 28) and model.deviation == 1

    fresh = checkpoints.load(run, 0)
    order = torch.randperm(300, generator=torch.Generator().manual_seed(0))[:50]
    labels = torch.tensor(mnist.digits("train").labels[subset(mnist.digits("train").labels, 300, SUBSET)]).long()
    weights = fresh.state_dict()
    seen = (pixels(learned[order.numpy()]) - weights["mean"]).flatten(1)
    hidden = torch.relu(seen @ weights["hidden.weight"].T + weights["hidden.bias"])
    loss = cross_entropy(hidden @ weights["head.weight"].T + weights["head.bias"], labels[order])
    first = next(one for one in told if one["kind"] == "step")
    assert first["loss"] == pytest.approx(loss.item(), rel=1e-5)

    for part in ("val", "test"):
        expected = model(pixels(prepared(part))).numpy()
        assert np.allclose(logits(run, last, part), expected, atol=1e-4)
        look = [one for one in told if one["kind"] == "evaluation" and one["part"] == part][-1]
        assert look["accuracy"] == pytest.approx((expected.argmax(1) == mnist.digits(part).labels).mean(), abs=1e-3)
        assert look["accuracy"] > 0.5
    found = features(run, last, "test")[:50]
    assert np.allclose(found, model.features(pixels(prepared("test")[:50])).numpy(), atol=1e-4)


def test_a_run_sees_its_digits_prepared_wherever_they_come_from(store: Store) -> None:
    run = store.create({"architecture": "mlp", "preparation": WORD})
    assert np.array_equal(digits.part(run, "val").images, prepared("val"))
    assert np.array_equal(digits.part(run, "val").labels, mnist.digits("val").labels)
    assert np.array_equal(digits.image(run, Address("val", 17)), prepared("val")[17])
    others = DATASETS["optdigits"].digits("test").images
    assert np.array_equal(digits.part(run, "test", "optdigits").images, prepare(others, WORD))
    plain = store.create({"architecture": "mlp"})
    assert digits.part(plain, "val") is mnist.digits("val")
    assert np.array_equal(digits.image(plain, Address("val", 17)), mnist.digits("val").images[17])


@pytest.mark.parametrize("word", ["sharpen", "median4", 5])
def test_a_config_that_says_no_steps_is_refused_in_a_sentence(store: Store, word: object) -> None:
    run = store.create({"architecture": "mlp", "preparation": word})
    with pytest.raises(DamagedRun, match=r"says steps of preparation that are none \(.*\): choose another run\.$"):
        digits.image(run, Address("test", 0))
    run = store.create({"architecture": "mlp", "scaling": "shrunk"})
    checkpoints.save(run, 0, models.build("mlp"))
    with pytest.raises(DamagedRun):
        checkpoints.load(run, 0)


@pytest.mark.parametrize(
    ("scaling", "mean", "deviation"),
    [("own", 0.5, 0.5), ("unit", 0.0, 1.0), ("standard", MEAN, DEVIATION), ("half", 0.5, 0.5)],
)
def test_a_scaling_lives_in_the_network(scaling: str, mean: float, deviation: float) -> None:
    model = models.build("conv32_64_dropout")
    model.rescale(scaling)
    images = pixels(mnist.digits("test").images[:3])
    assert torch.allclose(model.scale(images), (images - mean) / deviation)
    assert {"mean", "deviation"} <= set(model.state_dict())
    with pytest.raises(ValueError, match="scaling='none' is not one of own, unit, standard, half, mean_image: try"):
        model.rescale("none")


def test_what_is_distorted_is_prepared_afterwards(store: Store) -> None:
    run = made(store, preparation="centre", digits=100, epochs=2)
    model, image = checkpoints.load(run, run.steps[-1]), mnist.digits("test").images[3]
    spans = endurance.readings(run, model, image, Distortion(), "right")
    for value in (-4.0, 0.0, 3.0):
        moved = prepare(distort(image[np.newaxis], Distortion(right=value)), "centre")
        span = next(one for one in spans if one.low <= value <= one.high)
        assert span.read == int(model(pixels(moved)).argmax())
    here = next(one for one in spans if one.low <= 0 <= one.high)
    assert here.low <= -6 and here.high >= 6, "it is centred again until its ink leaves the picture"
    amounts = endurance.grid("right")
    counts = endurance.right_counts(run, run.steps[-1], "right", model)
    raw, labels = mnist.digits("test").images[:1000], mnist.digits("test").labels[:1000]
    seen = prepare(distort(raw, Distortion(right=amounts[2])), "centre")
    assert abs(counts[2] - int((model(pixels(seen)).argmax(1).numpy() == labels).sum())) <= 1


def test_who_begins_with_a_run_keeps_its_scaling_and_chooses_its_own_preparation(store: Store) -> None:
    parent = made(store, scaling="mean_image", preparation=WORD)
    words: dict[str, Value] = {"architecture": "mlp", "per_class": 2, "epochs": 1, "device": "cpu", "parent": parent.id}
    config = TrainConfig.from_preset("fine_tune", **words)
    found = lineage.found(config, store)
    assert (found.scaling, found.preparation) == ("mean_image", "")
    assert lineage.found(found, store) == found
    with pytest.raises(Refused, match=r"learned with scaling=mean_image, and what it learned fits no other: choose"):
        lineage.found(replace(config, scaling="half"), store)
    run = launch.create(replace(config, preparation="binarise30"), store)
    assert train(run)["kind"] == "finished"
    theirs, own = (checkpoints.load(one, one.steps[-1]) for one in (parent, run))
    assert torch.equal(theirs.mean, own.mean) and not torch.equal(theirs.head.weight, own.head.weight)
    assert run.config["scaling"] == "mean_image" and run.config["preparation"] == "binarise30"
    alone = lineage.from_nothing(TrainConfig.from_dict(run.config))
    assert (alone.scaling, alone.preparation) == ("mean_image", "binarise30")


def test_who_goes_on_keeps_both(store: Store) -> None:
    run = made(store, scaling="mean_image", preparation=WORD, digits=100)
    config = lineage.gone_on(run, 1)
    assert (config.scaling, config.preparation) == ("mean_image", WORD)
    for other in (replace(config, preparation=""), replace(config, scaling="own")):
        with pytest.raises(Refused, match="leave all settings as they are"):
            launch.create(other, store)
    more = launch.create(config, store)
    assert train(more)["kind"] == "finished"
    means = {checkpoints.load(one, step).mean.numpy().tobytes() for one in (run, more) for step in one.steps}
    assert len(means) == 1
    expected = checkpoints.load(more, more.steps[-1])(pixels(prepared("test"))).numpy()
    assert np.allclose(logits(more, more.steps[-1], "test"), expected, atol=1e-4)


def test_each_fold_has_the_mean_of_the_digits_that_train_it(store: Store) -> None:
    runs = [made(store, scaling="mean_image", digits=100, folds=2, fold=fold) for fold in (1, 2)]
    means = [checkpoints.load(run, 0).mean for run in runs]
    whole = mnist.digits("train").images[subset(mnist.digits("train").labels, 100, SUBSET)].mean(axis=0) / 255
    assert not torch.equal(*means) and torch.allclose((means[0] + means[1]) / 2, torch.tensor(whole).float(), atol=1e-6)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"preparation": "blur"}, "'blur' is no step of preparation: write deskew or"),
        ({"preparation": "noise90"}, "noise90 is not noise with a number in 5..60: try noise20."),
        ({"scaling": "pixels"}, "scaling=pixels is not known: choose own or unit or standard or half or mean_image."),
    ],
)
def test_nonsense_is_refused(words: dict[str, Value], sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        TrainConfig.from_preset("live", **words)
    assert str(refused.value).startswith(sentence)


def test_a_word_is_kept_as_short_as_it_can_be_and_older_runs_have_none() -> None:
    assert TrainConfig.from_preset("live", preparation="median03").preparation == "median3"
    old = {k: v for k, v in TrainConfig.from_preset("live").as_dict().items() if k not in ("preparation", "scaling")}
    assert (TrainConfig.from_dict(old).preparation, TrainConfig.from_dict(old).scaling) == ("", "own")
