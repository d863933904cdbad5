from django.urls import URLPattern, URLResolver, include, path

from config.probes import healthz, readyz
from lib.admin import site

handler400 = "config.errors.not_understood"
handler403 = "config.errors.not_theirs"
handler404 = "config.errors.not_found"
handler500 = "config.errors.broken"

PROBES = {"healthz": healthz, "readyz": readyz}
"""By path; config.middleware answers them before any other middleware."""

urlpatterns: list[URLPattern | URLResolver] = [
    *(path(name, view, name=name) for name, view in PROBES.items()),
    path("admin/", site.urls),
    path("api/", include("api.urls")),
    path("", include("web.urls")),
]
