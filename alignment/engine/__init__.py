"""The alignment engine: spec/alignment.md on columns. It reads nothing, writes nothing, and asks no clock.

`compute(company, on)` says everything about a `Company`, whole or a few rows of it, as it is or as it would be
(`changed`).
"""

from alignment.engine.compute import Alignment, Found, compute
from alignment.engine.figures import Figures
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
)

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
]
