"""import_company and export_company as people at a terminal meet them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from teams.models import Team
from tests.exchange.bundles import COMPANY, write

pytestmark = pytest.mark.django_db


def test_import_prints_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_company", write(tmp_path / "b", {name: COMPANY[name] for name in ("people", "personas")}))
    assert capsys.readouterr().out == (
        "            created    updated  unchanged\n"
        "people            2          0          0\n"
        "personas          2          0          0\n"
    )


def test_second_import_says_that_nothing_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "b", {"teams": "key,name\na,A\n"})
    call_command("import_company", path)
    call_command("import_company", path)
    assert capsys.readouterr().out.endswith("Nothing changed: everything in the bundle was here already.\n")


def test_dry_run_says_what_it_would_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_company", write(tmp_path / "b", {"teams": "key,name\na,A\n"}), "--dry-run")
    assert capsys.readouterr().out.endswith("A dry run: nothing was changed.\n")
    assert not Team.objects.exists()


def test_problems_go_to_stderr_one_a_line_and_the_exit_code_is_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "b", {"teams": "key,name,parent\na,,\nb,B,growth\n"})
    with pytest.raises(SystemExit) as stopped:
        call_command("import_company", path)
    assert stopped.value.code == 1
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err == (
        "teams.csv line 2, column name: this is blank; give a name\n"
        'teams.csv line 3, column parent: there is no team "growth"; '
        "use the key of a team in this bundle or in the database\n"
    )
    assert not Team.objects.exists()


def test_export_writes_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("export_company", tmp_path / "out")
    assert capsys.readouterr().out == f"The company is in {tmp_path / 'out'}.\n"
    assert (tmp_path / "out" / "company.csv").read_text().startswith("setting,value\n")


def test_export_to_a_place_that_is_taken_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CommandError, match="no bundle"):
        call_command("export_company", tmp_path)
