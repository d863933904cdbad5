"""Chooses the user that runs PostgreSQL, which refuses to run as root or as a user without a name."""

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

ACCOUNTS = ("postgres", "nobody")  # alternative users, in order of preference
TIMEOUT = 120  # seconds, for any one of PostgreSQL's own programs


@dataclass(frozen=True)
class Runner:
    """Runs PostgreSQL's programs: behind `prefix`, as `uid`/`gid`, or (neither) as the current user."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Does not pass the shell's locale and PG* settings to the program.

        Raises CalledProcessError with the program's output.
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
        """Makes PostgreSQL's user the owner of `folder`. In a user namespace it is the owner already."""
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)


def choose_runner(*used: Path) -> Runner:
    """The current user where possible, else a user namespace, else (as root) an account that can access `used`.

    Raises EmbeddedError where none works.
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
    """The possible owners of a folder made here: the current user and, as root, any account that ran PostgreSQL."""
    return {os.geteuid(), *(account.pw_uid for account in _accounts() if os.geteuid() == 0)}


def _is_ordinary(uid: int) -> bool:
    """Neither root nor a user without a name (common in containers): initdb needs one."""
    if uid == 0:
        return False
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _namespace(account: pwd.struct_passwd) -> tuple[str, ...]:
    """The current user gets the account's name there but still owns the files, so private folders are accessible."""
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
