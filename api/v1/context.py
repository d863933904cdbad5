"""Pages of the business context."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import serializers

from api.filters import ColumnFilters, OwnerFilter, WordsFilter
from api.v1.resources import context_resources
from api.views import ReadList, ReadOne
from strategy.access import context_page_for
from strategy.models import ContextPage


class ContextPageSerializer(serializers.ModelSerializer[ContextPage]):
    """A page of the business context, in the columns of the company bundle."""

    owner = serializers.EmailField(source="owner_email", allow_null=True, help_text="E-mail address of its owner.")

    class Meta:
        model = ContextPage
        fields = ["key", "lens", "title", "body", "owner", "confirmed_on"]
        read_only_fields = fields


class ContextPageFilters(ColumnFilters):
    owner = OwnerFilter("owner")
    search = WordsFilter("title")

    class Meta:
        model = ContextPage
        fields = {"key": ["exact"], "lens": ["exact"], "title": ["exact"]}


class ContextPageList(ReadList[ContextPage]):
    """All pages of the business context, by key."""

    queryset = ContextPage.objects.none()
    serializer_class = ContextPageSerializer
    filterset_class = ContextPageFilters

    def get_queryset(self) -> QuerySet[ContextPage]:
        return context_resources(self.person)


class ContextPageDetail(ReadOne[ContextPage]):
    """One page of the business context."""

    queryset = ContextPage.objects.none()
    serializer_class = ContextPageSerializer

    def get_object(self) -> ContextPage:
        row: ContextPage = context_page_for(self.person, self.kwargs["key"], rows=context_resources(self.person))
        return row
