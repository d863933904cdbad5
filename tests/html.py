"""Pages as their readers get them."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup, Tag


def parsed(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content.decode(), "html.parser")


def text_of(page: Any) -> str:
    """Of a response or of a part of a parsed page, with white space folded."""
    node = page if isinstance(page, Tag) else parsed(page)
    return " ".join(node.get_text(" ").split())
