"""Says which goals a decision touches, and which pages and personas it rests on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from lib.db.search import contains_words
from lib.forms.lookup import found_text, sent, sought
from lib.forms.pages import Success, form_view
from lib.services.dates import now
from strategy.models import Decision
from strategy.selectors.citations import citable, cited_by_decision
from strategy.selectors.decisions import goals_to_cite
from strategy.selectors.whereabouts import told_apart
from strategy.services.decisions import relate_decision
from web.context.citing import chosen_in
from web.decisions.editing import form_page, row_for, url_of
from web.decisions.forms import RelationsForm


@form_view
def decision_relations(request: HttpRequest, key: str) -> HttpResponse:
    reader, row = row_for(request, key, relate_decision)
    words, at_first = sought(request), cited_by_decision(row, reader).keys()
    chosen = request.POST.getlist("goals") if request.method == "POST" else at_first["goals"]
    goals = goals_to_cite(reader, chosen=[key for key in chosen if "\0" not in key], search=words or "")
    offered = citable(reader)
    form = RelationsForm(
        sent(request),
        initial={"version": row.version, **at_first},
        goals=goals,
        names=told_apart(goals, reader),
        offered=offered,
    )
    page = form_page(row, title=f"What “{row}” touches", form=form, action_label="Save")
    page.lede = "The goals show this decision on their pages, and whoever wonders about them finds the reasons."
    page.template = "form_find.html"
    count = sum(contains_words(goal.title, words or "") for goal in goals)
    page.extra = found_text(words, count, "goal", "goals", "Tick what fits, and save.")

    def keep() -> Decision:
        return relate_decision(
            row,
            actor=reader,
            at=now(),
            version=form.opened_version,
            goals=[goal for goal in goals if goal.key in form.cleaned_data["goals"]],
            **chosen_in(form, offered),
        )

    done = Success(f"What “{row}” touches is saved.", url_of(row))
    return page.handle(request, save=keep, done=lambda kept: done, searching=words is not None)
