"""That a page with something wrong in it fails the tests that look for it."""

from __future__ import annotations

import pytest

from tests.e2e.axe import SCHEMES, WIDTHS, problems

pytestmark = pytest.mark.e2e

PAGE = """<!doctype html><html lang="en"><title>A page</title><style>
section {{ display: none; }}
@media (prefers-color-scheme: dark) {{ p {{ color: {dark}; }} }}
@media (max-width: 500px) {{
  section {{ display: block; }}
  div {{ width: {phone}; color: {pale}; }}
  {parent}
}}
</style><main><h1>A page</h1><p style="background: white">A text</p><div>A box <b>with a word</b></div>
<section style="background: white"><i style="color: {hidden}">A part</i></section>{more}</main></html>"""
RIGHT = {"dark": "black", "phone": "auto", "pale": "black", "parent": "", "hidden": "black", "more": ""}
PHONE = [(390, scheme) for scheme in SCHEMES]


@pytest.mark.parametrize(
    ("wrong", "said", "at"),
    [
        ({}, "", []),
        ({"dark": "#ddd"}, "color-contrast", [(width, "dark") for width in WIDTHS]),
        ({"phone": "400px"}, "is 4", PHONE),
        ({"pale": "#ddd"}, "color-contrast", PHONE),
        ({"parent": "main { background: #222; }"}, "color-contrast", PHONE),
        ({"hidden": "#ddd"}, "color-contrast", PHONE),
        ({"more": "<input>"}, "label", [(width, "light") for width in WIDTHS]),
    ],
    ids=[
        *("nothing", "in the dark", "wide on a phone", "pale on a phone", "over another ground on a phone"),
        *("seen on a phone alone", "everywhere"),
    ],
)
def test_what_is_wrong_is_found_where_it_is(page, wrong, said, at):
    page.set_content(PAGE.format(**RIGHT | wrong))

    found = [*problems(page)]

    places = [f"at {width} px, {scheme}: " for width, scheme in at]
    assert len(found) == len(places)
    assert [line for line, place in zip(found, places, strict=True) if place not in line or said not in line] == []
