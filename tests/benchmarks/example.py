"""What most begin with: the recipe of pytorch's own MNIST example, as it is published, to be compared with.

Its network, its optimiser and its way with the digits (pytorch/examples, mnist/main.py, BSD-3), written anew: two
convolutions, dropout and two dense layers; batches of 64; Adadelta, whose rate of 1 shrinks to 0.7 of itself after each
epoch; and a DataLoader without workers that makes each digit a picture, the picture a tensor and the tensor normalised,
one by one.

`python -m tests.benchmarks.example` trains it on all 60,000 digits to its last epoch and records how many of the test
digits it reads after each; `epochs_to` reads that record.
"""

import json
import os
import platform
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset

from mnist_viz.data import mnist
from mnist_viz.data.mnist import Digits
from mnist_viz.runs.files import write_whole

RECORD = Path(__file__).with_name("example_run.json")
EPOCHS, BATCH, RATE, SHRINKS = 14, 64, 1.0, 0.7
MEAN, DEVIATION = 0.1307, 0.3081


class Samples(Dataset[tuple[Tensor, int]]):
    """Digits one by one, each through PIL to a tensor and normalised, as the example's transforms do."""

    def __init__(self, digits: Digits) -> None:
        self._images, self._labels = torch.tensor(digits.images), torch.tensor(digits.labels).long()

    def __len__(self) -> int:
        return len(self._labels)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        picture = Image.fromarray(self._images[index].numpy(), mode="L")
        pixels = torch.from_numpy(np.array(picture, np.uint8, copy=True)).view(28, 28, 1)
        tensor = pixels.permute(2, 0, 1).contiguous().to(torch.float32).div(255)
        return tensor.clone().sub_(MEAN).div_(DEVIATION), int(self._labels[index])


class Net(nn.Module):
    """The example's network: 1,199,882 parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 32, 3), nn.Conv2d(32, 64, 3)
        self.dropout1, self.dropout2 = nn.Dropout(0.25), nn.Dropout(0.5)
        self.fc1, self.fc2 = nn.Linear(9216, 128), nn.Linear(128, 10)

    def forward(self, pixels: Tensor) -> Tensor:
        maps = functional.relu(self.conv2(functional.relu(self.conv1(pixels))))
        flat = torch.flatten(self.dropout1(functional.max_pool2d(maps, 2)), 1)
        return functional.log_softmax(self.fc2(self.dropout2(functional.relu(self.fc1(flat)))), dim=1)


class Example:
    """The example's training, to be taken batch by batch or epoch by epoch."""

    def __init__(self, digits: Digits, seed: int = 1) -> None:
        torch.manual_seed(seed)
        self.net = Net()
        self.loader = DataLoader(Samples(digits), batch_size=BATCH, shuffle=True)
        self._optimiser = torch.optim.Adadelta(self.net.parameters(), lr=RATE)
        self._schedule = torch.optim.lr_scheduler.StepLR(self._optimiser, step_size=1, gamma=SHRINKS)

    def learn(self, images: Tensor, labels: Tensor) -> None:
        """One step on one batch."""
        self.net.train()
        self._optimiser.zero_grad()
        functional.nll_loss(self.net(images), labels).backward()  # type: ignore[no-untyped-call]
        self._optimiser.step()

    def epoch(self) -> None:
        """Every digit once."""
        for images, labels in self.loader:
            self.learn(images, labels)
        self._schedule.step()


def read_rightly(net: Net, digits: Digits) -> float:
    """The share of the digits that the network reads rightly."""
    net.eval()
    pixels = (torch.tensor(digits.images).unsqueeze(1).float() / 255 - MEAN) / DEVIATION
    with torch.no_grad():
        answers = torch.cat([net(piece).argmax(1) for piece in torch.split(pixels, 1000)])
    return float((answers.numpy() == digits.labels).mean())


def epochs_to(share: float) -> int:
    """After how many epochs the recorded run read so many of the test digits for the first time."""
    tested = json.loads(RECORD.read_text(encoding="utf-8"))["test_accuracy"]
    return next(number for number, one in enumerate(tested, 1) if one >= share)


def main() -> None:
    """Train it and record each epoch."""
    train, val, test = (mnist.digits(part) for part in ("train", "val", "test"))
    images, labels = np.concatenate([train.images, val.images]), np.concatenate([train.labels, val.labels])
    example = Example(Digits(images, labels))
    machine = f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}, torch {torch.__version__}"
    tested: list[float] = []
    for number in range(1, EPOCHS + 1):
        began = time.perf_counter()
        example.epoch()
        tested.append(read_rightly(example.net, test))
        content = {"made_by": "python -m tests.benchmarks.example", "machine": machine, "seed": 1}
        write_whole(RECORD, json.dumps({**content, "test_accuracy": tested}, indent=2) + "\n")
        print(f"epoch {number}: {100 * tested[-1]:.2f} %, {time.perf_counter() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
