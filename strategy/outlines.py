"""The outline that a first strategy may begin with: the headings of its narrative, and goals that show how one is
written.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

NARRATIVE = """\
## Where we stand

What is so today: for our customers, in our market, in our company. Two or three sentences that everybody can check.

## What we want

What will be so at the end of this period, and why that matters more than all else that we could do.

## What we leave for later

What we decided not to do now, so that nobody has to guess.
"""
MARK = "Example: "


@dataclass(frozen=True)
class ExampleGoal:
    """`measure` goes from `baseline` to `target`, in `unit`."""

    title: str
    why: str
    measure: str
    unit: str
    baseline: Decimal
    target: Decimal


GOALS = (
    ExampleGoal(
        f"{MARK}New customers reach their first result within a day",
        "Replace this goal by one of yours. Its why says what changes for customers or the company: many of those who "
        "try us leave before they have seen what we do for them.",
        "New customers with a result on their first day",
        "%",
        Decimal(30),
        Decimal(70),
    ),
    ExampleGoal(
        f"{MARK}Customers stay because they can rely on us",
        "Replace this goal by one of yours. Teams decide by its why: each hour in which we are not there costs our "
        "customers more than any new feature brings them.",
        "Hours of interruption",
        "a month",
        Decimal(6),
        Decimal(1),
    ),
    ExampleGoal(
        f"{MARK}A second kind of customer buys from us",
        "Replace this goal by one of yours, or remove it: three to five goals that everybody knows do more than "
        "twenty. Nearly all of our income depends on one kind of customer.",
        "Income from the second kind of customer",
        "% of all",
        Decimal(2),
        Decimal(15),
    ),
)
