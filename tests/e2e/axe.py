"""What axe finds on a page as it lies in the window, at several widths and in both colour schemes.

The page is loaded once and its structure asked at each width. Colours are asked once for each way in which text is
drawn (its colour and size, and all that lies below it), on whatever page it was met first: that was two thirds of the
time that axe takes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = (1440, 390)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SCRIPT = Axe().axe_script
COLOURS = ["color-contrast", "link-in-text-block"]
FIND_DRAWN = """
() => {
  const nothing = "rgba(0, 0, 0, 0),none,1";
  const grounds = new Map([[null, ""]]);
  const ground = (each) => {
    if (!grounds.has(each)) {
      const style = getComputedStyle(each);
      const own = [style.backgroundColor, style.backgroundImage, style.opacity].join();
      // What is taken out of the flow may lie over anything of its page.
      const lies = ["static", "relative"].includes(style.position) ? "" : location.href;
      grounds.set(each, ground(each.parentElement) + (own === nothing ? "" : `/${own}`) + lies);
    }
    return grounds.get(each);
  };
  const text = (each) => {
    const style = getComputedStyle(each);
    return [style.color, style.fontSize, style.fontWeight, style.textShadow, style.textDecorationLine].join();
  };
  const hasText = (each) => [...each.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  window.drawn = new Map();
  for (const each of document.body.querySelectorAll("*")) {
    if (!hasText(each) && !each.matches("input, select, textarea, button")) continue;
    const box = each.getBoundingClientRect();
    if (!each.checkVisibility({ checkVisibilityCSS: true }) || box.width <= 1 || box.height <= 1) continue;
    const around = each.matches("a") ? `in ${text(each.parentElement)}` : "";
    const way = [text(each), around, each.matches(":disabled"), ground(each)].join(" ");
    const met = window.drawn.get(way) ?? [];
    window.drawn.set(way, met.length ? [met[0], each] : [each]); // the first and the last
  }
  return [...window.drawn.keys()];
}
"""
RUN = """
async ([options, ways]) =>
  (await axe.run({ include: ways ? ways.flatMap((way) => window.drawn.get(way)) : [document] }, options)).violations
"""

_passed: set[str] = set()
"""The ways to draw text in which axe has found nothing wrong."""


def problems(page: Page, *, widths: tuple[int, ...] = WIDTHS, left_out: tuple[str, ...] = ()) -> Iterator[str]:
    """A line for each rule that the open page breaks and for each width that it does not fit; rules that are `left_out`
    are not asked."""
    page.evaluate(SCRIPT)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            where = f"{page.url} at {width} px, {scheme}"
            found = _structure(page, left_out) if scheme == SCHEMES[0] else []
            for broken in found + _colours(page):
                yield f"{where}: {broken['id']}: {json.dumps([node['html'] for node in broken['nodes']])}"
            if (needed := page.evaluate("document.documentElement.scrollWidth")) > width:
                yield f"{where}: is {needed} px wide"


def _structure(page: Page, left_out: tuple[str, ...]) -> list[dict[str, Any]]:
    return _run(page, {"rules": {rule: {"enabled": False} for rule in (*COLOURS, *left_out)}}, None)


def _colours(page: Page) -> list[dict[str, Any]]:
    ways = [way for way in page.evaluate(FIND_DRAWN) if way not in _passed]
    found = _run(page, {"runOnly": COLOURS}, ways) if ways else []
    if not found:
        _passed.update(ways)
    return found


def _run(page: Page, options: dict[str, Any], ways: list[str] | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(RUN, [{"resultTypes": ["violations"], **options}, ways])
    return found
