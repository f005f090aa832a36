"""Not yet."""

from mnist_viz.text import _
from mnist_viz.ui.link import Choice


def show(choice: Choice) -> str:
    """Show the view; returns the sentence that says what is seen."""
    return _("Digit {digit}.").format(digit=choice.digit)
