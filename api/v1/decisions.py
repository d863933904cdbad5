"""Decisions."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import serializers

from api.filters import ColumnFilters, OwnerFilter, WordsFilter
from api.v1.resources import decision_resources
from api.views import ReadList, ReadOne
from strategy.access import decision_for
from strategy.models import Decision
from strategy.models.decision import DECISION_TEXTS


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    """A decision, in the columns of the company bundle. What it touches is there as far as you may see it."""

    decided_by = serializers.ListField(
        child=serializers.EmailField(), source="decided_by_emails", help_text="E-mail addresses of those who decided."
    )
    owner = serializers.EmailField(source="owner_email", allow_null=True, help_text="E-mail address of its owner.")
    supersedes = serializers.CharField(
        source="supersedes_key", allow_null=True, help_text="Key of the decision whose place it takes."
    )
    goals = serializers.ListField(
        child=serializers.CharField(), source="goal_keys", help_text="Keys of the goals that it touches."
    )
    pages = serializers.ListField(
        child=serializers.CharField(), source="page_keys", help_text="Keys of the pages of the context that it cites."
    )
    personas = serializers.ListField(
        child=serializers.CharField(), source="persona_keys", help_text="Keys of the personas that it is about."
    )

    class Meta:
        model = Decision
        fields = [
            *("key", "title", *DECISION_TEXTS, "status", "visibility", "decided_by", "decided_on", "owner"),
            *("supersedes", "goals", "pages", "personas"),
        ]
        read_only_fields = fields


class DecisionFilters(ColumnFilters):
    owner = OwnerFilter("owner")
    search = WordsFilter("title")

    class Meta:
        model = Decision
        fields = {"key": ["exact"], "status": ["exact"], "visibility": ["exact"], "title": ["exact"]}


class DecisionList(ReadList[Decision]):
    """All decisions that you may read, by key."""

    queryset = Decision.objects.none()
    serializer_class = DecisionSerializer
    filterset_class = DecisionFilters

    def get_queryset(self) -> QuerySet[Decision]:
        return decision_resources(self.person)


class DecisionDetail(ReadOne[Decision]):
    """One decision."""

    queryset = Decision.objects.none()
    serializer_class = DecisionSerializer

    def get_object(self) -> Decision:
        row: Decision = decision_for(self.person, self.kwargs["key"], rows=decision_resources(self.person))
        return row
