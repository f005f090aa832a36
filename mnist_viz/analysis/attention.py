"""Where a transformer looks: a model and one digit (28, 28) in, shares (layers, heads, tokens, tokens) out."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn


def attention(model: nn.Module, image: NDArray[np.uint8]) -> NDArray[np.float32] | None:
    """What share of each token every token gathers, in every layer and head; rows add up to 1.

    Token 0 is the class token, the others are the patches row by row. None for a network without attention.
    """
    of = getattr(model, "attention", None)
    if of is None:
        return None
    place = next(model.parameters()).device
    with torch.inference_mode():
        shares: NDArray[np.float32] = of(torch.tensor(image, device=place)[None, None].float() / 255)[0].cpu().numpy()
    return shares
