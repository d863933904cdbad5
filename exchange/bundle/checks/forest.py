"""The final trees of teams and of goals, with the bundle laid over the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from exchange.bundle import sql
from exchange.bundle.format.columns import Table


@dataclass
class Forest:
    """Parents by id (None: a root). Rows in a cycle or below one have no depth and no root."""

    parents: dict[int, int | None]
    depths: dict[int, int] = field(default_factory=dict)
    roots: dict[int, int] = field(default_factory=dict)
    cycles: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        lost: set[int] = set()
        for start in self.parents:
            trail = self._trail(start, lost)
            top = trail[-1]
            if top in self.depths:
                self._number(trail)
            else:
                lost.update(trail)

    def _trail(self, start: int, lost: set[int]) -> list[int]:
        """The nodes from `start` up to a row whose depth is known, or into a cycle, which is recorded when it is
        new."""
        trail, seen = [start], {start}
        while trail[-1] not in self.depths and trail[-1] not in lost:
            here = trail[-1]
            above = self.parents.get(here)
            if above is None:
                self.depths[here], self.roots[here] = 0, here
            elif above in seen:
                self.cycles.append(trail[trail.index(above) :])
                return trail
            else:
                trail.append(above)
                seen.add(above)
        return trail

    def _number(self, trail: list[int]) -> None:
        top = trail[-1]
        depth, root = self.depths[top], self.roots[top]
        for below, node in enumerate(reversed(trail)):
            self.depths[node], self.roots[node] = depth + below, root

    def up(self, node: int) -> Iterator[int]:
        """`node`, its parent, and on to the root; only for rows that have one."""
        here: int | None = node
        while here is not None:
            yield here
            here = self.parents.get(here)

    def levels(self, nodes: Iterable[int]) -> list[tuple[int, list[int]]]:
        """`nodes` by depth, from the roots down."""
        levels: dict[int, list[int]] = {}
        for node in nodes:
            levels.setdefault(self.depths[node], []).append(node)
        return sorted(levels.items())


def grown(table: Table, *, staged: bool) -> Forest:
    """The final tree of `table`; `staged` is whether the bundle has its file."""
    if not staged:
        return Forest(dict(sql.rows("SELECT id, parent_id FROM {target}", target=table.target)))
    found = sql.rows(
        """SELECT id, parent_id FROM whole_{name} UNION ALL
           SELECT id, parent_id FROM {target} t WHERE NOT EXISTS (SELECT FROM whole_{name} w WHERE w.id = t.id)""",
        name=table.name,
        target=table.target,
    )
    return Forest(dict(found))
