"""Cross-validation as settings: the digits that train are cut into folds, and each run is looked at on one of them."""

from mnist_viz.text import _
from mnist_viz.training.failures import Refused


def settled(folds: int, fold: int, *, parent: str, per_class: int) -> None:
    """Accept what makes sense: `folds` 0 for none or from 2 on, `fold` 0 for all in turn. Raises Refused."""
    if not folds and not fold:
        return
    if folds < 2:
        raise Refused(
            _("folds={folds} with fold={fold} cuts nothing: choose folds from 2 to 10, or 0 for both.").format(
                folds=folds, fold=fold
            )
        )
    if fold > folds:
        raise Refused(
            _("fold={fold} is not one of the {folds} folds: choose 1 to {folds}, or 0 for all in turn.").format(
                fold=fold, folds=folds
            )
        )
    if parent:
        raise Refused(
            _(
                "folds={folds} with parent={parent} would be looked at on digits that the parent may have learned: "
                "choose folds=0, or no parent."
            ).format(folds=folds, parent=parent)
        )
    if per_class:
        raise Refused(
            _("folds={folds} with per_class={count} leaves too few to look at: choose folds=0, or per_class=0.").format(
                folds=folds, count=per_class
            )
        )


def size(digits: int, folds: int, fold: int) -> int:
    """How many of the digits are in a fold, the first where none is said, as `data.split.folds` cuts them; 0 without
    folds.
    """
    return digits // folds + (max(fold, 1) <= digits % folds) if folds else 0
