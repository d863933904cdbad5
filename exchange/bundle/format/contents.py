"""Every file of the bundle, in the order of spec/bundle.md."""

from __future__ import annotations

from decimal import Decimal

from exchange.bundle.format.kinds import (
    Amount,
    Kind,
    Line,
    Zone,
    choice,
)
from exchange.bundle.format.proposed import PROPOSALS
from exchange.bundle.format.published import AMENDMENT_EDITS, AMENDMENTS, EDITION_GOALS, EDITIONS
from exchange.bundle.format.tables import (
    CHECK_INS,
    CONTEXT,
    DECISIONS,
    FLAGS,
    GOALS,
    INITIATIVES,
    LINKS,
    MEASURES,
    MEMBERSHIPS,
    PEOPLE,
    PERSONAS,
    STRATEGIES,
    SUPPORT,
    TEAMS,
)
from exchange.bundle.format.talk import MESSAGES, THREADS
from teams.enums import (
    Rhythm,
    Stance,
)

TABLES = (
    PEOPLE,
    PERSONAS,
    CONTEXT,
    TEAMS,
    MEMBERSHIPS,
    STRATEGIES,
    GOALS,
    DECISIONS,
    MEASURES,
    INITIATIVES,
    LINKS,
    SUPPORT,
    CHECK_INS,
    EDITIONS,
    EDITION_GOALS,
    AMENDMENTS,
    AMENDMENT_EDITS,
    THREADS,
    MESSAGES,
    PROPOSALS,
    FLAGS,
)
BY_NAME = {table.name: table for table in TABLES}

STANCE_SETTINGS = ("coverage_floor", "exploring_floor", "exploring_ceiling", "autonomy_floor", "sustaining_ceiling")
DAYS, PART = Amount(4, 0, Decimal(0), Decimal(3650)), Amount(1, 6, Decimal(0), Decimal(1))
COMPANY_SETTINGS: dict[str, Kind] = {
    "name": Line(),
    "purpose": Line(),
    "timezone": Zone(),
    "grace_days": DAYS,
    "silent_days": DAYS,
    "default_effort": Amount(5, 2, Decimal(0), Decimal("99999.99"), above=True),
    "check_in_rhythm": choice(Rhythm.values),
}
SETTINGS = COMPANY_SETTINGS | {f"{stance}.{name}": PART for stance in Stance.values for name in STANCE_SETTINGS}

COMPANY_FILE = "company.csv"
FILES = (COMPANY_FILE, *(table.file for table in TABLES))
