"""How units are written behind a number: the symbol that people know, not the word that calculations use."""

from __future__ import annotations

import re

SYMBOLS = {
    "ampere": "A", "bar": "bar", "celsius": "°C", "centimeter": "cm", "decimeter": "dm", "degC": "°C", "degF": "°F",
    "degree": "°", "degree_Celsius": "°C", "degree_Fahrenheit": "°F", "fluid_ounce": "fl oz", "foot": "ft",
    "force_pound": "lbf",
    "gallon": "gal", "gram": "g", "hertz": "Hz", "hour": "h", "inch": "in", "joule": "J", "kelvin": "K",
    "kilogram": "kg", "kilometer": "km", "kilonewton": "kN", "kilopascal": "kPa", "kilowatt": "kW", "liter": "l",
    "megapascal": "MPa", "meter": "m", "micrometer": "µm", "milligram": "mg", "milliliter": "ml", "millimeter": "mm",
    "minute": "min", "mole": "mol", "newton": "N", "ohm": "Ω", "ounce": "oz", "pascal": "Pa", "percent": "%",
    "pint": "pt", "pound": "lb", "second": "s", "tonne": "t", "volt": "V", "watt": "W", "yard": "yd",
}  # fmt: skip
_TOKEN = re.compile(r"\*\*|\^|[*/·]|-?\d+|[^\s*/^·\d-]+")
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def spelled(physical: str) -> str:
    """A physical unit as people write it: “meter**3” is m³, “newton * meter” is N·m; empty where no symbol is known."""
    written, raises = "", False
    for token in _TOKEN.findall(physical):
        if token in ("**", "^"):
            raises = True
            continue
        symbol = token.translate(_RAISED) if raises else {"*": "·"}.get(token) or _symbol(token)
        if not symbol:
            return ""
        written += symbol
        raises = False
    return written


def _symbol(token: str) -> str:
    """The symbol of a unit's word; what is no word (a slash, a number) and what is a symbol already stays."""
    word = token.rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
    if word in SYMBOLS:
        return SYMBOLS[word] + token[len(word) :]
    return token if word in SYMBOLS.values() or not token[0].isalpha() else ""
