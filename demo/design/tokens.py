"""Reads the tokens of static/css/tokens.css, and computes their contrasts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

FILE = Path("static", "css", "tokens.css")
COLOUR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
LENGTH = re.compile(r"--(text|space)-([\w-]+): ([^;]+);")
TEXT_CONTRAST = 4.5
"""WCAG 2.2 AA, for text on its background."""

GROUNDS = {
    "on-accent": "accent",
    "exploring-mark": "exploring",
    "sustaining-mark": "sustaining",
    "orphaned-mark": "orphaned",
}
"""The background of a token, where it is not the paper."""
TEXTS = {"ink", "ink-soft", "accent", "on-accent", "warning"}
USES = {
    "paper": "the page",
    "paper-sunk": "what is set back: notes, effects, code",
    "paper-raised": "what floats: fields, menus",
    "ink": "text",
    "ink-soft": "text that may be passed over",
    "rule": "lines between rows",
    "rule-strong": "edges of fields and quiet buttons",
    "accent": "what can be pressed",
    "accent-wash": "notices, filters in force",
    "on-accent": "text on a button",
    "warning": "what went wrong in a form, steps that take something away",
}
"""The uses of colours outside the four parts of effort."""
PART_USES = {"": "its fill", "mark": "the mark of its pattern", "text": "its name"}


@dataclass(frozen=True)
class Colour:
    """A pair of hex values with the contrast of each to its background (WCAG: 1 to 21)."""

    name: str
    use: str
    ground: str
    light: str
    dark: str
    light_contrast: float
    dark_contrast: float

    @property
    def is_text(self) -> bool:
        return self.name in TEXTS or self.name.endswith("-text")


@dataclass(frozen=True)
class Length:
    """`kind` is `text` or `space`."""

    kind: str
    name: str
    value: str


def contrast(one: str, other: str) -> float:
    """The contrast of two hex colours, in any order (WCAG 2.2, *contrast ratio*)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def colours() -> list[Colour]:
    """In the order of the style sheet."""
    pairs = {name: (light, dark) for name, light, dark in COLOUR.findall(_css())}
    found = []
    for name, (light, dark) in pairs.items():
        ground = GROUNDS.get(name, "paper")
        behind = pairs[ground]
        found.append(
            Colour(name, use_of(name), ground, light, dark, contrast(light, behind[0]), contrast(dark, behind[1]))
        )
    return found


def lengths(kind: str) -> list[Length]:
    return [Length(kind, name, value) for found, name, value in LENGTH.findall(_css()) if found == kind]


def use_of(name: str) -> str:
    """Raises KeyError for a token whose use is not stated."""
    part, _, aspect = name.partition("-")
    return USES[name] if name in USES else f"{part}: {PART_USES[aspect]}"


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _css() -> str:
    return (Path(settings.BASE_DIR) / FILE).read_text(encoding="utf-8")
