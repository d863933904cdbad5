"""Base views of the API: they only read, and refuse unknown parameters."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model
from django_filters.rest_framework.backends import DjangoFilterBackend
from rest_framework import generics
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from api.filters import ColumnFilters
from api.pagination import KeyPagination

Row = TypeVar("Row", bound=Model)


class ReadView(APIView):
    """Refuses, with a 400 that names it, a query parameter that is unknown, blank or repeated."""

    http_method_names = ["get", "head"]
    query_parameters: frozenset[str] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if (request.method or "").lower() in self.http_method_names:
            _refuse_parameters(request, self.known_parameters())

    def known_parameters(self) -> frozenset[str]:
        return self.query_parameters

    @property
    def person(self) -> Any:
        """The person signed in; the default permissions refuse anyone else."""
        return self.request.user


class ReadOne(ReadView, generics.RetrieveAPIView[Row]):
    lookup_field = "key"


class ReadList(ReadView, generics.ListAPIView[Row]):
    """Ordered by key. Subclasses set `filterset_class`."""

    filter_backends = [DjangoFilterBackend]
    pagination_class = KeyPagination
    filterset_class: type[ColumnFilters]

    def known_parameters(self) -> frozenset[str]:
        filters = self.filterset_class.get_filters()  # type: ignore[no-untyped-call]
        return frozenset([*filters, *KeyPagination.parameters])


class NothingHere(APIView):
    """Answers unknown addresses with a problem, not a page, for any person and method."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound


def _refuse_parameters(request: Request, known: frozenset[str]) -> None:
    errors = {}
    for name, values in request.query_params.lists():
        if name not in known:
            errors[name] = [f"There is no such parameter here. Known: {', '.join(sorted(known)) or 'none'}."]
        elif len(values) > 1:
            errors[name] = ["Give it once."]
        elif not values[0].strip():
            errors[name] = ["Give a value, or leave the parameter out."]
    if errors:
        raise ValidationError(errors)
