"""The demo as `make demo` runs it: its second start, and its first pages in a real browser."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median
from typing import Any

from tools.bench.company import LOG_LINES, OF_THE_SHELL, ROOT, BenchError
from tools.bench.report import Row
from tools.browser import chromium

HOST = "127.0.0.1"
SIGN_IN = "/accounts/login/"
STARTS, ROUNDS = 3, 9
"""Other load can only slow things down: the fastest of STARTS starts counts, and the median of ROUNDS paints, each next
to one of the page as a static file.
"""
LIMITS = {"kb": 150.0, "shift": 0.0, "beside_static": 2.0}
START_LIMIT = {"seconds": 4.0}
FIRST_START, LOOK_EVERY = 300.0, 0.02
"""Seconds. The first start creates the company."""
PAINT_WAITS, PAINT_WAIT_MS = 100, 50
DOORS = {"home": ("leader", ""), "team": ("lead", "answer"), "initiative": ("member", "line")}
"""The role that opens each page, and the guided path's step that leads to it ('' for the page after sign-in)."""
WATCH = """
    window.shift = 0;
    new PerformanceObserver(list => {
        for (const each of list.getEntries()) window.shift += each.value;
    }).observe({type: "layout-shift", buffered: true});
"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


@dataclass(frozen=True)
class Opened:
    """A page opened with an empty cache: bytes transferred, layout shift, and time of the first paint."""

    size: int
    shift: float
    paint_ms: float


def measured(folder: Path, *, starts: int = STARTS, rounds: int = ROUNDS) -> list[Row]:
    """A row for each page and one for the second start; without Chromium a note replaces the pages."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    demo = Demo(folder)
    with demo.running(within=FIRST_START):
        pages = _addresses(demo) if chromium() else {}
        for name, (path, cookies) in pages.items():
            demo.keep_as_file(name, path, cookies)
    seconds = []
    for start in range(starts):
        with demo.running() as took:
            seconds.append(took)
            if start == starts - 1:
                rows = [_page(demo, name, path, cookies, rounds) for name, (path, cookies) in pages.items()]
    if not pages:
        rows = [Row("first", "first pages", note="not run: there is no chromium on this machine")]
    return [*rows, Row("first", "second start to the first page", {"seconds": min(seconds)}, START_LIMIT)]


class Demo:
    """`manage.py demo` with its own servers and company."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as taken:
            taken.bind((HOST, 0))
            self._port = int(taken.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://localhost:{self._port}"

    @contextlib.contextmanager
    def running(self, within: float = 60.0) -> Iterator[float]:
        """Yields the seconds from the command to the first complete page."""
        own = {"DATA_DIR": str(self._folder / "data"), "PORT": str(self._port)}
        environment = {name: os.environ[name] for name in OF_THE_SHELL if name in os.environ} | own
        log = self._folder / "log"
        began = time.perf_counter()
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "demo"], cwd=ROOT, env=environment, stdout=output, stderr=output
            )
        try:
            while not self._answers():
                if process.poll() is not None or time.perf_counter() - began > within:
                    last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:]
                    raise BenchError("\n".join(["the demo did not start", *last]))
                time.sleep(LOOK_EVERY)
            yield time.perf_counter() - began
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)

    def keep_as_file(self, name: str, path: str, cookies: list[dict[str, Any]]) -> None:
        """Saves a page as a static file, which the server finds at its next start."""
        request = HTTPConnection(HOST, self._port, timeout=60)
        sent = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in cookies)
        request.request("GET", path, headers={"Host": f"localhost:{self._port}", "Cookie": sent})
        answer = request.getresponse()
        if answer.status != HTTPStatus.OK:
            raise BenchError(f"{path} answered {answer.status}")
        (self._folder / "data" / "static" / file_name(name)).write_bytes(answer.read())
        request.close()

    def _answers(self) -> bool:
        request = HTTPConnection(HOST, self._port, timeout=60)
        try:
            request.request("GET", SIGN_IN, headers={"Host": f"localhost:{self._port}"})
            answer = request.getresponse()
            answer.read()
        except (OSError, HTTPException):
            return False
        finally:
            request.close()
        return answer.status == HTTPStatus.OK


def file_name(page: str) -> str:
    return f"bench-{page}.html"


@contextlib.contextmanager
def _browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        yield browser
        browser.close()


def _addresses(demo: Demo) -> dict[str, tuple[str, list[dict[str, Any]]]]:
    """The path of each page and the cookies that open it, found by signing in and following the guided path."""
    found: dict[str, tuple[str, list[dict[str, Any]]]] = {"sign-in": (SIGN_IN, [])}
    with _browser() as browser:
        for name, (role, step) in DOORS.items():
            context = browser.new_context()
            page = context.new_page()
            page.goto(demo.url + SIGN_IN)
            page.locator(f'form[action="/demo/personas/{role}/"] button').first.click()
            if step:
                page.goto(f"{demo.url}/demo/")
                page.locator(f"#{step} .path__go").click()
            page.wait_for_load_state()
            found[name] = (page.url.removeprefix(demo.url), context.cookies())
            context.close()
    return found


def _page(demo: Demo, name: str, path: str, cookies: list[dict[str, Any]], rounds: int) -> Row:
    """Opens the page in a new context each time, with an empty cache."""
    pages, files = [], []
    with _browser() as browser:
        for _round in range(rounds):
            pages.append(_opened(browser, demo.url + path, cookies))
            files.append(_opened(browser, f"{demo.url}/static/{file_name(name)}", []))
    figures = {
        "kb": max(each.size for each in pages) / 1000,
        "shift": max(each.shift for each in pages),
        "paint_ms": median(each.paint_ms for each in pages),
        "beside_static": median(each.paint_ms for each in pages) / median(each.paint_ms for each in files),
    }
    return Row("first", f"first page: {name}", figures, LIMITS, slowest=path)


def _opened(browser: Any, url: str, cookies: list[dict[str, Any]]) -> Opened:
    """Raises BenchError for a page that failed or was never painted."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies(cookies)
    context.add_init_script(WATCH)
    page = context.new_page()
    sizes: list[int] = []
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda told: sizes.append(int(told["encodedDataLength"])))
    answer = page.goto(url, wait_until="networkidle")
    waits = iter(range(PAINT_WAITS))
    while (paint := page.evaluate(PAINT)) is None and next(waits, None) is not None:
        page.wait_for_timeout(PAINT_WAIT_MS)
    shift = page.evaluate("window.shift")
    context.close()
    if not answer or not answer.ok:
        raise BenchError(f"{url} answered {answer.status if answer else 'nothing'}")
    if paint is None:
        raise BenchError(f"{url} was not painted")
    return Opened(sum(sizes), float(shift), float(paint))
