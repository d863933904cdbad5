"""The demo's secret key: generated once and stored with the demo's data."""

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
    """The key stored in DATA_DIR (mode 0600), generated on first use.

    Concurrent processes get the same key: the file is created complete, and the second process reads it.

    Raises EmbeddedError where DATA_DIR is not writable.
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
    """Uses link() instead of rename(), because it fails where the file exists."""
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
