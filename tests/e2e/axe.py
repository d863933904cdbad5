"""What axe finds on a page as it lies in the window, at several widths and in both colour schemes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = (1440, 390)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SCRIPT = Axe().axe_script
RUN = "options => axe.run(options).then(({violations}) => violations)"


def problems(page: Page, *, widths: tuple[int, ...] = WIDTHS, left_out: tuple[str, ...] = ()) -> Iterator[str]:
    """A line for each rule that the open page breaks and for each width that it does not fit; rules that are `left_out`
    are not asked. The page is loaded once: what differs between widths and schemes is a matter of styles alone."""
    options = {"resultTypes": ["violations"], "rules": {rule: {"enabled": False} for rule in left_out}}
    page.evaluate(SCRIPT)
    for width, scheme in product(widths, SCHEMES):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        where = f"{page.url} at {width} px, {scheme}"
        for broken in page.evaluate(RUN, options):
            yield f"{where}: {broken['id']}: {json.dumps([node['html'] for node in broken['nodes']])}"
        if (needed := page.evaluate("document.documentElement.scrollWidth")) > width:
            yield f"{where}: is {needed} px wide"
