"""What the tests of the analysis share: a small network, really trained on real digits."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from mnist_viz.data.mnist import digits
from models import build


def pixels(part: str, count: int) -> tuple[Tensor, Tensor]:
    """The first digits of a part as the network takes them, and their labels."""
    images = torch.from_numpy(digits(part).images[:count].astype(np.float32) / 255)[:, None]
    return images, torch.from_numpy(digits(part).labels[:count].astype(np.int64))


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Networks this small are quicker without company, on a busy machine by far."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def trained(one_thread: None) -> nn.Module:
    """Taught by 40 batches of 64, and frozen as the cache of the app hands it out."""
    torch.manual_seed(0)
    images, labels = pixels("train", 40 * 64)
    model = build("fast_cnn", filters=(8, 16, 16))
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    for start in range(0, len(images), 64):
        optimiser.zero_grad()
        batch = slice(start, start + 64)
        torch.autograd.backward(nn.functional.cross_entropy(model(images[batch]), labels[batch]))
        optimiser.step()
    optimiser.zero_grad()
    return model.eval().requires_grad_(False)


@pytest.fixture(scope="session")
def images() -> Tensor:
    return pixels("test", 8)[0]


@pytest.fixture(scope="session")
def targets() -> Tensor:
    return pixels("test", 8)[1]
