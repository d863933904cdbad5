"""The demo's log action."""

from __future__ import annotations

from lib.log.actions import Action, register

BUILT = "demo.built"

register(Action(BUILT, "", "The demo’s company was built here."))
