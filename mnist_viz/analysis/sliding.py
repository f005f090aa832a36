"""How a window slides over a picture: its settings in, how often it fits, what it leaves out, why it cannot."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mnist_viz.text import _

Way = Literal["weigh", "max", "mean"]


@dataclass(frozen=True)
class Sliding:
    """A square window of `side` x `side` cells: `padding` cells around the picture, `stride` cells from one place to
    the next, every `dilation`-th cell looked at. The arithmetic is that of torch.nn.Conv2d and its poolings; Dumoulin
    and Visin 2016, arXiv 1603.07285.
    """

    side: int
    padding: int = 0
    stride: int = 1
    dilation: int = 1

    @property
    def reach(self) -> int:
        """How many cells the window spans from its first to its last: d(k - 1) + 1."""
        return self.dilation * (self.side - 1) + 1

    def room(self, length: int) -> int:
        """How many cells the window can be moved by along a picture of this length; below 0 where it is too large."""
        return length + 2 * self.padding - self.reach

    def places(self, length: int) -> int:
        """How often the window fits: floor((n + 2p - d(k - 1) - 1) / s) + 1, at least 0."""
        return max(0, self.room(length) // self.stride + 1)

    def left_over(self, length: int) -> int:
        """How many rows at the lower edge, and columns at the right one, lie behind the last window."""
        return self.room(length) % self.stride if self.room(length) >= 0 else 0

    def seen(self, length: int) -> NDArray[np.bool_]:
        """Which rows (or columns) of the padded picture lie in any window: (n + 2p,)."""
        seen = np.zeros(length + 2 * self.padding, np.bool_)
        for place in range(self.places(length)):
            first = place * self.stride
            seen[first : first + self.reach : self.dilation] = True
        return seen

    def formula(self, length: int) -> tuple[str, str, str]:
        """The size formula in LaTeX: with its letters, with the numbers filled in, and what these come to."""
        inner, numbers = self.room(length), f"{length}+2\\cdot{self.padding}-{self.dilation}\\cdot({self.side}-1)-1"
        whole = inner // self.stride
        share = rf"\lfloor{inner / self.stride:.4g}\rfloor" if inner % self.stride else str(whole)
        return (
            r"\left\lfloor\frac{n+2p-d\,(k-1)-1}{s}\right\rfloor+1",
            rf"\left\lfloor\frac{{{numbers}}}{{{self.stride}}}\right\rfloor+1",
            f"{share}+1={whole + 1}",
        )


def refusal(way: Way, sliding: Sliding, length: int) -> str:
    """Why nothing can be computed with these settings and what to do; empty where it can."""
    said = {
        "side": sliding.side,
        "padding": sliding.padding,
        "stride": sliding.stride,
        "dilation": sliding.dilation,
        "reach": sliding.reach,
        "wide": length + 2 * sliding.padding,
        "length": length,
        "share": sliding.side / 2,
        "half": sliding.side // 2,  # as in torch
    }
    if sliding.room(length) < 0:
        return _(
            "There is no place for this window: it reaches over d(k − 1) + 1 = {dilation}·({side} − 1) + 1 = {reach} "
            "pixels, and the picture with its padding has {length} + 2·{padding} = {wide}. Take a smaller dilation or "
            "window, or more padding."
        ).format(**said)
    if way != "weigh" and sliding.padding > sliding.side // 2:
        return _(
            "A padding of {padding} is more than half of the {side} pixels of the window, {side} / 2 = {share:g}: at "
            "the corner it would see little or nothing but padding. At most {half} is possible here."
        ).format(**said)
    return ""


def remark(sliding: Sliding, length: int) -> str:
    """What the windows leave out of the picture, with the numbers; empty where they see all of it."""
    seen, over, inner = sliding.seen(length), sliding.left_over(length), sliding.room(length)
    spanned = replace(sliding, side=sliding.reach, dilation=1).seen(length)
    between, holes = int((~spanned[: len(seen) - over]).sum()), int((spanned & ~seen).sum())
    said = {"inner": inner, "stride": sliding.stride, "share": f"{inner / sliding.stride:.4g}", "over": over}
    said |= {
        "whole": inner // sliding.stride,
        "between": between,
        "holes": holes,
        "own": max(0, over - sliding.padding),
    }
    sentences = []
    if over > 1:
        sentences.append(
            _(
                "{inner} / {stride} = {share} is rounded down to {whole}: the last {over} rows and columns are cut off "
                "(hatched), {own} of them the picture's own."
            )
            if over > sliding.padding
            else _(
                "{inner} / {stride} = {share} is rounded down to {whole}: the last {over} rows and columns are cut off "
                "(hatched); they are only padding."
            )
        )
    elif over:
        sentences.append(
            _(
                "{inner} / {stride} = {share} is rounded down to {whole}: the last row and column are cut off "
                "(hatched); they are only padding."
            )
            if sliding.padding
            else _(
                "{inner} / {stride} = {share} is rounded down to {whole}: the last row and column of the picture are "
                "cut off (hatched)."
            )
        )
    if between > 1:
        sentences.append(_("{between} rows and columns lie between the windows, seen by none (hatched)."))
    elif between:
        sentences.append(_("One row and one column lie between the windows, seen by none (hatched)."))
    if holes > 1:
        sentences.append(
            _("{holes} rows and columns lie in gaps that dilation leaves inside the windows, seen by none (hatched).")
        )
    elif holes:
        sentences.append(
            _("One row and one column lie in a gap that dilation leaves inside the windows, seen by none (hatched).")
        )
    return " ".join(sentences).format(**said)
