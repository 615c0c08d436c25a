"""Values with their units: what is one, and which may not be taken for each other."""

import re

_MARKED = re.compile(
    r"(.*[\d})!a-zA-Z](?<!\\text)\s*(?=\\text)|.*\d\s*(?=\{[a-zA-Z]))(?:\\text\s*)?"
    r"\{([^{}]*[a-zA-Z][^{}]*)\}\s*(\^\s*\{?\d\}?)?"
)
_PLAIN = re.compile(
    r"(.*[\d})%])(\s*)([a-zA-Z][a-zA-Z. ]*[a-zA-Z.](?:\s*/\s*[a-zA-Z]+)?|[a-z]/[a-z]+)\s*(\^\s*\{?\d\}?)?"
)
_NOT_UNITS = re.compile(r"sqrt|pi|log|ln|sin|cos|tan|oo|mod", re.IGNORECASE)
_PER = re.compile(r"\s*/\s*|\s+per\s+")
_MEASURES = {  # spellings of the units that may not be taken for each other
    "centimeter": "cm",
    "centimetre": "cm",
    "millimeter": "mm",
    "millimetre": "mm",
    "kilometer": "km",
    "kilometre": "km",
    "meter": "m",
    "metre": "m",
    "inch": "in",
    "inche": "in",
    "foot": "ft",
    "feet": "ft",
    "yard": "yd",
    "mile": "mi",
    "mph": "mi/h",
    "kph": "km/h",
    "kmph": "km/h",
    "second": "s",
    "sec": "s",
    "minute": "min",
    "hour": "h",
    "hr": "h",
    "day": "day",
    "week": "week",
    "year": "year",
    "yr": "year",
    "gram": "g",
    "kilogram": "kg",
    "pound": "lb",
    "ounce": "oz",
    "liter": "l",
    "litre": "l",
    "milliliter": "ml",
    "millilitre": "ml",
    "degree": "degree",
    "radian": "radian",
    "cent": "cent",
    "dollar": "dollar",
}


def split_unit(text: str) -> tuple[str, str]:
    """A value and its unit, "" where it has none; a percent sign stays with the value."""
    if match := _MARKED.fullmatch(text):
        value, unit, power = match.groups()
    elif (match := _PLAIN.fullmatch(text)) and _is_unit(match[3], spaced=bool(match[2])):
        value, _, unit, power = match.groups()
    else:
        return text, ""
    return value.strip(), unit.strip() + re.sub(r"[\s{}]", "", power or "")


def measure(unit: str) -> str | None:
    """A unit of measurement in one spelling; None for others, such as apples, which only say what is counted."""
    parts = [_measure(part) for part in _PER.split(unit.casefold())]
    return "/".join(part for part in parts if part) if all(parts) else None


def _is_unit(letters: str, spaced: bool) -> bool:
    """Whether letters after a value are no product of variables: a known unit, or words after a space."""
    if _NOT_UNITS.search(letters):
        return False
    parts = _PER.split(letters)
    known = bool(measure(letters)) and len(letters) > 1
    if not spaced:
        return known and len(parts[0]) > 1
    return known or all(re.search(r"[a-zA-Z]{3}", part) for part in parts)


def _measure(unit: str) -> str | None:
    unit = unit.replace(".", "").strip()
    power = {"square": "^2", "sq": "^2", "cubic": "^3"}.get(unit.partition(" ")[0], "")
    name, _, exponent = (unit.partition(" ")[2] if power else unit).partition("^")
    name = name.strip()
    singular = name.removesuffix("s") if name not in _MEASURES.values() else name
    known = _MEASURES.get(name) or _MEASURES.get(singular) or (singular if singular in _MEASURES.values() else None)
    return known and known + (f"^{exponent}" if exponent else power)
