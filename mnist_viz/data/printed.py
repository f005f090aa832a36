"""Printed characters: 62 classes rendered from the fonts that matplotlib ships, varied by chance, in MNIST's manner.

A network that learned to tell them apart has learned strokes, bends and corners before it sees a handwritten digit.
Brought to one size, some pairs can hardly be told apart (0 and O, c and C, l and I), for people neither.
"""

import string
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mnist_viz.data.mnist import Digits
from mnist_viz.data.placement import BOX, placed

if TYPE_CHECKING:
    from PIL import Image, ImageFont

CHARACTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase
FONTS = (
    *(f"DejaVuSans{style}" for style in ("", "-Bold", "-Oblique", "-BoldOblique")),
    *(f"DejaVuSansMono{style}" for style in ("", "-Bold", "-Oblique", "-BoldOblique")),
    *(f"DejaVuSerif{style}" for style in ("", "-Bold", "-Italic", "-BoldItalic")),
    *(f"STIXGeneral{style}" for style in ("", "Bol", "Italic", "BolIta")),
)
COUNTS = {"train": 31_000, "val": 3_100, "test": 3_100}  # 500, 50 and 50 of each character
SEEDS = {"train": 0, "val": 1, "test": 2}

SIZE = 48  # pixels of the letter that is drawn before it is slanted and made small
ROOM = 3 * SIZE
SLANT = 0.5  # of the height, to either side
TURN = 15.0  # degrees to either side
STRETCH = 1.3  # the wider side to the narrower, at most
STROKE = 3  # pixels that are added around a stroke, at most; a bold one is thick enough
SMALLEST = 16  # pixels of the longer side; MNIST's digits all have 20, a hand on a drawing pad has not
_one_at_a_time = Lock()


def digits(part: str) -> Digits:
    """The characters of a part and their classes, 0 to 61, made once for the process in about half a minute.

    Raises KeyError for another part.
    """
    with _one_at_a_time:
        return _made(part)


def character(label: int, random: np.random.RandomState) -> NDArray[np.uint8]:
    """One character (28, 28) of this class: font, slant, turn, width, stroke and size are drawn from `random`."""
    from PIL import Image, ImageDraw  # noqa: PLC0415  needed only where characters are made

    name = FONTS[random.randint(len(FONTS))]
    slant, turn = random.uniform(-SLANT, SLANT), random.uniform(-TURN, TURN)
    wide = STRETCH ** random.uniform(-1, 1)
    stroke, side = random.randint(STROKE + 1), random.randint(SMALLEST, BOX + 1)
    stroke = 0 if "Bol" in name else stroke
    paper = Image.new("L", (ROOM, ROOM))
    middle = (ROOM / 2, ROOM / 2)
    ImageDraw.Draw(paper).text(middle, CHARACTERS[label], 255, _font(name), anchor="mm", stroke_width=stroke)
    shear = (1 / wide, slant, ROOM / 2 * (1 - 1 / wide - slant), 0, 1, 0)  # where each new pixel comes from
    paper = paper.transform(paper.size, Image.Transform.AFFINE, shear, Image.Resampling.BILINEAR)
    paper = paper.rotate(turn, Image.Resampling.BILINEAR)
    return placed(_small(paper, side))


def _small(paper: "Image.Image", side: int) -> NDArray[np.uint8]:
    """The ink, its longer side brought to `side` pixels; each small pixel is the mean of those it covers."""
    from PIL import Image  # noqa: PLC0415  as above

    ink = paper.crop(paper.getbbox())
    factor = side / max(ink.size)
    shape = (max(1, round(ink.width * factor)), max(1, round(ink.height * factor)))
    return np.asarray(ink.resize(shape, Image.Resampling.BOX), dtype=np.uint8)


@cache
def _font(name: str) -> "ImageFont.FreeTypeFont":
    import matplotlib  # noqa: PLC0415  brings the fonts
    from PIL import ImageFont  # noqa: PLC0415  as above

    return ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{name}.ttf", SIZE)


@cache
def _made(part: str) -> Digits:
    random = np.random.RandomState(SEEDS[part])
    labels = random.permutation(np.arange(COUNTS[part]) % len(CHARACTERS)).astype(np.uint8)
    return Digits(np.stack([character(int(label), random) for label in labels]), labels)
