"""Signs a visitor in as one of the cast, without a password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from demo.people import PARTS, person_of

BACKEND = "accounts.adapter.Backend"


@login_not_required
@require_POST
def persona(request: HttpRequest, role: str) -> HttpResponse:
    """Replaces the current session, and redirects to `next`. A part that is gone from the company signs no one in."""
    part = PARTS.get(role)
    if part is None:
        raise Http404
    person = person_of(part)
    if person is None:
        messages.warning(request, f"{part.name} is not in this company any more. Step in as somebody else.")
        return redirect("demo_path" if request.user.is_authenticated else "account_login")
    logout(request)
    login(request, person, backend=BACKEND)
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return redirect(wanted if is_ours else reverse("home"))
