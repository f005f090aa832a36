"""What happens to a digit before the network sees it? Steps, splits, labels, batches, and what a step is worth."""

from mnist_viz.text import _
from mnist_viz.ui import link, page, words
from mnist_viz.ui.preparing import batch, consequences, labels, pictures, splits, steps

answer = page.title(_("What happens to a digit before the network sees it?"), "prepare", steady=True)
views = {
    "steps": steps.show,
    "splits": splits.show,
    "labels": labels.show,
    "batch": batch.show,
    "consequences": consequences.show,
    "pictures": pictures.show,
}
names = {
    "steps": _("Steps"),
    "splits": _("Splits"),
    "labels": _("Labels"),
    "batch": _("A batch"),
    "consequences": _("With or without?"),
    "pictures": _("Other features"),
}
stage = words.segmented("stage", _("What to look at"), names, default="steps", bare=True)
answer.markdown(views[stage](link.choice()))
page.end()
