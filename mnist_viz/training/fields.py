"""What each setting of a training may be, in one table: forms are built from it, and every door checks with it."""

from mnist_viz.plan import scalings
from mnist_viz.plan.words import BUILT
from mnist_viz.text import _
from mnist_viz.training.kinds import Choice, Field, Layers, Number, Preparation, RunName, Value
from mnist_viz.training.schedules import SCHEDULES

NEWEST = -1  # as from_step: the last checkpoint that is there when the training is started
OWN = -1.0  # as dropout: the shares that the network was built with

PRESETS = (
    "live",
    "longer",
    "standard",
    "accurate",
    "plain_sgd",
    "two_convolutions",
    "no_dense_layer",
    "padded",
    "dropout",
    "rows",
    "patches",
    "overfit",
    "fine_tune",
)
ARCHITECTURES = (  # the zoo's, written down here so that a form needs no torch
    "fast_cnn",
    "deep_cnn",
    "conv16_32",
    "conv32_64",
    "conv32_64_same",
    "conv32_64_dropout",
    "mlp",
    "lstm_rows",
    "vit",
    BUILT,
)
FIELDS: dict[str, Field] = {
    "preset": Choice(PRESETS),
    "architecture": Choice(ARCHITECTURES),
    "epochs": Number(1, 200, 1, try_=1),
    "batch": Number(8, 4096, 8, try_=256),
    "rate": Number(1e-6, 10, 0.001, try_=0.01, whole=False),
    "optimiser": Choice(("adam", "adamw", "sgd")),
    "schedule": Choice(tuple(SCHEDULES)),
    "momentum": Number(0, 0.99, 0.05, try_=0.9, whole=False),
    "digits": Number(100, 55_000, 100, try_=55_000),
    "seed": Number(0, 2**31 - 1, 1, try_=0),
    "device": Choice(("auto", "cpu", "cuda", "mps")),
    "data": Choice(("mnist", "optdigits", "printed")),
    "per_class": Number(0, 500, 1, try_=10),
    "parent": RunName(),
    "from_step": Number(NEWEST, 10_000_000, 1, try_=NEWEST),
    "trains": Choice(("all", "last_block", "head")),
    "nesterov": Choice(("no", "yes")),
    "weight_decay": Number(0, 1, 0.001, try_=0.01, whole=False),
    "smoothing": Number(0, 0.5, 0.05, try_=0.1, whole=False),
    "initialisation": Choice(("default", "xavier", "he")),
    "averaging": Number(0, 0.9999, 0.99, try_=0.99, whole=False),
    "patience": Number(0, 40, 1, try_=3),
    "layers": Layers(),
    "dropout": Number(0, 0.9, 0.1, try_=0.3, whole=False, own=OWN),
    "rotation": Number(0, 180, 1, try_=10, whole=False),
    "shift": Number(0, 10, 0.5, try_=2, whole=False),
    "zoom": Number(0, 0.5, 0.02, try_=0.1, whole=False),
    "shear": Number(0, 45, 1, try_=10, whole=False),
    "elastic": Number(0, 3, 0.1, try_=1, whole=False),
    "erasing": Number(0, 0.5, 0.05, try_=0.1, whole=False),
    "grain": Number(0, 0.5, 0.05, try_=0.1, whole=False),
    "folds": Number(0, 10, 1, try_=5),
    "fold": Number(0, 10, 1, try_=0),
    "goes_on": Choice(("no", "yes")),
    "began_with": RunName(),
    "cycle_from": Number(0, 200, 1, try_=0),
    "preparation": Preparation(),
    "scaling": Choice((scalings.OWN, *scalings.SCALINGS, scalings.MEAN_IMAGE)),
}
AUGMENTATION = ("rotation", "shift", "zoom", "shear", "elastic", "erasing", "grain")
LATER: dict[str, Value] = {
    "data": "mnist",
    "per_class": 0,
    "parent": "",
    "from_step": NEWEST,
    "trains": "all",
    "nesterov": "no",
    "weight_decay": 0.0,
    "smoothing": 0.0,
    "initialisation": "default",
    "averaging": 0.0,
    "patience": 0,
    "layers": "",
    "dropout": OWN,
    **dict.fromkeys(AUGMENTATION, 0.0),
    "folds": 0,
    "fold": 0,
    "goes_on": "no",
    "began_with": "",
    "cycle_from": 0,
    "preparation": "",
    "scaling": "own",
}
"""What a run says that was written before these settings were there."""


def names() -> dict[str, str]:
    """What the choices that are not names themselves are called where a visitor reads them."""
    return {
        "adam": "Adam",
        "adamw": "AdamW",
        "sgd": "SGD",
        "one_cycle": _("up, then down (one cycle)"),
        "constant": _("constant"),
        "cosine": _("down along a cosine"),
        "step": _("down after each epoch"),
        "auto": _("the fastest there is"),
        "cpu": "CPU",
        "cuda": "CUDA",
        "mps": "MPS",
        BUILT: _("build your own"),
        "mnist": "MNIST",
        "optdigits": _("scikit-learn's digits"),
        "printed": _("printed characters"),
        "default": _("as torch does"),
        "xavier": _("Glorot, uniform (Xavier)"),
        "he": _("He, normal (Kaiming)"),
        "no": _("no"),
        "yes": _("yes"),
        "all": _("all layers"),
        "last_block": _("the last block and the head"),
        "head": _("the head alone"),
        "own": _("as the network has it"),
        "unit": _("scaled to [0, 1]"),
        "standard": _("standardised"),
        "half": _("scaled to [−1, 1]"),
        "mean_image": _("mean image subtracted"),
    }
