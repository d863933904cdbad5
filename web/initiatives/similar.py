"""Work that is called much like other work: noticed while a title is typed, and told of once it is saved."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lib.db.fields import NAME_LIMIT
from teams.models import Initiative, Person
from teams.narrative import similar_sentence
from teams.selectors.work import similar_work
from web.readers import reader_of


@require_safe
def initiative_similar(request: HttpRequest) -> HttpResponse:
    """The list for `?title=`, which stands below the field (initiatives/_similar_place.html)."""
    similar = similar_work(title_in(request.GET), reader_of(request))
    return render(request, "initiatives/_similar.html", {"similar": similar})


def title_in(data: QueryDict) -> str:
    return data.get("title", "").replace("\0", "").strip()[:NAME_LIMIT]


def similar_said(work: Initiative, reader: Person) -> str:
    return similar_sentence(similar_work(work.title, reader, without=work))
