from __future__ import annotations

from django.urls import path

from web.typed.views import markdown_preview, typed_keeping, typed_removal

urlpatterns = [
    path("typed/", typed_keeping, name="typed_keeping"),
    path("typed/preview/", markdown_preview, name="markdown_preview"),
    path("typed/<uuid:nonce>/removal/", typed_removal, name="typed_removal"),
]
