"""Collecting the static files: once, and again when one has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.static import STAMP, collect_static


@pytest.fixture
def source(settings, tmp_path: Path) -> Path:
    """A folder of static files, with a place of their own to be collected to."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "one.css").write_text("p {}")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [folder], tmp_path / "root"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    return folder


def test_files_are_collected_once(source, settings):
    assert collect_static()
    assert (settings.STATIC_ROOT / "one.css").read_text() == "p {}"
    assert not collect_static()


def test_files_are_collected_again_when_one_has_changed_or_came(source, settings):
    collect_static()
    (source / "one.css").write_text("a {}")
    assert collect_static()
    assert (settings.STATIC_ROOT / "one.css").read_text() == "a {}"

    (source / "two.css").touch()
    assert collect_static()


def test_files_are_collected_again_when_that_was_interrupted(source, settings, monkeypatch):
    def fail(*_arguments, **_options):
        raise KeyboardInterrupt

    collect_static()
    (source / "two.css").touch()
    with monkeypatch.context() as patch:
        patch.setattr("config.static.call_command", fail)
        with pytest.raises(KeyboardInterrupt):
            collect_static()

    assert not (settings.STATIC_ROOT / STAMP).exists()
    assert collect_static()
