"""Every text a visitor sees, in the visitor's language: `_("English source")`.

A leaf that any room may import, because figures and sentences made from numbers are visible text too.
English is the source; another language is a gettext catalogue `locale/LANG/LC_MESSAGES/mnist_viz.mo`.
"""

import gettext
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
DOMAIN = "mnist_viz"
_language: ContextVar[str] = ContextVar("language", default="en")


@cache
def languages() -> tuple[str, ...]:
    """The languages that can be chosen: English and every catalogue that is there."""
    return ("en", *sorted(path.parts[-3] for path in LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")))


def use(language: str) -> None:
    """Speak this language from here on in this script run; an unknown one means English."""
    _language.set(language if language in languages() else "en")


def language() -> str:
    """The language that is spoken in this script run."""
    return _language.get()


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALE, languages=[language], fallback=True)


def percent(share: float, decimals: int = 2) -> str:
    """A share (0..1) as a visitor reads it, with its unit, from which no line's end parts it."""
    return f"{100 * share:.{decimals}f}\N{NO-BREAK SPACE}%"


def probability(share: float, decimals: int = 1) -> str:
    """The probability (0..1) of a class; none is rounded to 0 or 100 %, as no softmax gives these."""
    said = percent(share, decimals)
    if said == percent(0, decimals):
        return _("<\N{NO-BREAK SPACE}{least}\N{NO-BREAK SPACE}%").format(least=f"{10**-decimals:.{decimals}f}")
    if said == percent(1, decimals):
        return _(">\N{NO-BREAK SPACE}{most}\N{NO-BREAK SPACE}%").format(most=f"{100 - 10**-decimals:.{decimals}f}")
    return said


def level(share: float, decimals: int = 1) -> str:
    """Where a probability (0..1) stays, to be read after "stays": "at 96.9 %", "above 99.9 %" or "below 0.1 %"."""
    said = percent(share, decimals)
    if said == percent(0, decimals):
        return _("below {share}").format(share=percent(10 ** -(decimals + 2), decimals))
    if said == percent(1, decimals):
        return _("above {share}").format(share=percent(1 - 10 ** -(decimals + 2), decimals))
    return _("at {share}").format(share=said)


def _(english: str) -> str:
    """The text in the language of this script run; fill its named fields with `.format` afterwards."""
    return _catalogue(_language.get()).gettext(english)
