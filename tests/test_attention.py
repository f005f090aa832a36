"""What the vision transformer attends to, against the formula written out in numpy."""

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from mnist_viz.data import mnist
from models import build
from models.vit import VisionTransformer


def pixels(count: int = 4) -> Tensor:
    return torch.tensor(mnist.digits("test").images[:count]).unsqueeze(1) / 255


def transformer(**shape: Any) -> VisionTransformer:
    """One whose weights are large enough that no two tokens get the same share."""
    torch.manual_seed(0)
    model = build("vit", **shape).eval().requires_grad_(False)
    assert isinstance(model, VisionTransformer)
    for weights in model.parameters():
        weights.add_(0.1 * torch.randn_like(weights))
    return model


def by_hand(model: VisionTransformer, image: NDArray[np.uint8], patch: int) -> tuple[Any, Any]:
    """The shares (depth, heads, tokens, tokens) and the class token in the end (width,), with loops and no torch."""
    know = {name: value.double().numpy() for name, value in model.state_dict().items()}

    def linear(name: str, x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(x @ know[f"{name}.weight"].T + know[f"{name}.bias"])

    def norm(name: str, x: NDArray[np.float64]) -> NDArray[np.float64]:
        even = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
        return np.asarray(even * know[f"{name}.weight"] + know[f"{name}.bias"])

    seen = (image / 255 - 0.1307) / 0.3081
    cut = [seen[r : r + patch, c : c + patch].ravel() for r in range(0, 28, patch) for c in range(0, 28, patch)]
    tokens = np.vstack([know["place.token"][0], linear("embed", np.array(cut))]) + know["place.places"][0]
    shares = []
    for block in (f"blocks.{number}" for number in range(len(model.blocks))):
        calm = norm(f"{block}.norm1", tokens)
        query, key, value = (linear(f"{block}.attention.{part}", calm) for part in ("query", "key", "value"))
        gathered = []
        for head in np.split(np.arange(64), 4):
            score = np.exp(query[:, head] @ key[:, head].T / np.sqrt(16))
            shares.append(score / score.sum(axis=1, keepdims=True))
            gathered.append(shares[-1] @ value[:, head])
        tokens = tokens + linear(f"{block}.attention.join", np.hstack(gathered))
        wide = np.maximum(0, linear(f"{block}.widen", norm(f"{block}.norm2", tokens)))
        tokens = tokens + linear(f"{block}.narrow", wide)
    return np.array(shares).reshape(len(model.blocks), 4, len(tokens), len(tokens)), norm("norm", tokens[0])


@pytest.mark.parametrize(("patch", "tokens"), [(7, 17), (4, 50)])
def test_shares_and_features_are_those_of_the_formula(patch: int, tokens: int) -> None:
    model = transformer(patch=patch, depth=2)
    shares = model.attention(pixels())
    assert shares.shape == (4, 2, 4, tokens, tokens)
    expected, class_token = by_hand(model, mnist.digits("test").images[3], patch)
    np.testing.assert_allclose(shares[3].numpy(), expected, atol=1e-5)
    np.testing.assert_allclose(model.features(pixels())[3].numpy(), class_token, atol=1e-4)
    assert shares[3].std() > 0.01, "the weights are too small to tell one order of tokens from another"


def test_what_a_token_gathers_adds_up_to_one() -> None:
    shares = transformer().attention(pixels())
    torch.testing.assert_close(shares.sum(dim=-1), torch.ones(4, 3, 4, 17))
    assert shares.min() >= 0


def test_a_patch_is_a_square_of_the_digit() -> None:
    cut = transformer()._patches(torch.arange(784.0).reshape(1, 1, 28, 28))
    assert cut.shape == (1, 16, 49)
    assert cut[0, 6].reshape(7, 7)[0].tolist() == [7 * 28 + 14 + column for column in range(7)]
