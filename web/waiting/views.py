"""The list of what waits for the reader."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alignment.selectors.company import company_now
from alignment.waiting.lists import waiting_for
from lib.http.access import query
from lib.services.dates import now
from web.readers import reader_of
from web.waiting.drawing import drawing, drawn_entries
from web.waiting.words import held_said, lede

SIZE = 20
PLACE = "at"
"""In the address: the name of the entry to open the list at, and of another one for where that is gone."""
LIST = "waiting"


@require_safe
def waiting_list(request: HttpRequest) -> HttpResponse:
    reader, firm = reader_of(request), company_now()
    found = waiting_for(reader, firm.company, as_of=firm.as_of, at=now())
    names = [entry.name for entry in found.entries]
    opened = next((name for name in request.GET.get(PLACE, "").split(",") if name in names), "")
    start = names.index(opened) // SIZE * SIZE if opened else 0
    shown, rest = found.entries[start : start + SIZE], names[start + SIZE :]
    context = {
        "as_of": firm.as_of,
        "updating": firm.updating,
        "lede": lede(found),
        "entries": drawn_entries(shown, drawing(reader, firm, shown), back=LIST, after=next(iter(rest), "")),
        "opened": opened if PLACE in request.GET else "",
        "held": list(held_said(found)),
        "page": {"next_url": query({}, at=rest[0]) if rest else "", "first_url": request.path if start else ""},
    }
    return render(request, "waiting/waiting_list.html", context)
