"""`/healthz` and `/readyz`, for load balancers and monitoring: public, so they say no more than what is well."""

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
    """This process takes requests. Touches nothing: a database that is away is no reason to start a web server anew."""
    return JsonResponse({"alive": True})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 where everything is well, else 503; each part with true or false."""
    checks = health.checks()
    missing = [name for name, well in checks.items() if not well]
    status = HTTPStatus.SERVICE_UNAVAILABLE if missing else HTTPStatus.OK
    response = JsonResponse({"ready": not missing, "checks": checks}, status=status)
    if missing:  # else Django would call it an error of ours
        parts = ", ".join(missing)
        log_response("not ready: %s", parts, response=response, request=request, logger=health.logger, level="warning")
    return response
