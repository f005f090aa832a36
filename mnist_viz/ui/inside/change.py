"""A test digit changed by sliders: what the network reads now, where that flips, and what it stands in general."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist_viz.analysis import endurance, evaluation
from mnist_viz.analysis.distortions import RANGES, Distortion, distort
from mnist_viz.data.address import digit
from mnist_viz.figures import digits as pictures
from mnist_viz.figures import distortion, probabilities
from mnist_viz.figures.before_after import before_after
from mnist_viz.runs.logits import predict
from mnist_viz.text import _, percent
from mnist_viz.ui import as_seen, caches, link
from mnist_viz.ui.components import figure
from mnist_viz.ui.link import Choice

STANDS = 0.95  # the accuracy down to which a network is said to stand a change


@dataclass(frozen=True)
class _Words:
    """A slider as a visitor reads it: its name, its unit, a value of it, and its axis with the unit."""

    name: str
    unit: str
    value: str
    axis: str

    def say(self, value: float) -> str:
        """A value with its unit, and with a true minus sign."""
        return self.value.format(value=value).replace("-", "−")


def _sliders() -> dict[str, _Words]:
    return {
        "right": _Words(_("Moved right"), _("px"), _("{value:g} px"), _("moved to the right (pixels)")),
        "down": _Words(_("Moved down"), _("px"), _("{value:g} px"), _("moved down (pixels)")),
        "turn": _Words(_("Turned"), _("°"), _("{value:g}°"), _("turned to the right (degrees)")),
        "size": _Words(_("Size"), _("×"), _("{value:g} ×"), _("size (times)")),
        "thick": _Words(_("Thickness"), _("px"), _("{value:+.1f} px"), _("thicker by (pixels of radius)")),
        "noise": _Words(_("Noise"), _("grey values"), _("{value:g}"), _("noise (deviation in grey values)")),
        "light": _Words(_("Grey added"), _("grey values"), _("{value:+g}"), _("grey values added to every pixel")),
        "contrast": _Words(_("Contrast"), _("×"), _("{value:g} ×"), _("contrast (times)")),
    }


def show(choice: Choice, answer: DeltaGenerator) -> None:
    """The changed digit, its ten bars, accuracy along a slider, the sliders; the sentence on it becomes the answer."""
    with st.container(key="change"):  # on a phone ui/style.css lets the digit stay in sight above the sliders
        _show(choice, answer)


def _show(choice: Choice, answer: DeltaGenerator) -> None:
    assert choice.step is not None
    names, place = _sliders(), st.container(key="change_seen")
    amount = _amount(names)
    kind = _along(amount)
    others = amount.along(kind, RANGES[kind].neutral)  # so that each stop of the slider finds what is known of all
    spans = caches.readings(choice.run.id, choice.step, str(choice.digit), others, kind)
    image, label = digit(choice.digit)
    changed = distort(image[np.newaxis], amount)
    prepared = as_seen.prepared(choice.run.id, changed)
    shares = evaluation.softmax(predict(caches.network(choice.run.id, choice.step), prepared)[0])
    reading = _("Digit {address}, labelled {label}, is read as **{read}**.").format(
        address=choice.digit, label=label, read=int(shares.argmax())
    )
    answer.markdown(f"{reading} {_flips(names[kind], spans, getattr(amount, kind))}")
    with place:
        seen, bars, along = st.columns([9, 12, 17], gap="small")
    with seen:
        title = _("Now read as {read}") if amount != Distortion() else _("Read as {read}")
        title = title.format(read=int(shares.argmax()))
        if as_seen.steps(choice.run.id):
            drawn = before_after(changed[0], prepared[0], names=(_("changed"), _("prepared")), title=title)
        else:
            drawn = pictures.digit(changed[0], title, pixel=8)
        figure.show(drawn, key="changed_digit")
        _back(amount)
    with bars:
        figure.show(probabilities.probabilities(shares, label=label), key="changed_probabilities")
    with along:
        _chart(choice, names[kind], kind, amount, spans)  # last: for a new network it takes seconds


def _amount(names: dict[str, _Words]) -> Distortion:
    """What the sliders say; the one that was moved last is the one that the chart runs along."""
    values = {}
    with st.container(gap=None):
        columns = [column for _row in range(2) for column in st.columns(4, gap="medium")]
    for column, (kind, slider) in zip(columns, names.items(), strict=True):
        allowed = RANGES[kind]
        said = column.slider(
            _("{name} ({unit})").format(name=slider.name, unit=slider.unit),
            float(allowed.low),
            float(allowed.high),
            float(allowed.neutral),
            float(allowed.step),
            key=kind,
            bind="query-params",
            format="%g",
            on_change=_remember,
            args=(kind,),
        )
        values[kind] = allowed.nearest(said)
    return Distortion(**values)


def _remember(kind: str) -> None:
    """Which slider was moved last. Not in the link: two words that change at once overtake each other there."""
    st.session_state["_along"] = kind


def _along(amount: Distortion) -> str:
    """The slider that the chart runs along: the one moved last, after a link the one farthest from where it rests."""
    known: str | None = st.session_state.get("_along")
    if known or amount == Distortion():
        return known or "turn"
    return max(RANGES, key=lambda kind: RANGES[kind].share(getattr(amount, kind)))


def _back(amount: Distortion) -> None:
    st.button(
        _("As it was"),
        icon=":material/restart_alt:",
        on_click=link.choose,
        kwargs={kind: float(one.neutral) for kind, one in RANGES.items()},
        disabled=amount == Distortion(),
        key="as_it_was",
        width="stretch",
    )


def _chart(choice: Choice, names: _Words, kind: str, amount: Distortion, spans: list[endurance.Span]) -> None:
    assert choice.step is not None
    neutral = RANGES[kind].neutral
    with st.spinner(_("Reading 1,000 test digits, changed step by step …")):
        counts = caches.right_counts(choice.run.id, choice.step, kind)
    half, amounts = RANGES[kind].step / 2, endurance.grid(kind)
    low, high = endurance.stands(amounts, counts / endurance.DIGITS, STANDS, neutral)
    title = _("{share} or more are right from {low} to {high}").format(
        share=percent(STANDS, 0), low=names.say(low), high=names.say(high)
    )
    if low > high:
        title = _("Nowhere are {share} right").format(share=percent(STANDS, 0))
    whose = _("{digit} is read as")
    if amount.along(kind, neutral) != Distortion():
        whose = _("{digit} with all your changes is read as")
    drawn = distortion.endurance(
        amounts,
        counts / endurance.DIGITS,
        np.transpose([evaluation.accuracy_interval(int(count), endurance.DIGITS) for count in counts]),
        digits=endurance.DIGITS,
        at=getattr(amount, kind),
        stretches=[(span.low - half, span.high + half, span.read) for span in spans],
        axis=names.axis,
        title=title,
        whose=whose.format(digit=choice.digit),
    )
    figure.show(drawn, key="endurance")


def _flips(names: _Words, spans: list[endurance.Span], at: float) -> str:
    """Where the answer turns into another one along a slider, in a sentence."""
    below, here, above = endurance.flips(spans, at)
    if below and above:
        sentence = _("{name}: it stays {read} from {low} to {high}; below that it becomes {below}, above it {above}.")
    elif above:
        sentence = _("{name}: it stays {read} up to {high}, and from there on becomes {above}.")
    elif below:
        sentence = _("{name}: it stays {read} down to {low}, and below that becomes {below}.")
    else:
        sentence = _("{name}: it stays {read}, whatever the slider says.")
    return sentence.format(
        name=names.name,
        read=here.read,
        low=names.say(here.low),
        high=names.say(here.high),
        below=below.read if below else None,
        above=above.read if above else None,
    )
