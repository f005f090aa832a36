"""The program that trains a run again is run, and takes the very steps that the app's own loop takes."""

import csv
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import models
from mnist_viz.data import mnist, preparation
from mnist_viz.data.mnist import BUNDLED, Digits
from mnist_viz.plan import words
from mnist_viz.plan.layers import START
from mnist_viz.runs.logits import predict
from mnist_viz.training.config import FIELDS, TrainConfig
from mnist_viz.training.fields import LATER
from mnist_viz.training.fit import fit, network, taught
from mnist_viz.training.kinds import Value
from mnist_viz.training.patience import Patience
from mnist_viz.training.script import writing

ID = "20261121-142233-mlp-a3f1"
TOGETHER: dict[str, dict[str, Value]] = {
    "momentum": {
        "architecture": "mlp", "optimiser": "sgd", "momentum": 0.8, "nesterov": "yes", "weight_decay": 0.01,
        "schedule": "step", "epochs": 2, "batch": 64, "digits": 500, "seed": 3, "smoothing": 0.1,
        "initialisation": "he", "rate": 0.05,
    },
    "averaged": {
        "architecture": "fast_cnn", "optimiser": "adamw", "weight_decay": 0.02, "schedule": "cosine", "epochs": 4,
        "per_class": 5, "batch": 16, "averaging": 0.9, "seed": 2,
    },
    "patient": {
        "architecture": "built", "layers": "c8k5s2-r-b-m2-o0.2-d32-b-t", "schedule": "constant", "epochs": 8,
        "batch": 50, "digits": 200, "patience": 1, "rate": 0.5, "initialisation": "xavier",
    },
    "dropped": {"architecture": "conv32_64_dropout", "digits": 160, "batch": 50, "rate": 0.003},
    "prepared": {
        "architecture": "fast_cnn", "digits": 300, "batch": 50, "preparation": "deskew-binarise50",
        "scaling": "mean_image",
    },
    "blurred": {
        "architecture": "built", "digits": 160, "batch": 50, "scaling": "mean_image", "averaging": 0.9,
        "preparation": "noise20-centre-median3",
    },
    "changed": {
        "architecture": "conv16_32", "digits": 300, "batch": 50, "rotation": 12, "shift": 2.5, "zoom": 0.12, "shear": 8,
        "elastic": 1, "erasing": 0.1, "grain": 0.1, "dropout": 0.3, "averaging": 0.9,
    },
    "silenced": {
        "architecture": "conv32_64_dropout", "digits": 250, "batch": 50, "rate": 0.003, "dropout": 0.4, "folds": 5,
        "fold": 3,
    },
    "half": {"architecture": "built", "digits": 160, "batch": 50, "scaling": "half"},
    "unit": {"architecture": "vit", "per_class": 5, "batch": 25, "scaling": "unit", "epochs": 1},
}  # fmt: skip


def config(**changes: Value) -> TrainConfig:
    return TrainConfig.from_preset("live", **{"device": "cpu", **changes})


def own(said: TrainConfig, looked: int = 5000, tested: int = 10_000) -> tuple[list[dict[str, Any]], np.ndarray]:
    """The steps of the app's own loop, and the logits of so many test digits by what it keeps."""
    model, patience, steps = network(said), Patience(said), []
    kept: dict[int, dict[str, torch.Tensor]] = {}
    raw = (
        taught(mnist.digits("train"), said),
        mnist.digits("val").chosen(np.arange(looked)),
        mnist.digits("test").chosen(np.arange(tested)),
    )
    train, val, test = (Digits(preparation.prepare(one.images, said.preparation), one.labels) for one in raw)
    for record in fit(model, train, val, said):
        patience.see(record)
        if record["kind"] == "step":
            steps.append(record)
        if record["kind"] == "checkpoint":
            kept[record["step"]] = {name: value.clone() for name, value in model.state_dict().items()}
            if patience.spent:
                break
    if patience.best:
        model.load_state_dict(kept[patience.best["step"]])
    return steps, predict(model.eval(), test.images)


def loaded(said: TrainConfig) -> dict[str, Any]:
    """The names of the program, which is compiled and not yet run."""
    names: dict[str, Any] = {"__name__": "trained_again", "__file__": "train.py"}
    exec(compile(writing.write(said, ID), "train.py", "exec"), names)
    return names


@pytest.mark.parametrize("name", TOGETHER)
def test_it_takes_the_steps_of_the_apps_own_loop_and_ends_with_its_network(name: str) -> None:
    said = config(**TOGETHER[name])
    program, curve = loaded(said), list[dict[str, float]]()
    found = program["load"](BUNDLED)
    found["validation"] = tuple(part[:400] for part in found["validation"])
    model = program["train"](found, curve)
    steps, logits = own(said, looked=400, tested=1000)
    assert [one["step"] for one in curve] == [one["step"] for one in steps]
    assert [one["loss"] for one in curve] == pytest.approx([one["loss"] for one in steps], rel=1e-4)
    assert curve[0]["loss"] == pytest.approx(steps[0]["loss"], rel=1e-6)
    assert np.abs([a["accuracy"] - b["accuracy"] for a, b in zip(curve, steps, strict=True)]).max() <= 0.021
    with torch.inference_mode():
        answers = model(found["test"][0][:1000].float() / 255).numpy()
    assert np.abs(answers - logits).max() < 0.05 * np.abs(logits).max()
    assert (answers.argmax(1) == logits.argmax(1)).mean() > 0.995
    if said.patience:
        assert len(steps) < said.steps, "patience was to end it"


def test_the_settings_that_are_tried_together_are_all_that_it_knows() -> None:
    tried = set.union(*(set(settings) for settings in TOGETHER.values())) | {"device", "preset"}
    assert tried == writing.WRITTEN
    schedules = {settings.get("schedule", "one_cycle") for settings in TOGETHER.values()}
    assert schedules == set(FIELDS["schedule"].options)  # type: ignore[union-attr]


def test_run_in_a_terminal_it_says_what_the_app_says(tmp_path: Path) -> None:
    said = config(architecture="mlp", digits=300, batch=50, epochs=2)
    (tmp_path / "train.py").write_text(writing.write(said, ID), encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-I", "train.py", "--data", str(BUNDLED), "--curve", "curve.csv"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    steps, logits = own(said)
    with (tmp_path / "curve.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [float(row["loss"]) for row in rows] == pytest.approx([one["loss"] for one in steps], rel=1e-4)
    accuracy = (logits.argmax(1) == mnist.digits("test").labels).mean()
    found = re.search(r"test loss [0-9.]+, accuracy ([0-9.]+)%", told)
    assert found and float(found[1]) == pytest.approx(100 * accuracy, abs=0.05)


def test_without_the_digits_it_says_where_they_are(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(writing.write(config(architecture="mlp"), ID), encoding="utf-8")
    for arguments, sentence in (([], "put its four files"), (["--data", "nowhere"], "cannot be read")):
        told = subprocess.run(
            [sys.executable, "-I", "train.py", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert told.returncode and sentence in told.stderr and "https://" in told.stderr
        assert "Traceback" not in told.stderr


@pytest.mark.parametrize("architecture", models.ARCHITECTURES)
def test_every_network_stands_alone_and_answers_as_the_zoos_own(architecture: str) -> None:
    said = config(architecture=architecture, digits=100, batch=100)
    program = loaded(said)
    model, same = program["first_weights"](), network(said)
    weights = {name: value for name, value in same.state_dict().items() if name not in ("mean", "deviation")}
    assert model.state_dict().keys() == weights.keys()
    for name, value in model.state_dict().items():
        assert torch.equal(value, weights[name]), name
    pixels = torch.tensor(mnist.digits("test").images[:50]).unsqueeze(1) / 255
    with torch.inference_mode():
        assert torch.allclose(model.eval()(pixels), same.eval()(pixels), atol=1e-5)
    curve: list[dict[str, float]] = []
    digits = {part: (x[:100], y[:100]) for part, (x, y) in images().items()}
    program["train"](digits, curve)
    assert len(curve) == 1 and curve[0]["loss"] > 1


def images() -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
    return {
        part: (
            torch.tensor(mnist.digits(name).images[:100]).unsqueeze(1),
            torch.tensor(mnist.digits(name).labels).long(),
        )
        for part, name in (("train", "train"), ("validation", "val"), ("test", "test"))
    }


@pytest.mark.parametrize("changes", [{"layers": words.write(START)}, {"layers": "a2-c4k3p1-e-b-d16-s-d16"}])
def test_layers_of_ones_own_are_written_out(changes: dict[str, Value]) -> None:
    said = config(architecture="built", **changes)
    model, same = loaded(said)["first_weights"]().eval(), network(said).eval()
    pixels = images()["test"][0].float() / 255
    assert torch.allclose(model(pixels), same(pixels), atol=1e-5)


def test_its_digits_are_those_of_the_app() -> None:
    for changes in ({"digits": 1234}, {"per_class": 7, "seed": 4}):
        said = config(**changes)
        program = loaded(said)
        assert program["bundled"]() == BUNDLED, "as the tests are run inside the repository"
        digits = program["load"](BUNDLED)
        for part, name in (("validation", "val"), ("test", "test")):
            assert np.array_equal(digits[part][0].squeeze(1).numpy(), mnist.digits(name).images)
            assert np.array_equal(digits[part][1].numpy(), mnist.digits(name).labels)
        assert len(digits["train"][1]) == said.shown


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"parent": "pretrained"}, "started from the checkpoint of another run"),
        ({"parent": "pretrained", "trains": "head"}, "started from the checkpoint of another run"),
        ({"data": "optdigits", "per_class": 10}, "it learned from scikit-learn's digits"),
        ({"data": "printed", "per_class": 10}, "it learned from printed characters"),
    ],
)
def test_what_it_cannot_do_is_refused_in_a_sentence(changes: dict[str, Value], why: str) -> None:
    said = config(**changes)
    assert why in writing.refusal(said) and writing.refusal(said).endswith(".")
    with pytest.raises(ValueError, match="No program of one file"):
        writing.write(said, ID)


@pytest.mark.parametrize("name", FIELDS)
def test_every_setting_is_in_the_program_or_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that is added some day, and that nobody has thought of here."""
    said = config()
    assert writing.refusal(said) == ""
    if name in writing.WRITTEN:
        return
    unusual = {**said.as_dict(), name: "anything but this"}
    monkeypatch.setattr(TrainConfig, "as_dict", lambda _self: unusual)
    assert name in LATER and f"{name}=anything but this" in writing.refusal(said)


@pytest.mark.parametrize(("told", "refused"), [("pause", False), ("step", False), ("rate", True)])
def test_a_run_that_was_changed_while_it_trained_is_refused(told: str, refused: bool) -> None:
    record = {"kind": "command", "command": told, "value": 0.1, "file": "1"}
    assert bool(writing.refusal(config(), [{"kind": "start"}, record])) is refused


CONDITION: Callable[[str], list[str]] = re.compile(r"#\? (?:not )?([a-z_= ]+)$", re.MULTILINE).findall


def test_every_condition_of_the_template_is_of_a_setting_and_none_is_left_in_a_program() -> None:
    said = {word for one in CONDITION(writing.TEMPLATE.read_text(encoding="utf-8")) for word in one.split(" or ")}
    assert {word.partition("=")[0] for word in said} <= {*FIELDS, "stopped", "kornia", "augmented", "before_head"}
    assert all(
        field not in LATER for word in said if "=" not in word for field in FIELDS.keys() - LATER.keys() & {word}
    )
    for settings in TOGETHER.values():
        text = writing.write(config(**settings), ID, stopped=True)
        assert "#?" not in text and "$" not in text and "stopped by hand" in text


def test_it_is_as_tidy_as_the_projects_own_code(tmp_path: Path) -> None:
    for name, settings in TOGETHER.items():
        (tmp_path / f"{name}.py").write_text(writing.write(config(**settings), ID), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--line-length=120", "--select=E,F,W,B", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_it_prepares_its_digits_as_the_app_does_and_says_what_that_needs() -> None:
    for name, needs in (("prepared", False), ("blurred", True)):
        more = {"preparation": "gaussian7-deskew-bilateral20-noise20-centre-median3"} if needs else {}
        said = config(**{**TOGETHER[name], **more})
        text, program = writing.write(said, ID), loaded(said)
        assert ("import kornia" in text) == ("numpy and kornia" in text) == needs
        assert "mnist_viz.data" not in text, "it stands alone"
        images = torch.tensor(mnist.digits("test").images[:600])
        expected = preparation.prepare(images.numpy(), said.preparation)
        assert np.array_equal(program["prepare"](images).numpy(), expected)
    plain = writing.write(config(), ID)
    assert "prepar" not in plain and "kornia" not in plain
