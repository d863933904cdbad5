"""How every form is drawn: label, hint, control, and what is wrong beside the control it is about."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """For FORM_RENDERER; needs `django.forms` among the installed apps, which holds the templates of the widgets."""

    form_template_name = "components/_form.html"
    field_template_name = "components/_field.html"
