"""The demo's secret key: made once, kept with the demo's data."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from config.devserver.errors import EmbeddedError
from config.devserver.layout import Layout

BYTES = 48


def secret_key(data_dir: Path) -> str:
    """The key kept in DATA_DIR (mode 0600), made on first use.

    Two processes that make it at once agree: the file appears whole and whoever comes second reads it.
    Raises EmbeddedError where DATA_DIR cannot be written.
    """
    path = Layout(data_dir).secret_key
    try:
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(BYTES))
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise EmbeddedError(
            f"DATA_DIR {data_dir} cannot be used ({error.strerror}); choose another, or set SECRET_KEY"
        ) from error


def _write_once(path: Path, key: str) -> None:
    """link() rather than rename(): it fails where the file is there already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".secret_key-")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)
