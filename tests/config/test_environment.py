"""Typed reading of variables, one kind at a time: what is taken at its edges, and the line for what is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from config import environment

NAME = "THROUGHLINE_TEST"


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], None]:
    def give(value: str | None) -> None:
        monkeypatch.delenv(NAME, raising=False)
        if value is not None:
            monkeypatch.setenv(NAME, value)

    return give


def flag(name: str) -> bool:
    return environment.boolean(name, default=True)


def number(name: str) -> int:
    return environment.number(name, 5, 1, 10)


def word(name: str) -> str:
    return environment.choice(name, "info", ("debug", "info", "error"))


def site(name: str) -> str:
    return environment.site(name, "http://localhost:8000")


def hosts(name: str) -> list[str]:
    return environment.host_names(name, ["localhost"])


def prefix(name: str) -> str:
    return environment.prefix(name, "throughline")


def sender(name: str) -> str:
    return environment.sender(name, "us@localhost")


def zone(name: str) -> str:
    return environment.time_zone(name, "UTC")


Kind = Callable[[str], Any]
TAKEN: list[tuple[Kind, str | None, Any]] = [
    *((flag, value, True) for value in ("1", "true", "YES", "On", None, "", "  ")),
    *((flag, value, False) for value in ("0", "False", "no", "OFF", " 0 ")),
    *((number, value, found) for value, found in (("1", 1), ("10", 10), (" 7 ", 7), (None, 5), ("", 5))),
    *((word, value, found) for value, found in (("DEBUG", "debug"), ("error", "error"), (None, "info"))),
    (site, None, "http://localhost:8000"),
    (site, "https://tl.example.com/", "https://tl.example.com"),
    (site, "http://10.0.0.1:8080", "http://10.0.0.1:8080"),
    (site, "https://[::1]:8443", "https://[::1]:8443"),
    (hosts, None, ["localhost"]),
    (hosts, " a.example, .b.example ,,[::1],*", ["a.example", ".b.example", "[::1]", "*"]),
    (hosts, "10.0.0.1,a_b.", ["10.0.0.1", "a_b."]),
    (prefix, None, "throughline"),
    (prefix, "a" * 40, "a" * 40),
    (prefix, "A.b-c_9", "A.b-c_9"),
    (sender, None, "us@localhost"),
    (sender, "a@b", "a@b"),
    (sender, "Throughline <tl@example.com>", "Throughline <tl@example.com>"),
    (zone, None, "UTC"),
    (zone, "Europe/Berlin", "Europe/Berlin"),
]  # fmt: skip
REFUSED: list[tuple[Kind, str, str]] = [
    *((flag, value, "1 or 0") for value in ("2", "y", "truee")),
    *((number, value, "a number from 1 to 10") for value in ("0", "11", "-1", "1.5", "one")),
    *((word, value, "debug, info or error") for value in ("warn", "deb")),
    *((site, value, "without a path") for value in (
        "https://", "https://a/b", "https://a?b", "https://a#b", "https://u@a", "https://a:0", "https://a:99999", "a",
        "//a", "ftp://a", "https://[a",
    )),
    *((hosts, value, "host names separated by commas") for value in ("a b", "a,b/c", "a:80", ",", "http://a", "[g]")),
    (hosts, "-a..b", "host names separated by commas"),
    *((prefix, value, "up to 40 letters") for value in ("a" * 41, "a b", "a/b", "\u00e9")),
    *((sender, value, "an e-mail address") for value in ("a", "@b", "a@", "Name <a>", "a@b\nBcc: c@d")),
    *((zone, value, "an IANA time zone") for value in ("Mars/Base", "europe/berlin", "/etc/passwd")),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "found"), TAKEN, ids=lambda value: getattr(value, "__name__", repr(value)))
def test_value_is_read(given, kind: Kind, value: str | None, found: Any) -> None:
    given(value)
    assert kind(NAME) == found


@pytest.mark.parametrize(("kind", "value", "said"), REFUSED, ids=lambda value: getattr(value, "__name__", repr(value)))
def test_value_that_makes_no_sense_is_shown_with_what_is_expected(given, kind: Kind, value: str, said: str) -> None:
    given(value)
    with pytest.raises(SystemExit) as stopped:
        kind(NAME)
    line = str(stopped.value.code)
    assert line.startswith(f"throughline: {NAME} is {value!r}; expected ")
    assert said in line


def test_folder_need_not_be_there_and_is_absolute(given, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    for value, found in ((None, tmp_path / "here"), ("not/there", tmp_path / "not" / "there"), (".", tmp_path)):
        given(value)
        assert environment.folder(NAME, tmp_path / "here") == found
    given("file")
    with pytest.raises(SystemExit, match="expected the path of a folder"):
        environment.folder(NAME, tmp_path)


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"])
def test_secret_is_never_shown_and_its_file_may_hold_blanks_around_it(name: str, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.delenv(name, raising=False)
    (tmp_path / "secret").write_text("\n hunter2 \n")
    monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "secret"))
    assert environment.text(name) == "hunter2"

    def wrong(_raw: str) -> None:
        raise ValueError

    with pytest.raises(SystemExit) as stopped:
        environment.parsed(name, wrong, "something else")
    assert stopped.value.code == f"throughline: {name} is malformed; expected something else"


def test_secret_file_that_is_no_text_or_blank_stops(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "secret"))
    (tmp_path / "secret").write_bytes(b"\xff\xfe")
    with pytest.raises(SystemExit, match="expected a readable text file with SECRET_KEY in it"):
        environment.text("SECRET_KEY")
    (tmp_path / "secret").write_text(" \n")
    with pytest.raises(SystemExit, match="expected a file with SECRET_KEY in it"):
        environment.text("SECRET_KEY")


def test_what_is_no_secret_has_no_file(given, monkeypatch, tmp_path: Path) -> None:
    given(None)
    (tmp_path / "value").write_text("7")
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "value"))
    assert number(NAME) == 5


@pytest.mark.parametrize(
    ("url", "host", "port", "name"),
    [
        ("postgres://u:p%40@db:5433/tl", "db", 5433, "tl"),
        ("postgresql://u@/tl?host=/run/pg", "/run/pg", "", "tl"),
    ],
)
def test_database_is_named_by_its_address(url: str, host: str, port: object, name: str) -> None:
    found = environment.database(url)
    assert (found["HOST"], found["PORT"] or "", found["NAME"], found["USER"]) == (host, port, name, "u")
    assert "host" not in found.get("OPTIONS", {})


@pytest.mark.parametrize("url", ["mysql://u@db/tl", "postgres://u@db", "postgres://u@db/", "postgres://u@db/a/b"])
def test_address_without_one_database_is_refused(url: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- what is said of it is the variable's to say
        environment.database(url)


REDIS = ["redis://h", "redis://h:1/0", "rediss://u:p@h/15", "unix:///run/v.sock", "unix:///run/v.sock?db=3"]
NO_REDIS = ["redis://", "redis://h:0", "redis://h/a", "redis:///0", "unix://h/run", "unix://", "unix:///", "http://h"]


def redis(monkeypatch: pytest.MonkeyPatch, url: str) -> str | None:
    monkeypatch.delenv("REDIS_URL_FILE", raising=False)
    monkeypatch.setenv("REDIS_URL", url)
    return environment.redis_url("REDIS_URL")


@pytest.mark.parametrize("url", REDIS)
def test_redis_is_named_by_its_address(monkeypatch, url: str) -> None:
    assert redis(monkeypatch, url) == url


@pytest.mark.parametrize("url", NO_REDIS)
def test_address_of_no_redis_is_refused(monkeypatch, url: str) -> None:
    with pytest.raises(SystemExit, match="REDIS_URL is malformed"):
        redis(monkeypatch, url)


MAIL = [
    ("", "filebased", None, 25, False, False),
    ("smtp://u:p%40@h", "smtp", "h", 25, False, False),
    ("smtps://h", "smtp", "h", 587, True, False),
    ("smtp+tls://h:25", "smtp", "h", 25, True, False),
    ("smtp+ssl://h", "smtp", "h", 465, False, True),
    ("consolemail://", "console", None, 25, False, False),
    ("dummymail://", "dummy", None, 25, False, False),
    ("memorymail://", "locmem", None, 25, False, False),
]


def mail(monkeypatch: pytest.MonkeyPatch, url: str) -> dict[str, Any]:
    monkeypatch.delenv("EMAIL_URL_FILE", raising=False)
    monkeypatch.setenv("EMAIL_URL", url)
    return environment.mail("EMAIL_URL", Path("/kept"))


@pytest.mark.parametrize(("url", "backend", "host", "port", "tls", "ssl"), MAIL)
def test_mail_is_sent_or_kept_as_its_address_says(monkeypatch, url, backend, host, port, tls, ssl) -> None:
    found = mail(monkeypatch, url)
    assert found["EMAIL_BACKEND"] == f"django.core.mail.backends.{backend}.EmailBackend"
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == (host or "localhost", port)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (tls, ssl)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == (("u", "p@") if "u:p" in url else ("", ""))
    assert found["EMAIL_FILE_PATH"] == "/kept"


def test_mail_may_be_kept_in_another_folder(monkeypatch) -> None:
    assert mail(monkeypatch, "filemail:///var/mail/tl")["EMAIL_FILE_PATH"] == "/var/mail/tl"


@pytest.mark.parametrize("url", ["smtp://", "smtp://h:0", "smtp://h:p", "http://h", "mail.example.com"])
def test_address_of_no_mail_server_is_refused(monkeypatch, url: str) -> None:
    with pytest.raises(SystemExit, match="EMAIL_URL is malformed"):
        mail(monkeypatch, url)
