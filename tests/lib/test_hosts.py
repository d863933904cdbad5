import pytest

from lib.http.hosts import is_loopback


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "tl.localhost",
        "127.0.0.1",
        "127.8.0.1",
        "::1",
        "[::1]",
        "::ffff:127.0.0.1",
    ],
)
def test_loopback_is_of_this_machine(host):
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "*",
        "example.com",
        "localhost.example.com",
        "notlocalhost",
        "192.168.0.7",
        "0.0.0.0",  # noqa: S104 -- nothing is bound to it
        "::",
        "::ffff:10.0.0.1",
        "128.0.0.1",
    ],
)
def test_others_are_not(host):
    assert not is_loopback(host)
