"""`python -m config.webserver --processes 2 --threads 4`: serves pages until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from config.supervisor import STOP_SIGNALS, Supervisor
from config.webserver.front import WebServer

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS, LOOK_EVERY = 120.0, 1.0


def main() -> None:
    given = _arguments()
    for number in STOP_SIGNALS:
        signal.signal(number, signal.default_int_handler)
    try:
        web = WebServer(given.host, given.port, processes=given.processes, threads=given.threads)
    except OSError as error:
        raise SystemExit(f"throughline: {given.host}:{given.port} cannot be listened on: {error}") from error
    supervisor = Supervisor(ROOT, changed=web.changed, told=lambda line: print(line, file=sys.stderr, flush=True))
    supervisor.listen()
    try:
        web.start(supervisor)
        ended = supervisor.wait_until(lambda: supervisor.is_ready(web.names), every=LOOK_EVERY, seconds=READY_SECONDS)
        reason = str(ended) if ended else supervisor.wait()
    except KeyboardInterrupt:
        reason = None
    finally:
        supervisor.stop()
        web.close()
    if reason:
        raise SystemExit(f"throughline: {reason}, so the web server stops")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m config.webserver", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--processes", type=int, default=1, help="one for each core that pages may have")
    parser.add_argument("--threads", type=int, default=4, help="requests at once in each process")
    return parser.parse_args()


if __name__ == "__main__":
    main()
