"""Every variable of spec/interfaces.md, Environment: what it sets, and the one line for a value that makes no sense."""

import runpy
import secrets
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config import devserver as embedded

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ROOT / "config" / "settings.py"
NAMES = (
    "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DATA_DIR", "DEBUG", "PORT", "ALLOWED_HOSTS", "SITE_URL", "TIME_ZONE",
    "EMAIL_URL", "DEFAULT_FROM_EMAIL", "REDIS_PREFIX", "DATABASE_POOLER", "TRUSTED_PROXIES", "LOG_FORMAT", "LOG_LEVEL",
    "DEMO",
)  # fmt: skip
SECRETS = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL")
SERVERS = {"DATABASE_URL": "postgres://u:p@db:5433/tl", "REDIS_URL": "redis://cache:6380/2", "SECRET_KEY": "k" * 50}

WRONG = [
    ("DEBUG", "maybe", "DEBUG is 'maybe'; expected 1 or 0"),
    ("TIME_ZONE", "Mars/Base", "TIME_ZONE is 'Mars/Base'; expected an IANA time zone such as Europe/Paris"),
    ("TIME_ZONE", "../../etc/passwd", "expected an IANA time zone"),
    ("PORT", "eighty", "PORT is 'eighty'; expected a number from 1 to 65535"),
    ("PORT", "65536", "expected a number from 1 to 65535"),
    ("SITE_URL", "throughline.example.com", "expected an address such as https://"),
    ("SITE_URL", "https://example.com/throughline", "without a path"),
    ("SITE_URL", "ftp://example.com", "without a path"),
    ("SITE_URL", "https://example.com:port", "without a path"),
    ("ALLOWED_HOSTS", "https://example.com", "expected host names separated by commas"),
    ("ALLOWED_HOSTS", "example.com:8000", "expected host names separated by commas"),
    ("ALLOWED_HOSTS", ",", "expected host names separated by commas"),
    ("DEFAULT_FROM_EMAIL", "Throughline", "expected an e-mail address such as"),
    ("DATA_DIR", str(SETTINGS), "expected the path of a folder"),
    ("REDIS_PREFIX", "a b", "expected up to 40 letters"),
    ("DATABASE_POOLER", "pgbouncer", "expected 1 or 0"),
    ("TRUSTED_PROXIES", "10.0.0.1", "TRUSTED_PROXIES is '10.0.0.1'; expected a number from 0 to 10"),
    ("TRUSTED_PROXIES", "-1", "expected a number from 0 to 10"),
    ("LOG_FORMAT", "xml", "LOG_FORMAT is 'xml'; expected json or text"),
    ("LOG_LEVEL", "loud", "LOG_LEVEL is 'loud'; expected debug, info, warning or error"),
    ("DEMO", "perhaps", "DEMO is 'perhaps'; expected 1 or 0"),
    ("DATABASE_URL", "mysql://u:hunter2@db/tl", "DATABASE_URL is malformed; expected an address such as postgres://"),
    ("DATABASE_URL", "u:hunter2@db/tl", "DATABASE_URL is malformed"),
    ("DATABASE_URL", "postgres://u:hunter2@db:port/tl", "DATABASE_URL is malformed"),
    ("DATABASE_URL", "postgres://u:hunter2@db", "DATABASE_URL is malformed"),
    ("DATABASE_URL", "postgres://u:hunter2@[db/tl", "DATABASE_URL is malformed"),
    ("REDIS_URL", "http://:hunter2@cache", "REDIS_URL is malformed; expected an address such as redis://"),
    ("REDIS_URL", "redis://", "REDIS_URL is malformed"),
    ("REDIS_URL", "redis://:hunter2@cache:port/0", "REDIS_URL is malformed"),
    ("REDIS_URL", "redis://cache/first", "REDIS_URL is malformed"),
    ("REDIS_URL", "unix://run/valkey.sock", "REDIS_URL is malformed"),
    ("EMAIL_URL", "mail.example.com", "EMAIL_URL is malformed; expected an address such as smtp+tls://"),
    ("EMAIL_URL", "smtp://", "EMAIL_URL is malformed"),
    ("EMAIL_URL", "smtp://u:hunter2@host:port", "EMAIL_URL is malformed"),
]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE", raising=False)  # browser tests in the same worker set it
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    return monkeypatch


def load(environment: pytest.MonkeyPatch, **variables: str) -> dict[str, Any]:
    for name, value in variables.items():
        environment.setenv(name, value)
    return runpy.run_path(str(SETTINGS))


def refusal(environment: pytest.MonkeyPatch, **variables: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        load(environment, **variables)
    assert isinstance(stopped.value.code, str)
    return stopped.value.code


@pytest.mark.parametrize(("name", "value", "said"), WRONG)
def test_wrong_value_stops_with_one_line(environment: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    line = refusal(environment, **{name: value})
    assert said in line
    assert "\n" not in line
    assert "hunter2" not in line


@pytest.mark.parametrize("name", SERVERS)
def test_without_the_wheels_a_missing_value_stops(environment: pytest.MonkeyPatch, name: str) -> None:
    environment.setattr(embedded, "installed", lambda: False)
    others = {other: value for other, value in SERVERS.items() if other != name}
    assert refusal(environment, **others).startswith(f"throughline: {name} is not set; expected ")


def test_a_real_database_needs_a_key_of_its_own(environment: pytest.MonkeyPatch) -> None:
    assert "SECRET_KEY is not set" in refusal(environment, DATABASE_URL=SERVERS["DATABASE_URL"])


def test_nothing_set_means_embedded(environment: pytest.MonkeyPatch, folder: Path) -> None:
    found = load(environment, DATA_DIR=str(folder / "data"))
    assert found["EMBEDDED_SERVERS"] == set(embedded.Server)
    assert found["DATABASES"]["default"]["HOST"] == str(folder / "data" / "run")
    assert found["REDIS_URL"] == f"unix://{folder}/data/run/valkey.sock"
    assert found["CELERY_BROKER_URL"] == f"redis+socket://{folder}/data/run/valkey.sock"
    assert found["EMAIL_FILE_PATH"] == str(folder / "data" / "mail")
    assert (found["SITE_URL"], found["DEBUG"], found["TIME_ZONE"]) == ("http://localhost:8000", False, "UTC")


def test_servers_of_the_environment_are_used(environment: pytest.MonkeyPatch) -> None:
    found = load(environment, **SERVERS)
    database = found["DATABASES"]["default"]
    assert not found["EMBEDDED_SERVERS"]
    assert [database[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == ["u", "p", "db", 5433, "tl"]
    assert found["CACHES"]["default"]["LOCATION"] == found["CELERY_BROKER_URL"] == "redis://cache:6380/2"
    assert found["SECRET_KEY"] == "k" * 50


def test_one_given_server_leaves_the_other_embedded(environment: pytest.MonkeyPatch) -> None:
    assert load(environment, REDIS_URL=SERVERS["REDIS_URL"])["EMBEDDED_SERVERS"] == {embedded.Server.POSTGRES}


@pytest.mark.parametrize("name", SECRETS)
def test_secret_comes_from_a_file(environment: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    values = {**SERVERS, "EMAIL_URL": "smtp+tls://u:p@mail:587"}
    (tmp_path / "secret").write_text(values.pop(name) + "\n")
    found = load(environment, **values, **{f"{name}_FILE": str(tmp_path / "secret")})
    assert found["SECRET_KEY"] == "k" * 50
    assert found["DATABASES"]["default"]["HOST"] == "db"
    assert found["REDIS_URL"] == "redis://cache:6380/2"
    assert found["EMAIL_HOST"] == "mail"


@pytest.mark.parametrize("name", SECRETS)
def test_secret_file_that_cannot_be_used_stops(environment: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    variable = f"{name}_FILE"
    assert f"readable text file with {name}" in refusal(environment, **{variable: str(tmp_path / "none")})
    (tmp_path / "empty").touch()
    assert f"a file with {name} in it" in refusal(environment, **{variable: str(tmp_path / "empty")})
    both = refusal(environment, **{name: "hunter2", variable: str(tmp_path / "empty")})
    assert both == f"throughline: {variable} is '{tmp_path}/empty'; expected it to be unset, because {name} is set"


def test_made_key_is_kept_and_private(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    key = load(environment)["SECRET_KEY"]
    assert len(key) > 50
    assert load(environment)["SECRET_KEY"] == key
    assert stat.S_IMODE((tmp_path / "data" / "secret_key").stat().st_mode) == 0o600


def test_data_dir_that_cannot_be_written_stops(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "cannot be used" in refusal(environment, DATA_DIR=str(tmp_path / "file" / "below"))


def test_https_trusts_the_proxy_and_http_does_not(environment: pytest.MonkeyPatch) -> None:
    found = load(environment, SITE_URL="https://tl.example.com/")
    assert found["SITE_URL"] == "https://tl.example.com"
    assert found["ALLOWED_HOSTS"][0] == "tl.example.com"
    assert found["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert found["SESSION_COOKIE_SECURE"]
    plain = load(environment, SITE_URL="http://tl.example.com")
    assert plain["SECURE_PROXY_SSL_HEADER"] is None
    assert not plain["SESSION_COOKIE_SECURE"]


def test_allowed_hosts_are_exactly_those_given(environment: pytest.MonkeyPatch) -> None:
    found = load(environment, ALLOWED_HOSTS="tl.example.com, .example.org,[::1]")
    assert found["ALLOWED_HOSTS"] == ["tl.example.com", ".example.org", "[::1]"]


@pytest.mark.parametrize(
    ("variables", "style", "level"),
    [
        ({}, "text", "warning"),
        (SERVERS, "json", "info"),
        ({**SERVERS, "DEBUG": "1"}, "text", "warning"),
        ({**SERVERS, "LOG_FORMAT": "Text", "LOG_LEVEL": "ERROR"}, "text", "error"),
        ({"LOG_FORMAT": "json"}, "json", "info"),
    ],
    ids=["embedded", "production", "debugging", "chosen", "chosen format"],
)
def test_log_is_json_in_production(
    environment: pytest.MonkeyPatch, variables: dict[str, str], style: str, level: str
) -> None:
    found = load(environment, **variables)
    assert (found["LOG_FORMAT"], found["LOG_LEVEL"]) == (style, level)


def test_queries_are_not_compiled_and_the_address_may_say_otherwise(environment: pytest.MonkeyPatch) -> None:
    assert load(environment, **SERVERS)["DATABASES"]["default"]["OPTIONS"] == {"options": "-c jit=off"}
    own = {**SERVERS, "DATABASE_URL": f"{SERVERS['DATABASE_URL']}?options=-c%20jit%3Don&connect_timeout=5"}
    assert load(environment, **own)["DATABASES"]["default"]["OPTIONS"] == {
        "options": "-c jit=on",
        "connect_timeout": 5,
    }


def test_a_pooler_gets_no_options_and_no_cursors(environment: pytest.MonkeyPatch) -> None:
    database = load(environment, **SERVERS, DATABASE_POOLER="1")["DATABASES"]["default"]
    assert (database["OPTIONS"], database["DISABLE_SERVER_SIDE_CURSORS"]) == ({}, True)
    assert load(environment, DATABASE_POOLER="0")["DATABASES"]["default"]["DISABLE_SERVER_SIDE_CURSORS"] is False


def test_no_proxy_is_trusted_unless_it_is_counted(environment: pytest.MonkeyPatch) -> None:
    assert load(environment)["ALLAUTH_TRUSTED_PROXY_COUNT"] == 0
    assert load(environment, TRUSTED_PROXIES="2")["ALLAUTH_TRUSTED_PROXY_COUNT"] == 2


def test_production_over_https_is_closed_on_every_side(environment: pytest.MonkeyPatch) -> None:
    found = load(environment, **SERVERS, SITE_URL="https://tl.example.com")
    closed = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_INCLUDE_SUBDOMAINS")
    assert [found[name] for name in (*closed, "SECURE_HSTS_PRELOAD")] == [True] * 5
    assert found["SECURE_HSTS_SECONDS"] == 31_536_000
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://tl.example.com"]
    assert found["ALLOWED_HOSTS"] == ["tl.example.com", "localhost", "127.0.0.1", "[::1]"]
    plain = load(environment, SITE_URL="http://tl.example.com")
    assert [plain[name] for name in (*closed, "SECURE_HSTS_PRELOAD", "SECURE_HSTS_SECONDS")] == [False] * 6
    for settings in (found, plain):
        assert (settings["SECURE_REFERRER_POLICY"], settings["X_FRAME_OPTIONS"]) == ("same-origin", "DENY")
        assert settings["DEBUG"] is False
        assert settings["WHITENOISE_ALLOW_ALL_ORIGINS"] is False


def test_sessions_last_a_month_and_links_to_choose_a_password_a_week(environment: pytest.MonkeyPatch) -> None:
    found = load(environment)
    assert found["SESSION_COOKIE_AGE"] == 1_209_600
    assert found["PASSWORD_RESET_TIMEOUT"] == 604_800
    assert [each["NAME"].rpartition(".")[2] for each in found["AUTH_PASSWORD_VALIDATORS"]] == [
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    ]


def test_everything_in_redis_begins_with_the_prefix(environment: pytest.MonkeyPatch) -> None:
    found = load(environment, REDIS_PREFIX="ours")
    assert found["CACHES"]["default"]["KEY_PREFIX"] == "ours"
    assert found["CELERY_BROKER_TRANSPORT_OPTIONS"]["global_keyprefix"] == "ours."
    assert set(found["CELERY_TASK_QUEUES"]) == {"ours.default", "ours.digests"}
    assert found["CELERY_TASK_DEFAULT_QUEUE"] == "ours.default"
    assert found["CELERY_TASK_ROUTES"] == {
        "digest.build_digests": {"queue": "ours.digests"},
        "digest.send_digests": {"queue": "ours.digests"},
        "digest.send_turn_mails": {"queue": "ours.digests"},
        "accounts.send_invitations": {"queue": "ours.digests"},
    }


def test_what_a_killed_worker_had_comes_back_and_nothing_waits_for_redis(environment: pytest.MonkeyPatch) -> None:
    found = load(environment)
    assert (found["CELERY_TASK_ACKS_LATE"], found["CELERY_TASK_REJECT_ON_WORKER_LOST"]) == (True, True)
    assert found["CELERY_TASK_PUBLISH_RETRY"] is False
    assert found["CELERY_BROKER_CONNECTION_MAX_RETRIES"] is None
    visible = found["CELERY_BROKER_TRANSPORT_OPTIONS"]["visibility_timeout"]
    assert found["CELERY_TASK_SOFT_TIME_LIMIT"] < found["CELERY_TASK_TIME_LIMIT"] < visible
    assert found["CACHES"]["default"]["OPTIONS"] == {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}


def test_sweeps_come_every_minute_and_expire(environment: pytest.MonkeyPatch) -> None:
    beat = load(environment)["CELERY_BEAT_SCHEDULE"].values()
    assert {entry["task"]: entry["schedule"] for entry in beat if isinstance(entry["schedule"], float)} == {
        "config.note_worker": 60.0,
        "alignment.refresh_waiting": 60.0,
        "alignment.recompute_when_stale": 60.0,
        "digest.send_due_digests": 60.0,
        "digest.send_due_turn_mails": 60.0,
        "accounts.send_resets": 60.0,
        "accounts.send_invitations": 60.0,
        "accounts.send_address_notices": 60.0,
    }
    (nightly,) = [entry for entry in beat if not isinstance(entry["schedule"], float)]
    assert (nightly["task"], nightly["schedule"].hour, nightly["schedule"].minute) == (
        "accounts.clear_expired_sessions",
        {3},
        {40},
    )
    assert {entry["options"]["expires"] for entry in beat} == {900}


def test_database_is_asked_anew_whether_it_is_there(environment: pytest.MonkeyPatch) -> None:
    database = load(environment, **SERVERS)["DATABASES"]["default"]
    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"], database["ATOMIC_REQUESTS"]) == (60, True, False)


def test_port_is_where_the_demo_is_reached(environment: pytest.MonkeyPatch) -> None:
    assert load(environment, PORT="9000")["SITE_URL"] == "http://localhost:9000"


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        (SERVERS, "DEMO is '1'; expected it to be unset, because DATABASE_URL is set"),
        ({"SITE_URL": "https://tl.example.com"}, "expected an address of this machine such as http://localhost:8000"),
        ({"SITE_URL": "http://192.168.0.7:8000"}, "SITE_URL is 'http://192.168.0.7:8000'; expected an address of this"),
        ({"ALLOWED_HOSTS": "localhost,tl.example.com"}, "expected names of this machine alone"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS is '*'; expected names of this machine alone"),
    ],
)
def test_demo_is_for_this_machine_and_its_own_database(
    environment: pytest.MonkeyPatch, variables: dict[str, str], said: str
) -> None:
    line = refusal(environment, DEMO="1", **variables)
    assert said in line
    assert "\n" not in line
    assert "u:p@db" not in line


def test_demo_adds_what_is_its_own(environment: pytest.MonkeyPatch) -> None:
    ordinary, shown = load(environment), load(environment, DEMO="1", SITE_URL="http://127.0.0.1:9000")
    assert (ordinary["DEMO"], shown["DEMO"]) == (False, True)
    assert set(shown["INSTALLED_APPS"]) - set(ordinary["INSTALLED_APPS"]) == {"demo"}
    assert shown["MIDDLEWARE"][:2] == ["config.middleware.Private", "demo.middleware.OnlyFromHere"]
    assert (ordinary["ROOT_URLCONF"], shown["ROOT_URLCONF"]) == ("config.urls", "config.urls_demo")
    assert not any("demo" in str(ordinary[name]) for name in ("MIDDLEWARE", "TEMPLATES", "INSTALLED_APPS"))


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://h", 25, False, False),
        ("smtp+tls://h", 587, True, False),
        ("smtp+ssl://h", 465, False, True),
        ("smtp://h:2525", 2525, False, False),
    ],
)
def test_mail_goes_to_the_given_server(
    environment: pytest.MonkeyPatch, url: str, port: int, tls: bool, ssl: bool
) -> None:
    found = load(environment, EMAIL_URL=url)
    assert found["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (
        "h",
        port,
        tls,
        ssl,
    )


def test_broker_keeps_the_number_of_a_socket_database() -> None:
    assert embedded.broker_url("unix:///run/valkey.sock?db=3") == "redis+socket:///run/valkey.sock?virtual_host=3"


@pytest.mark.slow
def test_production_has_nothing_to_be_warned_of(environment: pytest.MonkeyPatch) -> None:
    variables = {**SERVERS, "SECRET_KEY": secrets.token_urlsafe(50), "SITE_URL": "https://tl.example.com"}
    for name, value in {**variables, "EMAIL_URL": "smtp+tls://u:p@mail:587"}.items():
        environment.setenv(name, value)
    environment.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.slow
def test_loading_django_starts_nothing(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    subprocess.run([sys.executable, "-c", "import django; django.setup(); import config.wsgi"], cwd=ROOT, check=True)
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret_key"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [["manage.py", "check"], ["-m", "celery", "-A", "config", "worker"], ["-m", "celery", "-A", "config", "beat"]],
    ids=["manage.py", "worker", "scheduler"],
)
def test_wrong_value_ends_a_program_without_traceback(environment: pytest.MonkeyPatch, command: list[str]) -> None:
    environment.delenv("DJANGO_SETTINGS_MODULE")
    environment.setenv("DEBUG", "maybe")
    ended = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr == "throughline: DEBUG is 'maybe'; expected 1 or 0\n"


@pytest.mark.slow
def test_wrong_value_ends_the_web_server_without_traceback(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DEBUG", "maybe")
    environment.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    command = [sys.executable, "-m", "config.webserver", "--port", "0"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert ended.stdout + ended.stderr == (
        "throughline: DEBUG is 'maybe'; expected 1 or 0\n"
        "throughline: the web server ended by itself (exit code 1), so the web server stops\n"
    )
