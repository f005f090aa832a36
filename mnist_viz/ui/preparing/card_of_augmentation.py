"""The card of augmentation: the pictures that chance makes of one digit, and a slider for each of its ranges."""

from collections.abc import Mapping

import streamlit as st

from mnist_viz import text
from mnist_viz.analysis import before_after as measures
from mnist_viz.data.address import Address, digit
from mnist_viz.figures import stages as pictures
from mnist_viz.figures.changes import IN_PERCENT
from mnist_viz.text import _
from mnist_viz.training.fields import AUGMENTATION, FIELDS
from mnist_viz.training.kinds import Number
from mnist_viz.ui.components import figure
from mnist_viz.ui.components.figure import Drawn
from mnist_viz.ui.preparing import before_after, card, cards, letters
from mnist_viz.ui.training import setting_words

COLUMNS, ROWS = 7, 4
COUNT = COLUMNS * ROWS
WORDS = "augment_"  # so begin the words of the sliders in the link
USUAL: Mapping[str, float] = {**dict.fromkeys(AUGMENTATION, 0.0), "rotation": 10.0, "shift": 2.0, "zoom": 0.1}
"""What the sliders say before anybody moves them, so that there is something to see."""


def ranges() -> tuple[float, ...]:
    """The sliders, two in a row; what they say, in the order of AUGMENTATION."""
    places = [column for _row in AUGMENTATION[::2] for column in st.columns(2, gap="medium")]
    names, hints, said = setting_words.names(), setting_words.hints(), list[float]()
    for place, name in zip(places, AUGMENTATION, strict=False):
        field = FIELDS[name]
        assert isinstance(field, Number)
        with place:
            value = st.slider(
                names[name],
                float(field.low),
                float(field.high),
                USUAL[name],
                float(field.step),
                format="percent" if name in IN_PERCENT else "%g",
                help=hints.get(name),
                key=f"{WORDS}{name}",
                bind="query-params",
            )
        said.append(float(value))
    return tuple(said)


def show(address: Address) -> tuple[str, tuple[float, ...]]:
    """The card; returns the answer and what the sliders say."""
    left, right = st.columns([8, 5], gap="medium")
    with right:
        amounts = ranges()
    samples, digits = _digits(str(address), amounts, text.language())
    with left:
        figure.show(samples, key="prep_samples")
    card.show(digits, lambda: _all(amounts, text.language()))
    return _answer(address, amounts), amounts


@st.cache_data(max_entries=128, show_spinner=False)
def _digits(written: str, amounts: tuple[float, ...], language: str) -> tuple[Drawn, card.Digits]:
    address = Address.parse(written)
    image, _label = digit(address)
    changed = before_after.augmented_one(written, amounts, COUNT)
    samples = pictures.rows(
        list(changed.reshape(ROWS, COLUMNS, 28, 28)),
        _("{count} pictures that chance makes of {digit}").format(count=COUNT, digit=written),
    )
    both = [pictures.Stage(image, (_("before"),)), pictures.Stage(changed[0], (_("the first of them"),))]
    return Drawn.of(samples), card.Digits(
        digit=Drawn.of(pictures.stages(both, _("{digit}: changed by chance").format(digit=written))),
        others=card.others(before_after.others(""), before_after.augmented_others(amounts)),
        formula=_formula(amounts),
        letters=letters.meaning(cards.AUGMENT),
        code=_code(address, amounts),
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _all(amounts: tuple[float, ...], language: str) -> card.All:
    before, after = before_after.whole(""), before_after.augmented_whole(amounts)
    return card.All(
        card.means(pictures.Stage(before.mean, (_("before"),)), pictures.Stage(after.mean, (_("after"),))),
        card.grey_counts(before.counts, after.counts),
    )


def _formula(amounts: tuple[float, ...]) -> str:
    """Where each pixel is taken from, and what chance draws within the ranges that are not 0."""
    turn, shift, zoom, shear, elastic, erasing, grain = amounts
    turned = " ".join(factor for factor, amount in (("s", zoom), (r"R_\varphi", turn), (r"S_\psi", shear)) if amount)
    drawn = {
        f"A = {turned}": turned,
        rf"\text{{turned by }} \varphi \in [-{turn:g}°, {turn:g}°]": turn,
        rf"\text{{shifted by }} t \in [-{shift:g}, {shift:g}]^2": shift,
        rf"\text{{scaled by }} s \in [{1 - zoom:g}, {1 + zoom:g}]": zoom,
        rf"\text{{slanted by }} \psi \in [-{shear:g}°, {shear:g}°]": shear,
        rf"\text{{bent by }} u_p \text{{, deviation }} {elastic:g} \text{{ px}}": elastic,
        rf"\text{{covered: }} m_p = 0 \text{{ in }} {100 * erasing:g}\,\% \text{{, else }} 1": erasing,
        rf"\text{{noise }} \varepsilon_p \sim \mathcal{{N}}(0, {grain:g}^2)": grain,
    }
    moved = "p" + (" - t" if shift else "") + (" - u_p" if elastic else "")
    taken = f"A^{{-1}}({moved})" if turned else moved
    whole = f"y_p = {'m_p ' if erasing else ''}x_{{{taken}}}" + (r" + \varepsilon_p" if grain else "")
    return card.BREAK.join([whole, *(words for words, amount in drawn.items() if amount)])


def _code(address: Address, amounts: tuple[float, ...]) -> str:
    said = {name: amount for name, amount in zip(AUGMENTATION, amounts, strict=True) if amount}
    return card.in_order(
        [
            "import torch",
            "from mnist_viz.data.mnist import digits",
            "from mnist_viz.training.augmentation import samples",
            "from mnist_viz.training.fields import AUGMENTATION",
            card.loaded(address),
            "pixels = torch.tensor(image).float() / 255",
            "amounts = dict.fromkeys(AUGMENTATION, 0.0)",
            f"amounts.update({said})",
            f"changed = samples(pixels, amounts, {COUNT}, seed={before_after.SEED})",
        ]
    )


def _answer(address: Address, amounts: tuple[float, ...]) -> str:
    if not any(amounts):
        return _("All ranges are 0: each time the network gets {digit} as it is.").format(digit=address)
    image, _label = digit(address)
    changed = before_after.augmented_one(str(address), amounts, COUNT)
    sentence = _(
        "Each time the network gets another picture of {digit}: these {count} lie **{error:.1f} grey values** from it "
        "on average (RMSE)."
    )
    error = sum(measures.error(one, image) for one in changed) / COUNT
    return sentence.format(digit=address, count=COUNT, error=error)
