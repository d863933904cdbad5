"""How all forms are rendered: label, hint, control, and errors next to their control."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest

TYPED = (*(f"django/forms/widgets/{name}.html" for name in ("text", "textarea", "search")), "components/_editor.html")


class FormRenderer(TemplatesSetting):
    """For FORM_RENDERER; requires `django.forms` in INSTALLED_APPS, which contains the widget templates."""

    form_template_name = "components/_form.html"
    field_template_name = "components/_field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        """What is typed has a direction of its own, from left to right or from right to left."""
        if template_name in TYPED:
            context["widget"]["attrs"].setdefault("dir", "auto")
        return super().render(template_name, context, request)
