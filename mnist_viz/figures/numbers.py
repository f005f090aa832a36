"""How a number of any size is written: three digits that count, a true minus, powers of ten where it is tiny."""

from math import floor, isfinite, isnan, log10

_SMALL, _LARGE = 1e-3, 1e5  # what lies between is written out
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def written(value: float, digits: int = 3) -> str:
    """ "−0.0123", "65.2", "4.20 × 10⁻⁶", and 0 as "0"; what is no number or has no end as "∞" or "–"."""
    mantissa, exponent = _parts(value, digits)
    said = mantissa if exponent is None else f"{mantissa} × 10{str(exponent).translate(_RAISED)}"
    return said.replace("-", "−")


def latex(value: float, digits: int = 3, *, bare: bool = False) -> str:
    """The same for a formula, in brackets where it is below 0 and not `bare`."""
    mantissa, exponent = _parts(value, digits)
    said = mantissa if exponent is None else rf"{mantissa} \cdot 10^{{{exponent}}}"
    return rf"({said})" if value < 0 and not bare else said


def _parts(value: float, digits: int) -> tuple[str, int | None]:
    if not isfinite(value):
        return ("–" if isnan(value) else "∞" if value > 0 else "-∞"), None
    if value == 0:
        return "0", None
    exponent = floor(log10(abs(float(f"{value:.{digits - 1}e}"))))
    if _SMALL <= abs(value) < _LARGE:
        return f"{value:.{max(0, digits - 1 - exponent)}f}", None
    return f"{value / 10**exponent:.{digits - 1}f}", exponent
