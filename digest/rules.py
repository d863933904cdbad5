"""Who may do what with the weekly digest."""

from __future__ import annotations

from rules.permissions import add_perm
from rules.predicates import predicate

from teams.rules import is_admin

add_perm("digest.run_digest", predicate(is_admin))
