"""Registers the log's actions for imports."""

from __future__ import annotations

from lib.log.actions import Action, Telling, register

register(
    Action("company.imported", "", "Brought in a bundle.", Telling("An import", "{count} imports")),
    Action("company.flags_imported", "", "Gave flags the days and the snoozes that a bundle says."),
)
