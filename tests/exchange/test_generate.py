from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from exchange.services import import_bundle
from lib.services.permissions import SYSTEM
from tests.exchange.bundles import AT


def generated(path: Path, **numbers: int) -> dict[str, bytes]:
    call_command("generate_company", path, **({"teams": 20, "initiatives": 60, "goals": 40} | numbers))
    return {file.name: file.read_bytes() for file in path.iterdir()}


def test_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    first = generated(tmp_path / "a", seed=7)
    assert generated(tmp_path / "b", seed=7) == first
    assert generated(tmp_path / "c", seed=8) != first


def test_numbers_are_what_was_asked_for(tmp_path: Path) -> None:
    written = generated(tmp_path / "a", teams=30, initiatives=500, goals=50)
    keys = [line for line in written["initiatives.csv"].decode().splitlines() if line.startswith("initiative-")]
    assert len(keys) == 500
    assert written["teams.csv"].count(b"\nteam-") == 30
    assert written["goals.csv"].count(b"\ngoal-") == 50
    assert 850 < written["links.csv"].count(b"\ninitiative-") < 1_150


@pytest.mark.slow
@pytest.mark.parametrize(
    ("teams", "initiatives", "goals"), [(0, 0, 0), (1, 1, 1), (1, 5, 0), (0, 0, 12), (3, 40, 2), (40, 400, 120)]
)
def test_any_size_can_be_imported(db, tmp_path: Path, teams: int, initiatives: int, goals: int) -> None:
    generated(tmp_path / "a", teams=teams, initiatives=initiatives, goals=goals)
    result = import_bundle(tmp_path / "a", actor=SYSTEM, at=AT)
    assert result.tables["initiatives"].created == initiatives
    assert not import_bundle(tmp_path / "a", actor=SYSTEM, at=AT).changed


@pytest.mark.parametrize("numbers", [{"teams": -1}, {"teams": 0}])
def test_company_that_cannot_be_is_refused(tmp_path: Path, numbers: dict[str, int]) -> None:
    with pytest.raises(CommandError):
        generated(tmp_path / "a", **numbers)
    assert not (tmp_path / "a").exists()
