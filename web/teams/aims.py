"""Sets a team's mission, its stance and the personas it serves."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from alignment.selectors.missions import mission_options
from lib.db.search import contains_words
from lib.forms.lookup import found_text, sent, sought
from lib.forms.pages import FormPage, form_view, posted
from lib.services.dates import now
from lib.text.numbers import exact_percent
from strategy.models import Goal, Persona
from strategy.selectors.whereabouts import told_apart
from strategy.services.missions import mission_now, set_mission
from strategy.services.personas import set_personas
from teams.enums import Stance
from teams.models import StanceRange, Team
from teams.services.stance import set_stance
from web.teams.editing import crumbs_to, saved, team_for, team_url
from web.teams.forms import MissionForm, PersonasForm, StanceForm

WHEN = {
    Stance.SPOTLIGHT: "The company needs this team now, and others support it.",
    Stance.CORE: "The normal case.",
    Stance.EXPLORE: "Less visible, and free to find what is next.",
}
MISSION = (
    "Say it in the team’s own words. The goals are those of the company that the team is there for; what each piece of "
    "work moves is said with the work."
)


@form_view
def team_mission(request: HttpRequest, key: str) -> HttpResponse:
    reader, team = team_for(request, key, set_mission)
    words, at_first = sought(request), mission_now(team, reader)
    chosen = request.POST.getlist("goals") if request.method == "POST" else at_first["goals"]
    goals = mission_options(team, reader, chosen=_keys(chosen), search=words or "")
    form = MissionForm(
        sent(request), initial={"version": team.version, **at_first}, goals=goals, names=told_apart(goals, reader)
    )
    page = FormPage(
        title=f"What {team} is for",
        lede=MISSION,
        form=form,
        action_label="Save the mission",
        cancel_url=team_url(team),
        crumbs=crumbs_to(team),
        template="form_find.html",
        extra=_found(words, goals),
    )

    def keep() -> Team:
        served = [goal for goal in goals if goal.key in form.cleaned_data["goals"]]
        mission = form.cleaned_data["mission"]
        return set_mission(team, actor=reader, at=now(), version=form.opened_version, mission=mission, goals=served)

    return page.handle(
        request,
        save=keep,
        done=lambda row: saved(team, row, f"The mission of {row} is saved."),
        searching=words is not None,
    )


def _keys(typed: list[str]) -> list[str]:
    return [key for key in typed if "\0" not in key]


def _found(words: str | None, goals: list[Goal]) -> dict[str, str]:
    count = sum(contains_words(goal.title, words or "") for goal in goals)
    return found_text(words, count, "goal", "goals", "Tick what fits, and save.")


@form_view
def team_stance(request: HttpRequest, key: str) -> HttpResponse:
    reader, team = team_for(request, key, set_stance)
    ranges = {row.stance: row for row in StanceRange.objects.all()}
    form = StanceForm(
        posted(request),
        initial={
            "version": team.version,
            "stance": team.stance,
            "reason": team.stance_reason,
            "until": team.stance_until,
        },
        expectations={stance: f"{WHEN[stance]} {expected_in_words(ranges[stance])}" for stance in Stance},
    )
    page = FormPage(
        title=f"The stance of {team}",
        lede="How much alignment the company needs of this team now. It sets what is expected of its own work, and "
        "which flags it gets.",
        form=form,
        action_label="Save the stance",
        cancel_url=team_url(team),
        crumbs=crumbs_to(team),
    )

    def keep() -> Team:
        return set_stance(team, actor=reader, at=now(), version=form.opened_version, **form.values())

    return page.handle(
        request,
        save=keep,
        done=lambda row: saved(team, row, f"The stance of {row}: {row.get_stance_display().lower()}."),
    )


def expected_in_words(stance: StanceRange) -> str:
    """What a stance expects of a team's own work (spec/alignment.md, *Stance*)."""
    return (
        f"Expected: coverage of at least {exact_percent(stance.coverage_floor)}, "
        f"{exact_percent(stance.exploring_floor)} to {exact_percent(stance.exploring_ceiling)} exploring, "
        f"at least {exact_percent(stance.autonomy_floor)} chosen by the team, "
        f"at most {exact_percent(stance.sustaining_ceiling)} upkeep."
    )


@form_view
def team_personas(request: HttpRequest, key: str) -> HttpResponse:
    reader, team = team_for(request, key, set_personas)
    personas = list(Persona.objects.visible_to(reader).order_by("name__folded", "id"))
    served = Persona.objects.filter(teams=team)
    form = PersonasForm(
        posted(request),
        initial={"version": team.version, "personas": [persona.key for persona in served]},
        personas=personas,
    )
    page = FormPage(
        title=f"Whom {team} serves",
        lede="The customers this team works for. A persona says who they are, and what the company solves for them.",
        form=form,
        action_label="Save",
        cancel_url=team_url(team),
        crumbs=crumbs_to(team),
        template="teams/team_personas.html",
        extra={"personas_url": reverse("persona_list"), "any_personas": bool(personas)},
    )

    def keep() -> Team:
        chosen = [persona for persona in personas if persona.key in form.cleaned_data["personas"]]
        return set_personas(team, actor=reader, at=now(), version=form.opened_version, personas=chosen)

    return page.handle(request, save=keep, done=lambda row: saved(team, row, f"Whom {row} serves is saved."))
