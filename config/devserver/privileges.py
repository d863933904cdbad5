"""PostgreSQL refuses to run as root, or as a user without a name; here is as whom it runs when we are one of these."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from config.devserver.errors import EmbeddedError

ACCOUNTS = ("postgres", "nobody")  # who may run it in our place, in this order
TIMEOUT = 120  # seconds, for any one of PostgreSQL's own programs


@dataclass(frozen=True)
class Runner:
    """Runs PostgreSQL's programs: behind `prefix`, as `uid`/`gid`, or (neither) as ourselves."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """The shell's locale and its settings for other databases are kept from the program.

        Raises CalledProcessError with what the program said.
        """
        return subprocess.run(
            [*self.prefix, *map(str, command)],
            check=True,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            stdin=subprocess.DEVNULL,
            cwd="/",
            env=_clean_environment(),
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
        )

    def give(self, folder: Path) -> None:
        """Makes `folder` belong to whoever runs PostgreSQL. In a user namespace root's files are its own."""
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)


def choose_runner(*used: Path) -> Runner:
    """As ourselves where that is possible, else in a user namespace, else (root) as an account that can reach `used`.

    Raises EmbeddedError where there is no way.
    """
    if _is_ordinary(os.geteuid()):
        return Runner()
    account = next(iter(_accounts()), None)
    if account and _has_user_namespaces(account):
        return Runner(prefix=_namespace(account))
    if os.geteuid() != 0:
        raise EmbeddedError(f"PostgreSQL needs a user with a name, and {os.geteuid()} has none; set DATABASE_URL")
    if account is None:
        raise EmbeddedError("PostgreSQL does not run as root; work as an ordinary user, or set DATABASE_URL")
    closed = next((path for path in used if not _open_to_others(path)), None)
    if closed is not None:
        raise EmbeddedError(
            f"PostgreSQL does not run as root, and the user {account.pw_name} cannot enter {closed}; "
            "work as an ordinary user, move the checkout or DATA_DIR out of a private folder, or set DATABASE_URL"
        )
    return Runner(uid=account.pw_uid, gid=account.pw_gid)


def possible_owners() -> set[int]:
    """To whom a folder of ours can belong: to us, and where we are root to whoever ran PostgreSQL for us."""
    return {os.geteuid(), *(account.pw_uid for account in _accounts() if os.geteuid() == 0)}


def _is_ordinary(uid: int) -> bool:
    """initdb asks for the user's name, and containers are often given a bare number."""
    if uid == 0:
        return False
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _namespace(account: pwd.struct_passwd) -> tuple[str, ...]:
    """In it we are called like the account, while files stay ours; a folder that only we can enter is no obstacle."""
    return ("unshare", "--user", f"--map-user={account.pw_uid}", f"--map-group={account.pw_gid}", "--")


def _has_user_namespaces(account: pwd.struct_passwd) -> bool:
    if not shutil.which("unshare"):
        return False
    return (
        subprocess.run([*_namespace(account), "true"], capture_output=True, check=False, timeout=TIMEOUT).returncode
        == 0
    )


def _accounts() -> list[pwd.struct_passwd]:
    found = []
    for name in ACCOUNTS:
        with contextlib.suppress(KeyError):
            found.append(pwd.getpwnam(name))
    return found


def _open_to_others(path: Path) -> bool:
    folders: Iterable[Path] = (path, *path.parents)
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in folders)


def _clean_environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}
