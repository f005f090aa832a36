"""With or without? Pairs of small trainings that differ in one step alone: which step, and on what they are tried."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from mnist_viz.data.preparation import write
from mnist_viz.text import _
from mnist_viz.training.config import TrainConfig
from mnist_viz.training.failures import Refused

PREPARING: dict[str, Sequence[float]] = {
    "deskew": (),
    "centre": (),
    "median": (3, 5),
    "gaussian": (10, 5, 15, 20),
    "bilateral": (20, 10, 30, 50),
    "binarise": (50, 10, 30, 70, 90),
    "noise": (30, 10, 20, 45, 60),
}
SCALING: dict[str, Sequence[float]] = {"standard": (), "half": (), "mean_image": ()}
AUGMENTING: dict[str, Sequence[float]] = {
    "rotation": (15, 5, 10, 30, 90),
    "shift": (2, 1, 3, 5),
    "zoom": (0.1, 0.2, 0.4),
    "shear": (10, 5, 20, 40),
    "elastic": (1, 0.5, 2, 3),
    "erasing": (0.1, 0.05, 0.2, 0.4),
    "grain": (0.1, 0.2, 0.4),
}
STEPS = {**PREPARING, **SCALING, **AUGMENTING}
"""The steps that can be tried, each with its strengths, the usual one first; none where it has no strength."""

SIZES = {300: (8, 12), 1000: (6, 32), 3000: (4, 64)}
"""On how many digits, with the epochs and the batch that make some 200 steps of them."""

ARCHITECTURES = {"conv16_32": 7, "fast_cnn": 7, "mlp": 1}
"""The networks, and how many seconds a pair of them takes, most of it looking (measured: one busy x86-64 core)."""

LOADING = 5  # seconds
SEEDS = (3, 5, 10)
NOISES = (0, 15, 30, 45)  # per cent of full ink
RATE = 0.003  # of all: tuned for neither side of any contest
FIRST = "deskew"
ARMS = (False, True)  # without the step, with it


@dataclass(frozen=True)
class Contest:
    """A step with its `setting` (0 for none) against its absence, on digits with so much `noise`; the trainings of
    seeds 0, 1, ... `seeds` - 1 in pairs. Refuses nonsense: what came, what is allowed, what to do.

    The seeds of a pair draw the same first weights and the same order of the same digits; where a scaling is tried,
    pixels from 0 to 1 are what is without it.
    """

    step: str = FIRST
    setting: float = 0
    noise: int = 0
    digits: int = 1000
    architecture: str = "conv16_32"
    seeds: int = 5

    def __post_init__(self) -> None:
        for name, allowed in {
            "step": tuple(STEPS),
            "setting": STEPS.get(self.step) or (0,),
            "noise": (0,) if self.step == "noise" else NOISES,
            "digits": tuple(SIZES),
            "architecture": tuple(ARCHITECTURES),
            "seeds": SEEDS,
        }.items():
            if getattr(self, name) not in allowed:
                said = {"name": name, "value": str(getattr(self, name))[:40], "advice": f"{allowed[0]}"}
                listed = _(" or ").join(f"{one}" for one in allowed)
                sentence = _("{name}={value} is nothing that can be tried here: choose {listed}, such as {advice}.")
                raise Refused(sentence.format(listed=listed, **said))
            object.__setattr__(self, name, allowed[allowed.index(getattr(self, name))])  # 1, whoever said 1.0

    @property
    def epochs(self) -> int:
        """How many epochs each training has."""
        return SIZES[self.digits][0]

    @property
    def steps_per_epoch(self) -> int:
        """How many batches an epoch has."""
        return self.config(0, with_step=False).steps_per_epoch

    @property
    def seconds(self) -> int:
        """About how long it takes."""
        return LOADING + self.seeds * ARCHITECTURES[self.architecture]

    @property
    def name(self) -> str:
        """The whole contest as a name for a file."""
        return "_".join(f"{value}" for value in asdict(self).values()).replace(".", "p")

    def config(self, seed: int, *, with_step: bool) -> TrainConfig:
        """The settings of one training."""
        epochs, batch = SIZES[self.digits]
        return TrainConfig.from_preset(
            "live",
            architecture=self.architecture,
            digits=self.digits,
            epochs=epochs,
            batch=batch,
            rate=RATE,
            seed=seed,
            device="cpu",
            **self.settings(with_step=with_step),
        )

    def settings(self, *, with_step: bool) -> dict[str, str | float]:
        """What the sides differ in, as settings of a training: of the side without the step, or with it."""
        steps: list[tuple[str, int | None]] = [("noise", self.noise)] if self.noise else []
        if with_step and self.step in PREPARING:
            steps.append((self.step, int(self.setting) or None))
        said: dict[str, str | float] = {"preparation": write(steps)}
        if self.step in SCALING:
            said["scaling"] = self.step if with_step else "unit"
        if with_step and self.step in AUGMENTING:
            said[self.step] = self.setting
        return said
