"""Who may move a company in."""

from __future__ import annotations

from rules.permissions import add_perm
from rules.predicates import predicate

from teams.rules import is_admin

add_perm("exchange.import_company", predicate(is_admin))
