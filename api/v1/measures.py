"""Measures: what would show that a goal is reached, where they stand, and what was checked in."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.filters import COMPARED, ColumnFilters, OwnerFilter, VisibleKeyFilter, WordsFilter
from api.v1.resources import measure_resources
from api.views import ReadList, ReadOne
from strategy.access import measure_for
from strategy.enums import Confidence
from strategy.models import Goal, Measure
from strategy.progress import attainment


class AttainmentSerializer(serializers.Serializer[Any]):
    """Where a measure stands."""

    way = serializers.FloatField(
        allow_null=True,
        help_text="The share of the way from baseline to target that is done: below 0 in the wrong direction, above 1 "
        "beyond the target. Null for what is kept at a limit.",
    )
    met = serializers.BooleanField(help_text="Whether it is reached, or kept.")
    short = serializers.FloatField(help_text="What is missing of that; 0 where it is met.")


class CheckInSerializer(serializers.Serializer[Any]):
    """What somebody said of a measure."""

    at = serializers.DateTimeField(help_text="The instant of which it speaks.")
    value = serializers.FloatField()
    confidence = serializers.ChoiceField(
        choices=Confidence.choices, allow_blank=True, help_text="Their own judgement; blank: they did not say."
    )
    note = serializers.CharField(allow_blank=True)
    by = serializers.EmailField(allow_null=True, help_text="E-mail address of who checked in.")


class MeasureSerializer(serializers.ModelSerializer[Measure]):
    """A measure, in the columns of the company bundle."""

    goal = serializers.CharField(source="goal_key", help_text="Key of its goal.")
    carries_on = serializers.CharField(
        source="carries_on_key", allow_null=True, help_text="Key of the measure whose history goes on here."
    )
    keeper = serializers.EmailField(
        source="keeper_email", allow_null=True, help_text="E-mail address of who keeps it; null: the goal's owner does."
    )
    attainment = serializers.SerializerMethodField()
    check_ins = CheckInSerializer(
        source="check_in_rows", many=True, help_text="The last 24, the latest first, without those that were corrected."
    )

    class Meta:
        model = Measure
        fields = [
            "key",
            "goal",
            "title",
            "unit",
            "baseline",
            "target",
            "current",
            "kind",
            "keeper",
            "carries_on",
            "attainment",
            "check_ins",
        ]
        read_only_fields = fields

    @extend_schema_field(AttainmentSerializer())
    def get_attainment(self, measure: Measure) -> dict[str, Any]:
        return dict(AttainmentSerializer(attainment(measure)).data)


class MeasureFilters(ColumnFilters):
    goal = VisibleKeyFilter("goal", Goal.objects)
    keeper = OwnerFilter("keeper")
    search = WordsFilter("title")

    class Meta:
        model = Measure
        fields = {
            "key": ["exact"],
            "title": ["exact"],
            "unit": ["exact"],
            "baseline": COMPARED,
            "target": COMPARED,
            "current": COMPARED,
            "kind": ["exact"],
        }


class MeasureList(ReadList[Measure]):
    """The measures of goals that you may see, by key."""

    queryset = Measure.objects.none()
    serializer_class = MeasureSerializer
    filterset_class = MeasureFilters

    def get_queryset(self) -> QuerySet[Measure]:
        return measure_resources(self.person)


class MeasureDetail(ReadOne[Measure]):
    """One measure. One of a goal that you may not see is not found."""

    queryset = Measure.objects.none()
    serializer_class = MeasureSerializer

    def get_object(self) -> Measure:
        return measure_for(self.person, self.kwargs["key"], rows=measure_resources(self.person))
