"""`/healthz` and `/readyz`, for load balancers and monitoring. They are public, so they give no details."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.utils.log import log_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config import health


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """This process answers. It checks nothing else: restarting a web server does not help while the database is
    down.
    """
    return JsonResponse({"alive": True})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Status 200 where every check passes, else 503; the body lists each check as true or false."""
    checks = health.checks()
    missing = [name for name, well in checks.items() if not well]
    status = HTTPStatus.SERVICE_UNAVAILABLE if missing else HTTPStatus.OK
    response = JsonResponse({"ready": not missing, "checks": checks}, status=status)
    if missing:  # else Django would log it as an error
        parts = ", ".join(missing)
        log_response("not ready: %s", parts, response=response, request=request, logger=health.logger, level="warning")
    return response
