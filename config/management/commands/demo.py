"""`make demo`: runs everything on this machine, in the foreground, until Ctrl-C; what ends is started again."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from config import devserver as embedded
from config.static import collect_static
from config.supervisor import STOP_SIGNALS, Supervisor
from config.webserver.front import WebServer
from demo.building import bring_in_company
from demo.cast import ABOUT, CAST, COMPANY
from demo.moving import demo_company
from lib.programs.commands import bring_up_to_date, is_behind, refuse_other_version
from lib.services.dates import now
from teams.models import Team

HOST = "127.0.0.1"
READY_SECONDS, LOOK_EVERY = 60.0, 1.0
THREADS = 4
PASSED_ON = ("DATA_DIR", "PORT", "SITE_URL")  # also needed in a second terminal


class Command(BaseCommand):
    help = "Runs the web server, the worker and the scheduler with embedded PostgreSQL and Valkey, until Ctrl-C."
    requires_system_checks: list[str] = []  # `make lint` runs them; here they would first load every page

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        try:
            web = WebServer(HOST, settings.PORT, processes=1, threads=THREADS)
        except OSError as error:
            taken = f"port {settings.PORT} on {HOST} is taken; choose another: PORT={settings.PORT + 1} make demo"
            raise CommandError(taken) from error
        for number in STOP_SIGNALS:
            signal.signal(number, signal.default_int_handler)
        try:
            with embedded.start(settings.DATA_DIR, settings.EMBEDDED_SERVERS) as lease:
                self._prepare()
                reason = self._supervise(web, lease)
        except embedded.EmbeddedError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            reason = None
        finally:
            web.close()
        if reason:
            raise CommandError(f"{reason}, so everything was stopped")
        self.stdout.write("Stopped.")

    def _prepare(self) -> None:
        self.stdout.write("Preparing the database and the static files …")
        Path(settings.EMAIL_FILE_PATH).mkdir(parents=True, exist_ok=True, mode=0o700)
        refuse_other_version()
        if is_behind():  # much cheaper than a migrate that does nothing
            bring_up_to_date()
        collect_static()
        if settings.DEMO:
            bring_in_company(at=now(), told=self._say)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _supervise(self, web: WebServer, lease: embedded.Lease) -> str | None:
        """Returns None on a request to stop, or why it gave up."""
        supervisor = Supervisor(settings.BASE_DIR, changed=web.changed, told=self._say)
        supervisor.listen()
        try:
            web.start(supervisor)
            ended = supervisor.wait_until(
                lambda: supervisor.is_ready(web.names), every=LOOK_EVERY, seconds=READY_SECONDS
            )
            if ended:
                return str(ended)
            for name, command in others().items():  # they would slow down the first page
                supervisor.run(name, command)
            self._announce()
            with embedded.kept_running(lease, told=self._say, failed=supervisor.fail):
                return supervisor.wait()
        finally:
            supervisor.stop()

    def _announce(self) -> None:
        lines = [
            "",
            f"Throughline is at {settings.SITE_URL}",
            *_people(),
            *_next_steps(),
            f"Mails are kept in {settings.EMAIL_FILE_PATH}",
            "Ctrl-C stops everything.",
        ]
        connection.close()
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def others() -> dict[str, list[str]]:
    """The commands of all programs but the web server."""
    celery = [
        sys.executable,
        "-W",
        "ignore:You're running the worker with superuser",
        "-m",
        "celery",
        "--quiet",
        "--app",
        "config",
    ]
    return {
        "worker": [
            *celery,
            "worker",
            "--concurrency",
            "2",
            "--loglevel",
            "WARNING",
            "--without-mingle",
            "--without-gossip",
        ],
        "scheduler": [*celery, "beat", "--schedule", str(settings.DATA_DIR / "beat"), "--loglevel", "WARNING"],
    }


def _people() -> list[str]:
    """The demo's accounts, for the sign-in page; none where the company is not the demo's."""
    if demo_company() is None:
        return []
    width = max(len(part.email) for part in CAST)
    who = [f"  {part.email:{width}}  {part.name}, {part.job}" for part in CAST]
    return ["", f"Its company is {COMPANY}, {ABOUT}. On the sign-in page, step in as", *who, ""]


def _next_steps() -> list[str]:
    """The commands for a second terminal, relative to the folder where this one was started."""
    manage = _manage_command()
    steps = [f"  {manage} create_admin EMAIL     makes an administrator and prints a link to sign in with"]
    if Team.objects.exists():
        return ["In a second terminal:", *steps]
    steps.insert(0, f"  {manage} import_company PATH    reads a company from a folder or a zip of CSV files")
    return ["There is no company in it yet. In a second terminal:", *steps]


def _manage_command() -> str:
    python = _from_here(Path(sys.executable))
    told = [f"{name}={os.environ[name]}" for name in PASSED_ON if os.environ.get(name)]
    return shlex.join(
        [
            *told,
            f"./{python}" if not python.is_absolute() else str(python),
            str(_from_here(settings.BASE_DIR / "manage.py")),
        ]
    )


def _from_here(path: Path) -> Path:
    """Relative where it is below the current folder."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
