"""Steps that need torch alone: deskewing, centring, noise and binarising, uint8 (N, 28, 28) to the same.

Written so that a digit alone comes out as in a batch, bit for bit: moments are exact whole numbers, the rest is
arithmetic pixel by pixel. An exported program carries these very functions.
"""

import torch
from torch import Tensor

from mnist_viz.data.placement import CENTRE


def deskew(images: Tensor) -> Tensor:
    """Each digit's slant undone: its rows are moved sideways until columns and rows of its ink are uncorrelated.

    The slant is the covariance of column and row over the variance of the row, at most 1 (45 degrees), so that a flat
    stroke isn't torn apart. The row through the centre of mass stays. A digit without ink stays as it is.
    """
    place = torch.arange(28)
    ink = images.long()
    total = ink.sum((1, 2)).clamp(min=1)
    rows, columns = ink.sum(2), ink.sum(1)
    row, column = (rows * place).sum(1), (columns * place).sum(1)  # times the ink, exact, as all sums here
    both = total * (ink * place[:, None] * place).sum((1, 2)) - row * column
    height = total * (rows * place**2).sum(1) - row**2
    slant = (both.double() / height.clamp(min=1)).clamp(-1, 1)
    shift = slant[:, None] * (place - (row.double() / total)[:, None])
    return rows_moved(images, shift.float())


def centre(images: Tensor) -> Tensor:
    """Each digit moved, by fractions of a pixel, until its centre of mass is at row and column 14.

    There MNIST's makers put it, by whole pixels, so that whole pixels would leave almost every digit as it is. No ink
    is moved over the edge: such a digit stops there. A digit without ink stays as it is.
    """
    for _axis in range(2):
        ink = images.long().sum(2)
        place, total = torch.arange(28), ink.sum(1)
        inked = (ink > 0).long()
        first, last = inked.argmax(1), 27 - inked.flip(1).argmax(1)
        down = CENTRE - (ink * place).sum(1).double() / total.clamp(min=1)
        down = torch.minimum(torch.maximum(down, -first), 27 - last) * (total > 0)
        images = rows_moved(images.transpose(1, 2), -down.float()[:, None].expand(-1, 28))
    return images


def noise(images: Tensor, percent: int) -> Tensor:
    """Normal noise added to every pixel, of this standard deviation in per cent of full ink, cut to 0..255.

    The noise follows from the digit's own pixels by a hash, so that a digit is always noised alike.
    """
    pixel = hashed(torch.arange(1, 785))
    key = hashed((images.reshape(-1, 784).long() * pixel).sum(1) & 0xFFFFFFFF)
    first = hashed(key[:, None] ^ pixel)
    even, angle = (first.double() + 1) / 2**32, hashed(first ^ 0x9E3779B9).double() / 2**32
    normal = torch.sqrt(-2 * torch.log(even)) * torch.cos(2 * torch.pi * angle)  # Box and Muller 1958
    return grey(images.double() + normal.view_as(images) * (255 * percent / 100))


def binarise(images: Tensor, percent: int) -> Tensor:
    """Full ink where a pixel has at least this share of it in per cent, paper elsewhere."""
    return (images >= 255 * percent / 100).to(torch.uint8) * 255


def rows_moved(images: Tensor, shift: Tensor) -> Tensor:
    """Each row taken from so many pixels (N, 28) further right, linear between pixels, paper from outside."""
    source = torch.arange(28) + shift[:, :, None]
    left = source.floor()
    part = source - left
    paper = torch.nn.functional.pad(images, (1, 1)).float()
    near, far = ((left.long() + 1 + more).clamp(0, 29) for more in (0, 1))
    return grey(paper.gather(2, near) * (1 - part) + paper.gather(2, far) * part)


def grey(values: Tensor) -> Tensor:
    """The nearest grey values; the millionth makes halves go up, whatever the last bit of a sum is."""
    return (values + (0.5 + 1e-6)).floor().clamp(0, 255).to(torch.uint8)


def hashed(numbers: Tensor) -> Tensor:
    """Numbers in 0..2**32 - 1 scattered evenly over the same range (lowbias32, C. Wellons 2018, public domain)."""
    numbers = (numbers ^ numbers >> 16) * 0x7FEB352D & 0xFFFFFFFF
    numbers = (numbers ^ numbers >> 15) * 0x846CA68B & 0xFFFFFFFF
    return numbers ^ numbers >> 16
