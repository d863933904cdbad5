"""That a page with something wrong in it fails the tests that look for it."""

from __future__ import annotations

import pytest

from tests.e2e.axe import SCHEMES, WIDTHS, problems

pytestmark = pytest.mark.e2e

PAGE = """<!doctype html><html lang="en"><title>A page</title><style>
@media (prefers-color-scheme: dark) {{ p {{ color: {dark}; }} }}
@media (max-width: 500px) {{ div {{ width: {phone}; }} }}
</style><main><h1>A page</h1><p style="background: white">A text</p><div>A box</div>{more}</main></html>"""
RIGHT = {"dark": "black", "phone": "auto", "more": ""}


@pytest.mark.parametrize(
    ("wrong", "said", "at"),
    [
        ({}, "", []),
        ({"dark": "#ddd"}, "color-contrast", [(width, "dark") for width in WIDTHS]),
        ({"phone": "400px"}, "is 4", [(390, scheme) for scheme in SCHEMES]),
        ({"more": "<input>"}, "label", [(width, scheme) for width in WIDTHS for scheme in SCHEMES]),
    ],
    ids=["nothing", "in the dark", "on a phone", "everywhere"],
)
def test_what_is_wrong_is_found_where_it_is(page, wrong, said, at):
    page.set_content(PAGE.format(**RIGHT | wrong))

    found = [*problems(page)]

    places = [f"at {width} px, {scheme}: " for width, scheme in at]
    assert len(found) == len(places)
    assert [line for line, place in zip(found, places, strict=True) if place not in line or said not in line] == []
