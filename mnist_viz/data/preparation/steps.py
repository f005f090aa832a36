"""What can be done to a digit before a network sees it: each step's setting, its lines of code and its formula."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from mnist_viz.text import _

if TYPE_CHECKING:
    from torch import Tensor

ALONE, KORNIA = "shapes", "blurs"  # the files of this room: with torch alone, and with kornia


@dataclass(frozen=True)
class Step:
    """One step. `settings` are the whole numbers that may stand behind its name, `usual` is one of them; a step without
    any has none. `file` says where in this room the function of its name is. `lines` and `latex` are written with
    the setting, 0 for none.
    """

    file: str
    settings: Sequence[int]
    usual: int | None
    lines: Callable[[int], str]
    latex: Callable[[int], str]

    def code(self, setting: int | None) -> str:
        """The code that does it, runnable as shown: from `images`, a torch tensor uint8 (N, 28, 28), to `prepared`,
        which are the same grey values as `prepare` gives.
        """
        return self.lines(setting or 0)

    def formula(self, setting: int | None) -> str:
        """What it does in LaTeX: x are the grey values that come in (row i, column j), y those that go out."""
        return self.latex(setting or 0)


def apply(name: str, setting: int | None, images: "Tensor") -> "Tensor":
    """The images, uint8 (N, 28, 28), after one step. torch and kornia are loaded by who prepares a digit."""
    function: Callable[..., Tensor] = getattr(import_module(f"{__package__}.{STEPS[name].file}"), name)
    return function(images) if setting is None else function(images, setting)


_OWN = f"from {__package__}.{ALONE} import"
_GREY = "prepared = (smooth + 0.500001).floor().clamp(0, 255).to(torch.uint8)[:, 0]"
STEPS: dict[str, Step] = {
    "deskew": Step(
        ALONE,
        (),
        None,
        lambda _none: f"{_OWN} deskew\n\nprepared = deskew(images)",
        lambda _none: (
            r"y_{i,j} = x_{i,\; j + \alpha (i - \bar\imath)}, \qquad "
            r"\alpha = \frac{\sum x_{i,j} (i - \bar\imath)(j - \bar\jmath)}{\sum x_{i,j} (i - \bar\imath)^2}"
        ),
    ),
    "centre": Step(
        ALONE,
        (),
        None,
        lambda _none: f"{_OWN} centre\n\nprepared = centre(images)",
        lambda _none: (
            r"y_{i,j} = x_{i + \bar\imath - 14,\; j + \bar\jmath - 14}, \qquad "
            r"\bar\imath = \frac{\sum i\, x_{i,j}}{\sum x_{i,j}}, \quad "
            r"\bar\jmath = \frac{\sum j\, x_{i,j}}{\sum x_{i,j}}"
        ),
    ),
    "median": Step(
        KORNIA,
        (3, 5),
        3,
        lambda window: (
            "import kornia\nimport torch\n\n"
            f'smooth = kornia.filters.median_blur(images[:, None].float(), {window}, "constant")\n'
            "prepared = smooth.to(torch.uint8)[:, 0]"
        ),
        lambda window: rf"y_{{i,j}} = \operatorname{{median}}_{{|k|, |l| \le {window // 2}}}\; x_{{i+k,\,j+l}}",
    ),
    "gaussian": Step(
        KORNIA,
        range(5, 31),
        10,
        lambda tenths: (
            "import kornia\nimport torch\n\n"
            f"smooth = kornia.filters.gaussian_blur2d(images[:, None].double(), {2 * -(-3 * tenths // 10) + 1}, "
            f'({tenths / 10}, {tenths / 10}), "constant")\n{_GREY}'
        ),
        lambda tenths: (
            rf"y_{{i,j}} = \frac{{\sum_{{|k|, |l| \le {-(-3 * tenths // 10)}}} w_{{k,l}}\, x_{{i+k,\,j+l}}}}"
            rf"{{\sum w_{{k,l}}}}, \qquad w_{{k,l}} = e^{{-\frac{{k^2 + l^2}}{{2 \cdot {tenths / 10}^2}}}}"
        ),
    ),
    "bilateral": Step(
        KORNIA,
        range(5, 51),
        20,
        lambda percent: (
            "import kornia\nimport torch\n\n"
            "smooth = kornia.filters.bilateral_blur(images[:, None].double(), 5, "
            f'255 * {percent} / 100, (1.5, 1.5), "constant")\n{_GREY}'
        ),
        lambda percent: (
            r"y_{i,j} = \frac{\sum_{|k|, |l| \le 2} w_{k,l}\, x_{i+k,\,j+l}}{\sum w_{k,l}}, \qquad "
            r"w_{k,l} = e^{-\frac{k^2 + l^2}{2 \cdot 1.5^2}}\; "
            rf"e^{{-\frac{{(x_{{i+k,\,j+l}} - x_{{i,j}})^2}}{{2 \cdot {255 * percent / 100:g}^2}}}}"
        ),
    ),
    "noise": Step(
        ALONE,
        range(5, 61),
        20,
        lambda percent: f"{_OWN} noise\n\nprepared = noise(images, {percent})",
        lambda percent: (
            r"y_{i,j} = \min(255, \max(0,\; x_{i,j} + \varepsilon_{i,j})), \qquad "
            rf"\varepsilon_{{i,j}} \sim \mathcal{{N}}(0,\, {255 * percent / 100:g}^2)"
        ),
    ),
    "binarise": Step(
        ALONE,
        range(10, 91),
        50,
        lambda percent: f"import torch\n\nprepared = (images >= 255 * {percent} / 100).to(torch.uint8) * 255",
        lambda percent: (
            rf"y_{{i,j}} = \begin{{cases}} 255 & x_{{i,j}} \ge {255 * percent / 100:g} \\ 0 & \text{{else}}"
            r"\end{cases}"
        ),
    ),
}


def names() -> dict[str, str]:
    """What each step is called wherever a visitor reads it."""
    return {
        "deskew": _("Deskew"),
        "centre": _("Centre"),
        "median": _("Median"),
        "gaussian": _("Gaussian"),
        "bilateral": _("Bilateral"),
        "noise": _("Noise"),
        "binarise": _("Binarise"),
    }


def strength(name: str, setting: float) -> str:
    """The setting of a step with its unit: 3 × 3, 1.0 px or a share of full ink."""
    match name:
        case "median":
            return f"{setting:g} × {setting:g}"
        case "gaussian":
            return _("{pixels:.1f} px").format(pixels=setting / 10)
    return f"{setting:.0f}\N{NO-BREAK SPACE}%"


def said(name: str, setting: int | None) -> str:
    """A step with its setting, as a visitor reads it: Median 3 × 3."""
    if setting is None:
        return names()[name]
    written = _("{step} at {strength}") if name == "binarise" else "{step} {strength}"
    return written.format(step=names()[name], strength=strength(name, setting))
