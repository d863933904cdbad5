"""Comparing reports: flags in one order, numbers within the tolerance of spec/alignment.md."""

from __future__ import annotations

from typing import Any

import pytest

TOLERANCE = 1e-9


def plain(report: dict[str, Any]) -> dict[str, Any]:
    flags = sorted(report["flags"], key=lambda flag: (flag["code"], flag["subject_type"], flag["subject"]))
    return report | {"flags": flags}


def approximately(report: Any) -> Any:
    if isinstance(report, dict):
        return {key: approximately(value) for key, value in report.items()}
    if isinstance(report, list):
        return [approximately(value) for value in report]
    return pytest.approx(report, rel=TOLERANCE, abs=TOLERANCE) if isinstance(report, float) else report
