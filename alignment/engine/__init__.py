"""The alignment engine: spec/alignment.md on columns. It does no input or output and reads no clock.

`compute(company, on)` computes every figure of a `Company`: all of it or a few rows, real or hypothetical
(`changed`, `with_link`, `without_link`).
"""

from alignment.engine.compute import Alignment, Found, compute
from alignment.engine.model import (
    Asks,
    Change,
    Company,
    Goals,
    Initiatives,
    Links,
    Missions,
    Rules,
    Strategies,
    Teams,
    changed,
    with_link,
    without_link,
)
from alignment.engine.work_figures import Figures

__all__ = [
    "Alignment",
    "Asks",
    "Change",
    "Company",
    "Figures",
    "Found",
    "Goals",
    "Initiatives",
    "Links",
    "Missions",
    "Rules",
    "Strategies",
    "Teams",
    "changed",
    "compute",
    "with_link",
    "without_link",
]
