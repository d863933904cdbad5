from __future__ import annotations

from django.urls import path

from web.editions.briefs import back_brief_new, edition_back_briefs
from web.editions.marking import edition_read, edition_unread
from web.editions.taking_back import edition_taking_back
from web.editions.views import edition_changes, edition_detail, edition_list

urlpatterns = [
    path("strategies/<slug:key>/editions/", edition_list, name="edition_list"),
    path("strategies/<slug:key>/editions/<int:number>/", edition_detail, name="edition_detail"),
    path("strategies/<slug:key>/editions/<int:number>/reading/", edition_read, name="edition_read"),
    path("strategies/<slug:key>/editions/<int:number>/reading/removal/", edition_unread, name="edition_unread"),
    path("strategies/<slug:key>/editions/<int:number>/changes/", edition_changes, name="edition_changes"),
    path("strategies/<slug:key>/editions/<int:number>/back-briefs/", edition_back_briefs, name="edition_back_briefs"),
    path("strategies/<slug:key>/editions/<int:number>/back-briefs/new/", back_brief_new, name="back_brief_new"),
    path("strategies/<slug:key>/editions/<int:number>/taking-back/", edition_taking_back, name="edition_taking_back"),
]
