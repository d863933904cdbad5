from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.config.servers import throwaway_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    """A DATA_DIR for servers that do not live long."""
    with throwaway_folder() as path:
        yield path
