"""The broker as tests of pages meet it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from config import logs


def refused_in_requests(publish: Callable[..., Any]) -> Callable[..., Any]:
    """Fails a test whose request sends a message itself, instead of leaving a row and waking a worker."""

    @functools.wraps(publish)
    def guarded(*given: Any, **more: Any) -> Any:
        assert not logs.is_in_request(), "a request called the broker"
        return publish(*given, **more)

    return guarded
