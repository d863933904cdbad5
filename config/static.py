"""Collects static files when any has changed; hashing and compressing them all takes a second."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

STAMP = ".collected"


def collect_static() -> bool:
    """Returns whether there was anything to collect. The stamp file is written last, so an interrupted run is
    repeated.
    """
    stamp, found = Path(settings.STATIC_ROOT, STAMP), _fingerprint()
    if stamp.exists() and stamp.read_text(encoding="ascii") == found:
        return False
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)  # else it keeps files that look new
    stamp.write_text(found, encoding="ascii")
    return True


def _fingerprint() -> str:
    """A hash of each file's source, size and modification time."""
    lines = []
    for finder in get_finders():
        for path, storage in finder.list([]):
            file = Path(storage.path(path))
            stat = file.stat()
            lines.append(f"{path} {file} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
