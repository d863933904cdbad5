"""Serializers of figures (spec/alignment.md), with the report's names."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


def _weeks(text: str) -> serializers.FloatField:
    return serializers.FloatField(help_text=f"Person-weeks {text}.")


def _ratio(text: str) -> serializers.FloatField:
    return serializers.FloatField(help_text=f"{text}, from 0 to 1; null where nothing can be divided.", allow_null=True)


class PartsSerializer(serializers.Serializer[Any]):
    """An active initiative's effort and its parts: aligned + exploring + sustaining + orphaned = effort."""

    effort = _weeks("still to do; the company's default where it is not sized")
    aligned = _weeks("that reach a published strategy")
    reasoned = _weeks("of the aligned whose link says why, or is endorsed")
    endorsed = _weeks("of the aligned whose link the goal's owner endorsed")
    exploring = _weeks("that look for what is next, until a set day")
    sustaining = _weeks("that keep what exists running")
    orphaned = _weeks("that reach no published strategy")


class FiguresSerializer(serializers.Serializer[Any]):
    """Figures of a set of active initiatives."""

    total = _weeks("in all")
    aligned = _weeks("that reach a published strategy")
    reasoned = _weeks("of the aligned whose link says why, or is endorsed")
    endorsed = _weeks("of the aligned whose link the goal's owner endorsed")
    exploring = _weeks("that look for what is next, until a set day")
    sustaining = _weeks("that keep what exists running")
    orphaned = _weeks("that reach no published strategy")
    discretionary = _weeks("without the sustaining")
    coverage = _ratio("Aligned ÷ discretionary")
    reasoned_coverage = _ratio("Reasoned ÷ discretionary")
    endorsed_coverage = _ratio("Endorsed ÷ discretionary")
    autonomy = _ratio("Discretionary effort of the teams' own choice ÷ discretionary")
    aligned_autonomy = _ratio("Aligned effort of the teams' own choice ÷ discretionary")
    initiatives = serializers.IntegerField(help_text="How many active initiatives these are.")


class GoalFiguresSerializer(serializers.Serializer[Any]):
    """A goal's standing and the work that reaches it or a goal below it."""

    live = serializers.BooleanField(help_text="Active, and within its dates.")
    anchored = serializers.BooleanField(help_text="Live like every goal above it, up to a published strategy.")
    effort = _weeks("that counting links bring to it and all below it")
    initiatives = serializers.IntegerField(help_text="How many initiatives contribute.")
    teams = serializers.IntegerField(help_text="How many teams contribute.")
    covered = serializers.BooleanField(
        help_text="Whether any effort reaches it; null unless it is anchored.", allow_null=True
    )
