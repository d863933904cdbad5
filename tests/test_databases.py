"""When the migrated database of another run is taken again (tests/databases.py)."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from lib.db import routines
from lib.db.routines import Routine
from tests.databases import migrated_from


@pytest.fixture
def project(tmp_path: Path, settings: Settings) -> Path:
    for name in ("requirements-dev.lock", "teams/models/team.py", "teams/migrations/0001_initial.py", "teams/rules.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("as it was", encoding="utf-8")
    settings.BASE_DIR = tmp_path
    return tmp_path


@pytest.mark.parametrize(
    "name",
    ["requirements-dev.lock", "teams/models/team.py", "teams/migrations/0001_initial.py", "teams/migrations/0002.py"],
)
def test_migrated_database_is_made_anew_when_what_it_rests_on_is_another(project: Path, name: str) -> None:
    before = migrated_from()
    (project / name).write_text("another", encoding="utf-8")

    assert migrated_from() != before


def test_migrated_database_is_made_anew_with_another_routine(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = migrated_from()
    monkeypatch.setattr(routines, "_routines", [])
    Routine("tests_other", {}, {}, "RETURN '[]'::json;")

    assert migrated_from() != before


def test_migrated_database_stays_when_other_code_is_another(project: Path) -> None:
    before = migrated_from()
    (project / "teams/rules.py").write_text("another", encoding="utf-8")

    assert migrated_from() == before
