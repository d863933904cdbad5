"""Says at the end of a run which modules took longest (`-p tests.slowest`), so that it is seen when one grows."""

from __future__ import annotations

from collections import defaultdict

import pytest

SHOWN = 8


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Seconds of tests and of what they need, on this machine and with what else it has to do."""
    seconds: dict[str, float] = defaultdict(float)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                seconds[report.nodeid.partition("::")[0]] += report.duration
    terminalreporter.section(f"slowest modules, of {sum(seconds.values()):.0f} s")
    for module, took in sorted(seconds.items(), key=lambda each: -each[1])[:SHOWN]:
        terminalreporter.write_line(f"{took:6.1f} s {module}")
