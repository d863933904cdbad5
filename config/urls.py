from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("alignment.api.urls")),
    path("", include("alignment.urls")),
    path("", include("strategy.urls")),
    path("", include("teams.urls")),
]
