from __future__ import annotations

from django.urls import path

from web.measures.keeping import check_ins_due
from web.measures.views import (
    check_in_correction,
    check_in_undoing,
    measure_check_in,
    measure_edit,
    measure_new,
    measure_removal,
)

urlpatterns = [
    path("goals/<slug:key>/measures/new/", measure_new, name="measure_new"),
    path("measures/<slug:key>/edit/", measure_edit, name="measure_edit"),
    path("measures/<slug:key>/removal/", measure_removal, name="measure_removal"),
    path("measures/<slug:key>/check-ins/", measure_check_in, name="measure_check_in"),
    path("check-ins/", check_ins_due, name="check_ins_due"),
    path("check-ins/<int:pk>/correction/", check_in_correction, name="check_in_correction"),
    path("measures/<slug:key>/check-ins/<int:pk>/undoing/", check_in_undoing, name="check_in_undoing"),
]
