"""How a number of any size is written: three digits that count, a true minus, powers of ten where it is tiny."""

import re
from math import exp, expm1, floor, inf, isfinite, isnan, log, log1p, log10

_SMALL, _LARGE = 1e-3, 1e5  # what lies between is written out
_EXACT = 15  # digits that a float holds
_FLOAT = 700  # e to the power of 709.8 is the largest float
_CLOSE = "\N{NO-BREAK SPACE}"  # a number is never broken over two lines
_THOUSANDS = re.compile(r"^(-?\d+)(\d{3})(?=\.|$)")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

Parts = tuple[str, int | None]  # the digits, and the power of ten beside them


def written(value: float, digits: int = 3) -> str:
    """ "−0.0123", "1,276", "4.20 × 10⁻⁶", and 0 as "0"; what is no number or has no end as "∞" or "–"."""
    return _words(_parts(value, digits))


def latex(value: float, digits: int = 3, *, bare: bool = False) -> str:
    """The same for a formula, in brackets where it is below 0 and not `bare`."""
    said = _formula(_parts(value, digits))
    return rf"({said})" if value < 0 and not bare else said


def written_share(surprise: float, digits: int = 3) -> str:
    """The probability whose −ln this is: "0.9873", or "1 − 3.58 × 10⁻⁵" where its own digits would be nines.

    It has at least so many digits, and as many more as it takes for its −ln to be the surprise to `digits`.
    """
    digits = _enough(surprise, digits)
    return (
        f"1{_CLOSE}−{_CLOSE}{written(_rest(surprise), digits)}" if _sure(surprise) else _words(_exp(-surprise, digits))
    )


def latex_share(surprise: float, digits: int = 3) -> str:
    """The same for a formula, in brackets where it is a difference."""
    digits = _enough(surprise, digits)
    return rf"(1 - {latex(_rest(surprise), digits)})" if _sure(surprise) else latex_exp(-surprise, digits)


def latex_exp(power: float, digits: int = 3) -> str:
    """What e to this power is, for a formula; also where no float is so large or so small."""
    return _formula(_exp(power, digits))


def _rest(surprise: float) -> float:
    return -expm1(-surprise)


def _sure(surprise: float) -> bool:
    return 0 < _rest(surprise) < _SMALL


def _enough(surprise: float, digits: int) -> int:
    """How many digits of a probability a reader needs to find its −ln to so many."""
    if not 0 < surprise < inf:
        return digits
    return next(
        (
            many
            for many in range(digits, _EXACT)
            if written(_again(surprise, many), digits) == written(surprise, digits)
        ),
        _EXACT,
    )


def _again(surprise: float, digits: int) -> float:
    """The −ln of the probability as it is written with so many digits."""
    if _sure(surprise):
        return -log1p(-float(f"{_rest(surprise):.{digits - 1}e}"))
    mantissa, exponent = _exp(-surprise, digits)
    return -log(float(mantissa)) - (exponent or 0) * log(10)


def _words(parts: Parts) -> str:
    mantissa, exponent = parts
    if exponent is None:
        return _THOUSANDS.sub(r"\1,\2", mantissa).replace("-", "−")
    said = f"{mantissa}{_CLOSE}×{_CLOSE}10{str(exponent).translate(_RAISED)}"
    return said.replace("-", "−")


def _formula(parts: Parts) -> str:
    mantissa, exponent = parts
    return mantissa if exponent is None else rf"{mantissa} \cdot 10^{{{exponent}}}"


def _exp(power: float, digits: int) -> Parts:
    if not _FLOAT < abs(power) < inf:
        return _parts(exp(power), digits)
    exponent, rest = divmod(power / log(10), 1)
    mantissa, carried = f"{10**rest:.{digits - 1}e}".split("e")
    return mantissa, int(exponent) + int(carried)


def _parts(value: float, digits: int) -> Parts:
    if not isfinite(value):
        return ("–" if isnan(value) else "∞" if value > 0 else "-∞"), None
    if value == 0:
        return "0", None
    exponent = floor(log10(abs(float(f"{value:.{digits - 1}e}"))))
    if _SMALL <= abs(value) < _LARGE:
        return f"{value:.{max(0, digits - 1 - exponent)}f}", None
    return f"{value / 10**exponent:.{digits - 1}f}", exponent
