"""`alignment_report` and `recompute_alignment`, as people and programs call them."""

from __future__ import annotations

import datetime as dt
import json
import os
import stat
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from alignment.models import Flag, InitiativeFigures, Recompute
from alignment.selectors.report import alignment_report
from teams.models import Company, LogEntry
from tests.factories import DAY, GoalFactory, InitiativeFactory, LinkFactory, TeamFactory

pytestmark = pytest.mark.django_db
BAD_DAYS = ("garbage", "2026-02-30", "20260316", "1969-12-31", "2101-01-01", "")


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def work():
    """Team `crew` in `fleet` has 3 weeks, 1 of them aligned, and, not sized, 1 sustaining; `idle` has nothing."""
    crew = TeamFactory(key="crew", parent=TeamFactory(key="fleet"))
    TeamFactory(key="idle")
    bet = InitiativeFactory(key="bet", team=crew, effort=3)
    InitiativeFactory(key="upkeep", team=crew, effort=None, kind="sustain")
    LinkFactory(initiative=bet, goal=GoalFactory(key="grow"), share="0.333333")
    return bet


def test_report_as_json_is_the_report_with_every_digit(work):
    text = run("alignment_report", "--as-of", "2026-03-16", "--format", "json")
    report, expected = json.loads(text), json.loads(json.dumps(alignment_report(on=DAY)))
    for each in (report, expected):
        each["flags"].sort(key=lambda flag: (flag["code"], flag["subject"]))
    assert report == expected
    assert report["company"]["aligned"] == 3 * 0.333333
    assert list(report) == sorted(report)
    assert text.endswith("}\n")


def test_report_as_json_is_the_same_text_twice(work):
    arguments = ("alignment_report", "--as-of", "2026-03-16", "--format", "json")
    assert run(*arguments) == run(*arguments)


def test_report_stores_nothing(work):
    run("alignment_report", "--as-of", "2026-03-16")
    assert not InitiativeFigures.objects.exists()
    assert not Flag.objects.exists()
    assert not LogEntry.objects.exists()


def test_report_as_table_says_figures_flags_and_teams(work):
    lines = [" ".join(line.split()) for line in run("alignment_report", "--as-of", "2026-03-16").splitlines()]
    assert lines[0] == "Alignment as of 2026-03-16"
    assert "Coverage 33.3 %" in lines
    assert "Effort 4 person-weeks" in lines
    assert "Not sized, counted as the company's default 1" in lines
    assert "orphaned 2 person-weeks" in lines
    assert "Work reaches 1 of 1 anchored goals." in lines
    assert "Reaches the strategy in part partly_orphaned 1" in lines
    assert "crew 2 4 1 0 1 2 33.3 % 100 %" in lines
    assert "fleet 2 4 1 0 1 2 33.3 % 100 %" in lines
    assert lines[-1] == "Without active work: 1."


def test_report_of_an_empty_company_has_no_figures():
    text = run("alignment_report", "--as-of", "2026-03-16")
    assert "No flags." in text
    assert "Coverage –" in [" ".join(line.split()) for line in text.splitlines()]
    assert json.loads(run("alignment_report", "--format", "json"))["company"]["coverage"] is None


@time_machine.travel(dt.datetime(2026, 3, 31, 12, tzinfo=dt.UTC), tick=False)
def test_day_is_today_where_the_company_is():
    Company.objects.update(timezone="Pacific/Auckland")
    assert run("alignment_report").startswith("Alignment as of 2026-04-01\n")
    assert run("recompute_alignment").startswith("As of 2026-04-01.")


@pytest.mark.parametrize("command", ["alignment_report", "recompute_alignment"])
@pytest.mark.parametrize("day", BAD_DAYS)
def test_what_is_no_day_is_refused_in_one_line(command, day):
    with pytest.raises(CommandError) as refusal:
        call_command(command, "--as-of", day)
    assert str(refusal.value) == f"--as-of {day}: Give a day of the years 1970 to 2100, written like 2026-03-31."
    assert refusal.value.returncode == 1


def test_output_goes_to_the_file_and_nowhere_else(work, tmp_path):
    path = tmp_path / "report.json"
    path.write_text("old")
    arguments = ("alignment_report", "--as-of", "2026-03-16", "--format", "json")
    assert run(*arguments, "--output", str(path)) == ""
    assert path.read_text(encoding="utf-8") == run(*arguments)
    assert [file.name for file in tmp_path.iterdir()] == ["report.json"]


def test_output_that_fails_leaves_the_old_file(work, tmp_path, monkeypatch):
    path = tmp_path / "report.txt"
    path.write_text("old")

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CommandError, match=r"^cannot write .*report.txt: No space left on device$"):
        run("alignment_report", "--output", str(path))
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["report.txt"]


def test_output_into_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CommandError, match=r"cannot write .*: No such file or directory"):
        run("alignment_report", "--output", str(tmp_path / "nowhere" / "report.txt"))


def test_output_keeps_a_link_and_what_is_no_ordinary_file(work, tmp_path):
    real, link, pipe = tmp_path / "real", tmp_path / "link", tmp_path / "pipe"
    real.write_text("old")
    link.symlink_to(real)
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    for path in (link, pipe):
        run("alignment_report", "--as-of", "2026-03-16", "--output", str(path))

    assert link.is_symlink()
    assert real.read_text(encoding="utf-8").startswith("Alignment as of 2026-03-16")
    assert os.read(reader, 26) == b"Alignment as of 2026-03-16"
    assert stat.S_ISFIFO(Path(pipe).stat().st_mode)
    os.close(reader)


def test_recompute_stores_figures_and_says_what_changed(work):
    said = run("recompute_alignment", "--as-of", "2026-03-16")
    opened = Flag.objects.count()
    changed = "As of 2026-03-16. Figures changed: initiatives 2, teams 3, goals 1."
    assert said == f"{changed} Flags: opened {opened}, resolved 0.\n"
    assert Recompute.objects.get().as_of == DAY
    assert InitiativeFigures.objects.get(initiative=work).aligned == 3 * 0.333333


def test_recompute_again_changes_nothing(work):
    run("recompute_alignment", "--as-of", "2026-03-16")
    said = run("recompute_alignment", "--as-of", "2026-03-16")
    assert said.endswith("Figures changed: initiatives 0, teams 0, goals 0. Flags: opened 0, resolved 0.\n")


def test_recompute_of_an_earlier_day_is_possible(work):
    run("recompute_alignment", "--as-of", "2026-06-16")
    run("recompute_alignment", "--as-of", "2026-03-16")
    assert Recompute.objects.first().as_of == DAY
