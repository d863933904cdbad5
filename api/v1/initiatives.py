"""Initiatives: the work, and where its effort goes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from api.filters import COMPARED, ColumnFilters, KeyFilter, LabelFilter, OwnerFilter, WordsFilter
from api.v1.figures import PartsSerializer
from api.v1.resources import initiative_resources
from api.views import ReadList, ReadOne
from teams.access import initiative_for
from teams.enums import SupportSize, SupportStatus
from teams.models import Initiative


class SupportSerializer(serializers.Serializer[Any]):
    """Support that another team is asked for, or offers, in the columns of the company bundle."""

    team = serializers.CharField(help_text="Key of the team that is asked, or offers.")
    key = serializers.CharField(help_text="Which of several asks of that team it is; may be empty.")
    ask = serializers.CharField(help_text="What is asked; empty for an offer.")
    size = serializers.ChoiceField(choices=SupportSize.choices)
    status = serializers.ChoiceField(choices=SupportStatus.choices)
    asked_on = serializers.DateField()
    answer = serializers.CharField(help_text="What the other team says; of what is still asked, its terms.")
    needed_on = serializers.DateField(allow_null=True, help_text="By when it is needed.")
    due_on = serializers.DateField(allow_null=True, help_text="By when it is pledged, or would be.")
    unconfirmed = serializers.BooleanField(help_text="Whether it is delivered only as the other team says.")
    thanks = serializers.CharField()
    offered = serializers.BooleanField(help_text="Whether the other team offered it unasked.")


class InitiativeSerializer(serializers.ModelSerializer[Initiative]):
    """An initiative, in the columns of the company bundle."""

    team = serializers.CharField(source="team_key", help_text="Key of the team that does it.")
    owner = serializers.EmailField(source="owner_email", allow_null=True, help_text="E-mail address of its owner.")
    contributors = serializers.ListField(
        child=serializers.EmailField(),
        source="contributor_emails",
        help_text="E-mail addresses of those who work on it beside its owner.",
    )
    labels = serializers.ListField(child=serializers.CharField(), source="label_list", help_text="In lower case.")
    url = serializers.CharField(help_text="Where it is kept elsewhere; may be empty.")
    support = SupportSerializer(source="support_rows", many=True, help_text="The latest 30, the latest first.")
    figures = PartsSerializer(
        read_only=True, allow_null=True, help_text="Null unless it is active, and until they are computed."
    )

    class Meta:
        model = Initiative
        fields = [
            "key",
            "team",
            "title",
            "problem",
            "kind",
            "origin",
            "effort",
            "status",
            "starts_on",
            "ends_on",
            "owner",
            "url",
            "touched_on",
            "declaration",
            "status_reason",
            "learned",
            "labels",
            "contributors",
            "support",
            "figures",
        ]
        read_only_fields = fields


class InitiativeFilters(ColumnFilters):
    team = KeyFilter("team__key")
    owner = OwnerFilter("owner")
    search = WordsFilter("title")
    label = LabelFilter()

    class Meta:
        model = Initiative
        fields = {
            "key": ["exact"],
            "title": ["exact"],
            "kind": ["exact"],
            "origin": ["exact"],
            "effort": COMPARED,
            "status": ["exact"],
            "starts_on": COMPARED,
            "ends_on": COMPARED,
            "url": ["exact"],
            "touched_on": COMPARED,
        }


class InitiativeList(ReadList[Initiative]):
    """All initiatives, by key."""

    queryset = Initiative.objects.none()
    serializer_class = InitiativeSerializer
    filterset_class = InitiativeFilters

    def get_queryset(self) -> QuerySet[Initiative]:
        return initiative_resources()


class InitiativeDetail(ReadOne[Initiative]):
    """One initiative."""

    queryset = Initiative.objects.none()
    serializer_class = InitiativeSerializer

    def get_object(self) -> Initiative:
        row: Initiative = initiative_for(self.person, key=self.kwargs["key"], rows=initiative_resources())
        return row
