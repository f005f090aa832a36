"""What the settings of a training are called, what the finer ones do, in a sentence each, and how they are meant."""

from collections.abc import Mapping
from typing import Any

from mnist_viz.data import preparation
from mnist_viz.figures import changes
from mnist_viz.text import _
from mnist_viz.training import fields
from mnist_viz.training.config import PRESETS, TrainConfig
from mnist_viz.training.fields import AUGMENTATION, LATER, OWN
from mnist_viz.training.kinds import Value

DIGITS = ("preparation", "scaling", *AUGMENTATION)  # what is done to digits


def names() -> dict[str, str]:
    """The settings by their names on the page."""
    return {
        "architecture": _("Network"),
        "preset": _("Recipe"),
        "epochs": _("Epochs (passes over all digits)"),
        "batch": _("Batch (digits a step)"),
        "rate": _("Learning rate"),
        "optimiser": _("Optimiser"),
        "schedule": _("Schedule of the learning rate"),
        "momentum": _("Momentum (of SGD)"),
        "digits": _("Training digits"),
        "seed": _("Seed"),
        "device": _("Device"),
        "nesterov": _("Nesterov's momentum"),
        "weight_decay": _("Weight decay"),
        "smoothing": _("Label smoothing"),
        "averaging": _("Averaged weights"),
        "patience": _("Early stopping"),
        "initialisation": _("First weights"),
        "folds": _("Cross-validation"),
        "dropout": _("Dropout"),
        "rotation": _("Turned (±\u00a0°)"),
        "shift": _("Shifted (±\u00a0px)"),
        "zoom": _("Scaled (±\u00a0%)"),
        "shear": _("Slanted (±\u00a0°)"),
        "elastic": _("Bent (px)"),
        "erasing": _("Covered (%)"),
        "grain": _("Noise (%)"),
        "preparation": _("What is done to each digit before the network gets it"),
        "scaling": _("How the network scales its pixels"),
    }


def menus() -> dict[str, dict[str, str]]:
    """The numbers that are chosen from a menu: what the link says -> what is shown."""
    shares = {f"{tenth / 10:g}": f"{tenth / 10:g}" for tenth in range(1, 10)}
    cuts = {f"{count}": _("{count} folds in turn").format(count=count) for count in range(2, 11)}
    return {
        "dropout": {f"{OWN:g}": _("as the network has it"), "0": _("none"), **shares},
        "folds": {"0": _("off"), **cuts},
    }


def in_link(name: str, value: Value) -> Any:
    """A setting as its field in the form holds it: what comes from a menu is a word."""
    return f"{value:g}" if name in menus() else value


def hints() -> dict[str, str]:
    """What a setting does, where its name alone says it to few."""
    return {
        "nesterov": _("The gradient is taken a little ahead, where the momentum leads to."),
        "weight_decay": _(
            "Each step pulls all weights a little towards 0. In AdamW apart from the gradient, in Adam and SGD as a "
            "part of it (L2). 0 is off."
        ),
        "smoothing": _(
            "This share of each label is spread over all classes, so that it never learns to be wholly sure. The "
            "training loss is then against the smoothed labels, that of the validation digits stays plain. 0 is off."
        ),
        "averaging": _(
            "What is looked at, kept and tested is an average of the weights after each step, in which the last count "
            "most: by 0.99 about the last 100, by 0.999 the last 1,000, at first fewer. 0 is off."
        ),
        "patience": _(
            "Its patience: it ends after so many looks at all validation digits without a lower loss, and the best of "
            "its checkpoints is tested and shown. 0 is off."
        ),
        "initialisation": _(
            "What the weights of convolutions and dense layers are drawn from before the first step: so wide that "
            "signals keep their size from layer to layer."
        ),
        "folds": _(
            "The training digits are cut into folds. As many trainings follow each other, each looked at on another "
            "fold, which it does not learn from: their mean and spread say more than a single number."
        ),
        "dropout": _(
            "While it learns, this share of activations is silenced, others each time: in every dropout layer that the "
            "network has, or where it has none on the way to its last layer."
        ),
        "rotation": _("Up to so many degrees to either side, each digit by its own angle, anew each time."),
        "shift": _("Up to so many pixels to the left or right, and up or down."),
        "zoom": _("Larger or smaller by up to this share."),
        "shear": _("Slanted by up to so many degrees, as handwriting is."),
        "elastic": _("Each point is carried along by so many pixels (standard deviation), its neighbours with it."),
        "erasing": _("A rectangle of this share of the picture is covered with paper, somewhere else each time."),
        "grain": _("Noise on every pixel; its standard deviation, in per cent of full ink."),
        "preparation": _(
            "The digits that train, validate and test are prepared so, and every digit that is explained for this run. "
            "The page on preparation shows what each step does."
        ),
        "scaling": _(
            "A part of the network, kept with its weights. From each pixel (0 to 1) is subtracted: to standardise, "
            "0.1307, and the rest is divided by 0.3081; for [−1, 1], 0.5, and the rest is divided by 0.5; or the mean "
            "image, the mean of this pixel in all digits that train."
        ),
    }


def recipe(preset: str) -> str:
    """What a recipe is called, that of a start from a checkpoint too; the word as it is where another hand wrote it."""
    return PRESETS[preset].name if preset in PRESETS else preset


def changed(config: TrainConfig) -> str:
    """The finer settings that are not as usual, as a title names them; nothing where all are."""
    return "".join(f" · {words}" for words in _unlike(config, LATER).values())


def prepared(config: TrainConfig) -> str:
    """What is done to the digits that its recipe does not say; nothing where all is as the recipe has it."""
    usual = PRESETS[config.preset].settings
    said = _unlike(config, {**LATER, **{name: usual[name] for name in DIGITS}})
    return " · ".join(said[name] for name in DIGITS if name in said)


def _unlike(config: TrainConfig, usual: Mapping[str, Value]) -> dict[str, str]:
    """Those settings that are not as usual, in words."""
    settings = config.as_dict()
    said = {
        "nesterov": _("Nesterov"),
        "weight_decay": _("weight decay {weight_decay:g}"),
        "smoothing": _("smoothing {smoothing:g}"),
        "averaging": _("averaging {averaging:g}"),
        "patience": _("patience {patience:,}"),
        "initialisation": _("first weights {initialisation}"),
        "fold": _("fold {fold} of {folds}"),
        "dropout": _("dropout {dropout:g}"),
        **{name: changes.label({"settings": {name: settings[name]}}) for name in AUGMENTATION},
        "preparation": _("prepared: {steps}") if config.preparation else _("not prepared"),
        "scaling": _("pixels: {called}"),
    }
    steps = ", ".join(preparation.said(*step) for step in preparation.parse(config.preparation))
    shown = {**settings, "steps": steps, "called": fields.names()[config.scaling]}
    return {name: words.format(**shown) for name, words in said.items() if settings[name] != usual[name]}


def method() -> str:
    """What they are, for those who want to know exactly."""
    return _(
        "Under label smoothing (Szegedy et al. 2016) the thin line is the loss against the smoothed labels, which "
        "cannot fall to 0; the validation loss is always the plain one. AdamW takes rate times decay off each weight, "
        "apart from the gradient (Loshchilov and Hutter 2019); biases and norms decay too. "
        "First weights after Glorot and Bengio (2010) are uniform up to the square root of 6 / (inputs + outputs), "
        "those after He et al. (2015) normal with a deviation of the square root of 2 / inputs; biases begin at 0. "
        "Averaged weights, with the statistics of batch norms, are what all but the thin line shows; their decay is at "
        "most (1 + n) / (10 + n) after n steps. "
        "With patience the test digits are read by the checkpoint with the lowest validation loss, which is chosen "
        "without them; its validation accuracy is a little flattered by the choice. "
        "Dropout (Srivastava et al. 2014) and augmentation act on what is learned from alone: the thin line is "
        "measured with both, so its accuracy may lie below that of the validation digits, which are read as they are. "
        "Digits are changed by kornia, anew in every batch: turned, shifted, scaled and slanted in one bilinear step, "
        "bent by random displacements that a Gaussian of 4 pixels smooths (Simard et al. 2003), covered by a rectangle "
        "(Zhong et al. 2017), and noise is added last. None is mirrored. "
        "Under cross-validation the digits to train on are cut into folds, evenly over the labels and alike for every "
        "seed; the 5,000 validation digits that other runs are looked at on stay out of all folds, so on the other "
        "pages no digit of theirs was learned from. The deviation is that of the folds' accuracies, n − 1 in its "
        "denominator; as the trainings share most of their digits, it is no interval for the mean."
    )
