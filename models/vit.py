"""`vit`: a small vision transformer, which cuts a digit into patches and lets every patch look at all others."""

import torch
from torch import Tensor, nn

from models.classifier import DEVIATION, MEAN, Classifier, count, nonlinearity

PATCHES = (4, 7)
"""Sides of a patch in pixels: 49 patches or 16."""


class VisionTransformer(Classifier):
    """A small transformer over the patches of a digit: 105,546 parameters.

    28 x 28 -> 4 x 4 patches of 7 x 7 pixels, each a token of 64 numbers, and before them a class token that has seen
    nothing yet. In each of `depth` blocks every token gathers from all tokens what it attends to, then thinks it over
    alone. What the class token has gathered in the end is read by the head. Dosovitskiy et al. 2020, arXiv 2010.11929,
    after Vaswani et al. 2017, arXiv 1706.03762; with ReLU in place of GELU, which methods of attribution do not know.
    A patch is multiplied by a matrix, which is what a convolution with a stride of a patch does: nothing overlaps.
    """

    def __init__(
        self,
        *,
        classes: int = 10,
        activation: str = "relu",
        patch: int = 7,
        width: int = 64,
        depth: int = 3,
        heads: int = 4,
        mean: float = MEAN,
        deviation: float = DEVIATION,
    ) -> None:
        super().__init__(mean=mean, deviation=deviation)
        if patch not in PATCHES:
            raise ValueError(f"patch={patch!r} is not one of {', '.join(map(str, PATCHES))}: try 7.")
        if count("width", width) % count("heads", heads):
            raise ValueError(f"width={width} is no multiple of heads={heads}: try {heads * 16}.")
        self.patch = patch
        self.embed = nn.Linear(patch * patch, width)
        self.place = Place((28 // patch) ** 2, width)
        self.blocks = nn.ModuleList(Block(width, heads, activation) for _ in range(count("depth", depth, most=24)))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, count("classes", classes, least=2))

    def features(self, pixels: Tensor) -> Tensor:
        """The class token after the last block: (N, 64)."""
        return self._read(pixels)[0]

    def attention(self, pixels: Tensor) -> Tensor:
        """Who looks at whom: (N, depth, heads, tokens, tokens), each row of shares that add up to 1.

        Entry [..., i, j] is the share of token j in what token i gathers. Token 0 is the class token, the others are
        the patches row by row. These are the very weights the answer is computed with.
        """
        return torch.stack(self._read(pixels)[1], dim=1)

    def _read(self, pixels: Tensor) -> tuple[Tensor, list[Tensor]]:
        tokens, shares = self.place(self.embed(self._patches(self.scale(pixels)))), []
        for block in self.blocks:
            tokens, share = block(tokens)
            shares.append(share)
        return self.norm(tokens[:, 0]), shares

    def _patches(self, scaled: Tensor) -> Tensor:
        """(N, 1, 28, 28) -> (N, patches, pixels of a patch), both row by row."""
        side = 28 // self.patch
        cut = scaled.reshape(-1, side, self.patch, side, self.patch).transpose(2, 3)
        return cut.reshape(-1, side * side, self.patch * self.patch)


class Place(nn.Module):
    """Puts the class token before the patches and tells each token its place: learned numbers, added."""

    def __init__(self, patches: int, width: int) -> None:
        super().__init__()
        self.token = nn.Parameter(torch.zeros(1, 1, width))
        self.places = nn.Parameter(0.02 * torch.randn(1, patches + 1, width))

    def forward(self, patches: Tensor) -> Tensor:
        """(N, patches, width) -> (N, tokens, width)."""
        return torch.cat([self.token.expand(len(patches), -1, -1), patches], dim=1) + self.places


class Block(nn.Module):
    """Attention, then two layers for each token alone; both are added to what was there, and normalised before."""

    def __init__(self, width: int, heads: int, activation: str) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.widen = nn.Linear(width, 2 * width)
        self.activation = nonlinearity(activation)
        self.narrow = nn.Linear(2 * width, width)

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """The tokens (N, tokens, width) after this block, and its attention (N, heads, tokens, tokens)."""
        gathered, shares = self.attention(self.norm1(tokens))
        tokens = tokens + gathered
        return tokens + self.narrow(self.activation(self.widen(self.norm2(tokens)))), shares


class Attention(nn.Module):
    """softmax(Q K^T / sqrt(d)) V in each of several heads. Vaswani et al. 2017, 3.2."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.compare = Product()
        self.softmax = nn.Softmax(dim=-1)
        self.gather = Product()
        self.join = nn.Linear(width, width)

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """What each token gathers (N, tokens, width), and the shares it gathers by (N, heads, tokens, tokens)."""
        queries, keys, values = (self._split(part(tokens)) for part in (self.query, self.key, self.value))
        shares = self.softmax(self.compare(queries, keys.transpose(2, 3)) / queries.shape[-1] ** 0.5)
        return self.join(self.gather(shares, values).transpose(1, 2).flatten(2)), shares

    def _split(self, tokens: Tensor) -> Tensor:
        """(N, tokens, width) -> (N, heads, tokens, width of a head)."""
        return tokens.reshape(*tokens.shape[:2], self.heads, -1).transpose(1, 2)


class Product(nn.Module):
    """A product of matrices (..., a, b) and (..., b, c), as a layer, so that its work is counted."""

    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        """Returns (..., a, c)."""
        return left @ right
