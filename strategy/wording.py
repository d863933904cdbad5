"""How goals are worded."""

from __future__ import annotations

_VERBS = (
    "add adopt automate begin build buy centralise centralize complete conduct consolidate create define "
    "deliver deploy design develop document establish evaluate execute explore finalise finalize finish hire "
    "hold implement install integrate introduce investigate launch migrate modernise modernize move "
    "organise organize perform plan prepare publish redesign refactor relaunch release replace research review "
    "roll rollout run set setup ship standardise standardize start test train update upgrade write"
)
ACTIVITIES = frozenset(_VERBS.split())
"""Verbs with which a title begins that says what will be done, and not what will be so."""


def names_activity(title: str) -> bool:
    """Whether the title begins with what will be done, as in "Launch the app" or "Launching the app"."""
    first = title.split(maxsplit=1)[0].casefold().strip(".,:;!?“”\"'") if title.split() else ""
    stems = {first, first.removesuffix("ing"), f"{first.removesuffix('ing')}e"}
    doubled = first.removesuffix("ing")
    if len(doubled) > 2 and doubled[-1] == doubled[-2]:
        stems.add(doubled[:-1])
    return not ACTIVITIES.isdisjoint(stems)
