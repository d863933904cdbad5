"""How all forms are rendered: label, hint, control, and errors next to their control."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """For FORM_RENDERER; requires `django.forms` in INSTALLED_APPS, which contains the widget templates."""

    form_template_name = "components/_form.html"
    field_template_name = "components/_field.html"
