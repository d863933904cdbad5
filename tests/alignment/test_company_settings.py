"""Settings of the company bear on all figures: whoever writes them has everything computed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from alignment.models import Recompute
from teams.models import LogEntry
from tests.alignment.stored import assert_no_drift
from tests.exchange.bundles import imported
from tests.test_imports import APPS

ROOT = Path(__file__).resolve().parents[2]
MODELS = {"Company", "StanceRange"}
WRITES = {
    *("save", "delete", "update", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"),
    *("asave", "aupdate", "acreate"),
}
SELECTOR = "company"
SERVE = {"opened", "locked", "revise", "lock_rows"}
"""What services edit rows with (lib/services/edits.py)."""
IN_SQL = re.compile(
    r"(UPDATE|INSERT INTO|DELETE FROM|COPY|MERGE INTO)\s+\"?teams_(company|stancerange)\b", re.IGNORECASE
)
ANNOUNCED = re.compile(r"Changes\([^)]*company=True")
IMPORT = "exchange/bundle/company.py"
"""It does not announce: the import computes everything itself, as of the day of the company's new zone."""


def modules() -> Iterator[Path]:
    for app in APPS:
        yield from (path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)


def knows_settings(tree: ast.AST) -> bool:
    """Whether it imports one of the models; the engine's own Company is no row."""
    return any(
        isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("teams.models")
        and MODELS & {alias.name for alias in node.names}
        for node in ast.walk(tree)
    )


def writes_settings(text: str) -> bool:
    if IN_SQL.search(text):
        return True
    tree = ast.parse(text)
    if not knows_settings(tree):
        return False
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    reads = any(names(call, MODELS) for call in calls)
    return any(
        (isinstance(call.func, ast.Attribute) and call.func.attr in WRITES and names(call.func.value, MODELS))
        or (
            isinstance(call.func, ast.Name)
            and call.func.id in SERVE
            and (reads or any(names(given, {SELECTOR}) for given in call.args))
        )
        or (isinstance(call.func, ast.Attribute) and call.func.attr in {"save", "asave"} and reads)
        for call in calls
    )


def names(part: ast.AST, words: set[str]) -> bool:
    return any(isinstance(node, ast.Name) and node.id in words for node in ast.walk(part))


@pytest.mark.parametrize(
    "text",
    [
        "from teams.models import Company\nCompany.objects.filter(pk=1).update(grace_days=3)",
        "from teams.models import StanceRange\nfor row in StanceRange.objects.all():\n    row.save()",
        "from teams.models import Company\nrow = opened(company(), version)",
        "run('UPDATE teams_company SET grace_days = 3')",
    ],
)
def test_writing_settings_is_found(text):
    assert writes_settings(text)


@pytest.mark.parametrize(
    "text",
    [
        "from teams.models import Company\nCompany.objects.get(pk=1)",
        "from alignment.engine import Company\nCompany().save()",
        "from teams.models import Company\ndef mailed(firm: Company, row):\n    revise(row, invited_at=None)",
        "run('SELECT timezone FROM teams_company')",
    ],
)
def test_reading_settings_is_no_writing(text):
    assert not writes_settings(text)


def test_whoever_writes_settings_announces_it():
    silent = {
        str(path.relative_to(ROOT))
        for path in modules()
        if writes_settings(text := path.read_text(encoding="utf-8")) and not ANNOUNCED.search(text)
    }

    assert silent == {IMPORT}


@pytest.mark.django_db
def test_settings_that_are_imported_are_computed_with():
    imported({"company": "setting,value\ngrace_days,3\nspotlight.coverage_floor,0.9\n"})

    assert Recompute.objects.get().cause == LogEntry.objects.get(action="company.imported")
    assert_no_drift()
