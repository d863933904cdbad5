"""What is written in the browser can be exported and imported again (spec/bundle.md): nothing changes by it."""

from __future__ import annotations

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from django.db import transaction

from exchange.bundle.export import export_bundle
from exchange.bundle.problems import BundleProblems
from exchange.services import import_bundle
from lib.services.permissions import SYSTEM
from teams.enums import Role
from tests import factories as make
from tests.alignment.edits import REFUSED, THINGS, Editor
from tests.factories import NOW
from tests.firm import build_firm

pytestmark = pytest.mark.slow

COMPANIES, MOST, EDITS, BETWEEN = 4, 12, 300, 100


def test_written_company_comes_back_as_it_was(db):
    """Half of them start as a small firm, half from nothing; each service goes through in one of them at least, for
    which there are more companies where that takes them."""
    done: set[str] = set()
    everything = {thing.__name__ for thing in THINGS}
    for seed in range(MOST):
        if seed >= COMPANIES and done == everything:
            break
        with transaction.atomic():
            if seed % 2:
                build_firm()
            editor, told = Editor(Random(seed), make.PersonFactory(role=Role.ADMIN), NOW), []
            for _ in range(EDITS // BETWEEN):
                told += [editor.edit() for _ in range(BETWEEN)]
                assert _changed_by_import(editor, told) == {}
            done |= {text for text in told if REFUSED not in text}
            transaction.set_rollback(True)
    assert done == everything


def _changed_by_import(editor: Editor, told: list[str]) -> dict[str, object]:
    """The tables in which an import of the export changes something."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "company"
        export_bundle(path)
        try:
            result = import_bundle(path, actor=SYSTEM, at=editor.at)
        except BundleProblems as problems:
            problems.add_note(f"{problems.problems} after {told}")
            raise
    return {name: counts for name, counts in result.tables.items() if counts.changed}
