"""The site at `/admin/`: administrators read every row there; services make all changes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.admin import AdminSite, ModelAdmin, ShowFacets
from django.contrib.admin.views.main import ChangeList
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.urls import URLPattern, URLResolver
from django.utils.functional import cached_property

from lib.db.counting import capped_count
from lib.db.search import has_words
from lib.text.counts import count_text

if TYPE_CHECKING:
    _ModelAdmin = ModelAdmin[Any]
    _Paginator = Paginator[Any]
else:
    _ModelAdmin, _Paginator = ModelAdmin, Paginator

LOOKING = ("GET", "HEAD")
SECRETS = frozenset({"password"})
"""Fields that are neither shown nor searched."""

_PAGES = {"index", "app_list", "jsi18n"}
_MODEL_PAGES = {"changelist", "add", "change", "delete"}


class LookingSite(AdminSite):
    """A read-only site: every page requires an administrator and answers 405 to methods that could write. Sign-in,
    sign-out and passwords are on Throughline's own pages.
    """

    site_title, site_header, index_title = "Throughline", "Throughline: the data", "To look at, not to change"
    site_url = "/"
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(getattr(request.user, "is_admin", False))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 -- Django's signature
        looked_at: Callable[..., HttpResponse] = super().admin_view(view, cacheable)

        @functools.wraps(view)
        def look(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_permission(request):
                raise PermissionDenied
            if request.method not in LOOKING:
                return HttpResponseNotAllowed(LOOKING)
            request.GET = _readable(request.GET)  # type: ignore[assignment]  # Django takes any QueryDict
            return looked_at(request, *args, **kwargs)

        return look

    def get_urls(self) -> list[Any]:
        return _kept(super().get_urls(), lambda name: name in _PAGES)


def _kept(patterns: Sequence[URLPattern | URLResolver], wanted: Callable[[str], bool]) -> list[Any]:
    """The URL patterns with a wanted name, and all included ones. Anonymous visitors are redirected to LOGIN_URL."""
    kept = [each for each in patterns if isinstance(each, URLResolver) or wanted(str(each.name))]
    for each in kept:
        if isinstance(each, URLPattern):
            vars(each.callback).pop("login_url", None)
    return kept


def _readable(params: QueryDict) -> QueryDict:
    """Without NUL, which the database takes in no value, and which Django's admin hands on to it."""
    found = QueryDict(mutable=True)
    for name, values in params.lists():
        found.setlist(name.replace("\x00", ""), [str(value).replace("\x00", "") for value in values])
    return found


site = LookingSite()


class CappedPaginator(_Paginator):
    """Stops counting at lib.db.counting.MANY: rows beyond it are found by searching."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        return capped_count(rows) if isinstance(rows, QuerySet) else len(rows)


class LookingList(ChangeList):
    """Shows the number of rows once, in Throughline's own words."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.full_result_count = self.result_count
        self.counted = count_text(self.result_count, str(self.opts.verbose_name), str(self.opts.verbose_name_plural))


class ReadOnlyAdmin(_ModelAdmin):
    """A read-only list, newest rows first, with all fields of a row except SECRETS. A search finds rows that contain
    every word typed. A search field that begins with "=" is compared exactly, which is cheap for the text of another
    table.
    """

    actions = None
    ordering = ("-pk",)
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    sortable_by = ()
    list_max_show_all = 0
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(self.admin_site.has_permission(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(self.admin_site.has_permission(request))

    def get_urls(self) -> list[Any]:
        return _kept(super().get_urls(), lambda name: name.rpartition("_")[2] in _MODEL_PAGES)

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return LookingList

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        row = super().get_object(request, object_id, from_field)
        if row is None:
            raise Http404
        return row

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        return [field.name for field in self.opts.concrete_fields if field.name not in SECRETS]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        return self.get_fields(request, obj)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Neither SECRETS nor lists, as the database fails on what it cannot read as one."""
        lists = {field.name for field in self.opts.concrete_fields if isinstance(field, ArrayField)}
        return not (SECRETS | lists) & set(lookup.split("__")) and super().lookup_allowed(lookup, value, request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        found = Q()
        for name in self.get_search_fields(request):
            exact = Q(**{name.removeprefix("="): search_term.strip()})
            found |= exact if name.startswith("=") else has_words(name, search_term)
        return queryset.filter(found), False
