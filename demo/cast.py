"""The people of Wrenfield whom a visitor can sign in as, in the order of the demo's sign-in page."""

from __future__ import annotations

from dataclasses import dataclass

COMPANY = "Wrenfield"
ABOUT = "practice software for independent veterinary practices"


@dataclass(frozen=True)
class Part:
    """A person to sign in as: `sees` says what there is to see as them."""

    role: str
    email: str
    name: str
    job: str
    sees: str


LEADER = Part(
    "leader",
    "ruth.adeyemi@wrenfield.example",
    "Ruth Adeyemi",
    "chief executive",
    "The strategy she published eight weeks ago, what it did to the teams’ work, and the flags it leaves her.",
)
LEAD = Part(
    "lead",
    "tomasz.zielinski@wrenfield.example",
    "Tomasz Zielinski",
    "leads the Claims team",
    "A team in the spotlight: what the company expects of it, who helps, and the flags that wait for an answer.",
)
MEMBER = Part(
    "member",
    "priya.nair@wrenfield.example",
    "Priya Nair",
    "engineer in the Claims team",
    "The line from today’s work to the company’s purpose, and one piece of work that reaches nothing yet.",
)
VIEWER = Part(
    "viewer",
    "helen.marsh@wrenfield.example",
    "Helen Marsh",
    "of the board",
    "Everything that is published, without a way to change it: where the effort goes, and why.",
)
ADMIN = Part(
    "admin",
    "jonas.lindqvist@wrenfield.example",
    "Jonas Lindqvist",
    "operations, administrator",
    "People and roles, settings, and the weekly digest that he started.",
)

CAST = (LEADER, LEAD, MEMBER, VIEWER, ADMIN)
