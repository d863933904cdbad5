"""Backup and restore as docs/operations.md says: the company that comes back is the same to the byte."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config import devserver as embedded
from config.devserver.binaries import postgres_programs
from tests.config import servers
from tests.config.test_manage import own_environment

pytestmark = pytest.mark.slow

OPERATIONS = (servers.ROOT / "docs" / "operations.md").read_text()


def options_of(program: str) -> list[str]:
    """As the guide gives them; one place only, so that what is tested is what is told."""
    (found,) = set(re.findall(rf"\b{program} ((?:--[\w=-]+ )+)", OPERATIONS))
    return found.split()


def run(program: str, *arguments: str | Path) -> str:
    """One of PostgreSQL's own."""
    programs = postgres_programs()
    assert programs is not None
    done = subprocess.run([programs / program, *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def manage(folder: Path, url: str, *arguments: str | Path) -> None:
    environment = own_environment(folder) | {"DATABASE_URL": url, "SECRET_KEY": "only for this test"}
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=servers.ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def content_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_what_is_restored_is_what_was_backed_up(folder: Path, tmp_path: Path) -> None:
    first = embedded.database_url(folder)
    second = first.replace("/throughline?", "/restored?")
    dump, before, after = folder / "throughline.dump", tmp_path / "before", tmp_path / "after"
    with servers.holder(folder):
        manage(folder, first, "migrate", "--verbosity", "0")
        manage(folder, first, "generate_company", tmp_path / "company", "--teams=8", "--initiatives=60", "--goals=20")
        manage(folder, first, "import_company", tmp_path / "company")
        manage(folder, first, "export_company", before)

        run("pg_dump", *options_of("pg_dump"), f"--file={dump}", f"--dbname={first}")
        run("psql", f"--dbname={first}", "--command=CREATE DATABASE restored")
        run("pg_restore", *options_of("pg_restore"), f"--dbname={second}", dump)

        manage(folder, second, "migrate", "--check")
        manage(folder, second, "export_company", after)
        assert content_of(before) == content_of(after)
        assert len(content_of(after)) > 5
        assert figures(first) == figures(second)
        assert refusal(second) == "pgtrigger: Cannot update or delete rows from teams_logentry table"


def figures(url: str) -> str:
    """What is stored and is in no bundle."""
    tables = (
        "alignment_initiativefigures",
        "alignment_goalfigures",
        "alignment_flag",
        "teams_logentry",
        "teams_logref",
    )
    query = " UNION ALL ".join(
        f"SELECT '{table}', md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table} t" for table in tables
    )
    return run("psql", f"--dbname={url}", "--tuples-only", f"--command={query}")


def refusal(url: str) -> str:
    """What the database says to somebody who would rewrite the log: triggers are back as well."""
    programs = postgres_programs()
    assert programs is not None
    command = [str(programs / "psql"), f"--dbname={url}", "--command=DELETE FROM teams_logentry"]
    said = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"}
    ).stderr
    return said.splitlines()[0].removeprefix("ERROR:  ")
