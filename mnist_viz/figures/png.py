"""Small pictures as PNG in a data address: the browser paints them faster than plotly paints a heat map."""

import base64
import struct
import zlib

import numpy as np
from numpy.typing import NDArray

NOTHING = 255  # the byte that is left transparent


def address(pixels: NDArray[np.uint8], colours: NDArray[np.uint8], opacities: bytes = bytes([255] * NOTHING)) -> str:
    """Bytes (rows, columns) in these colours (255, 3), `NOTHING` transparent, as a data address. PNG, ISO 15948.

    `opacities`: of each colour, 0 to 255.
    """
    rows, columns = pixels.shape
    lines = np.pad(pixels, ((0, 0), (1, 0))).tobytes()  # each line begins with its filter, which is none
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data)
        for kind, data in (
            (b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)),
            (b"PLTE", colours.tobytes() + bytes(3)),
            (b"tRNS", opacities + bytes(1)),
            (b"IDAT", zlib.compress(lines)),
            (b"IEND", b""),
        )
    )
    return "data:image/png;base64," + base64.b64encode(content).decode()


def gradient(colours: list[str]) -> NDArray[np.uint8]:
    """The colours (255, 3) of a scale through these, such as "#00224e"."""
    stops = np.array([[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in colours])
    where = np.linspace(0, len(colours) - 1, NOTHING)
    return np.stack([np.rint(np.interp(where, range(len(colours)), one)) for one in stops.T], axis=1).astype(np.uint8)


def signed(below: str, above: str) -> tuple[NDArray[np.uint8], bytes]:
    """Colours and opacities of a scale around 0, which is transparent and so has the colour of any ground.

    The opacity is the root of the share of the largest, so that a picture of a few pixels on the screen is not pale.
    """
    middle = NOTHING // 2
    colours = np.concatenate([gradient([below, below])[: middle + 1], gradient([above, above])[middle + 1 :]])
    return colours, bytes(round(255 * (abs(place - middle) / middle) ** 0.5) for place in range(NOTHING))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
