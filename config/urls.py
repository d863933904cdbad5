from django.urls import URLPattern, URLResolver, include, path

from lib.admin import site

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", site.urls),
    path("api/", include("alignment.api.urls")),
    path("", include("alignment.urls")),
    path("", include("strategy.urls")),
    path("", include("teams.urls")),
]
