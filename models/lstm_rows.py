"""`lstm_rows`: a recurrent network that reads a digit as 28 rows, one after the other, from the top."""

from torch import Tensor, nn

from models.classifier import DEVIATION, MEAN, Classifier, count


class LSTMRows(Classifier):
    """A memory that reads the digit row by row: 82,186 parameters.

    Each of the 28 rows is a step in time: its 28 pixels and what is remembered so far, 128 numbers, decide what to
    keep, what to forget and what to add. What is remembered after the last row is read by the head. The cell is that
    of Hochreiter & Schmidhuber 1997 with the forget gate of Gers et al. 2000; reading MNIST in pieces as a sequence
    is a test of memory since Le, Jaitly & Hinton 2015, arXiv 1504.00941, who read single pixels. Its gates, sigmoid
    and tanh by nature, are sealed in nn.LSTM: methods of attribution that need hooks on them do not fit.
    """

    def __init__(
        self, *, classes: int = 10, hidden: int = 128, mean: float = MEAN, deviation: float = DEVIATION
    ) -> None:
        super().__init__(mean=mean, deviation=deviation)
        self.lstm = nn.LSTM(28, count("hidden", hidden), batch_first=True)
        self.head = nn.Linear(hidden, count("classes", classes, least=2))

    def features(self, pixels: Tensor) -> Tensor:
        """What the cell gives out after the last row: (N, 128)."""
        outputs: Tensor = self.lstm(self.scale(pixels).squeeze(1))[0]
        return outputs[:, -1]
