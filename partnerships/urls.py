"""Addresses of cities and partnerships."""

from django.urls import path

from partnerships.views import cities, city_editing, city_facts, partnerships, search
from partnerships.views import partnership_agreement as agreement
from partnerships.views import partnership_members as members
from partnerships.views import partnership_papers as papers
from partnerships.views import partnership_reports as reports
from partnerships.views import partnership_rows as rows
from partnerships.views import partnership_work as work

app_name = "partnerships"
# The members' pages of a partnership
WORK = "partnerships/<slug:slug>/desk/"
urlpatterns = [
    path("cities/", cities.CityList.as_view(), name="cities"),
    path("cities/<slug:slug>/", cities.CityPage.as_view(), name="city"),
    path("cities/<slug:slug>/edit/", city_editing.Overview.as_view(), name="city_edit"),
    path("cities/<slug:slug>/edit/about/", city_editing.About.as_view(), name="city_about"),
    path("cities/<slug:slug>/edit/population/", city_editing.Population.as_view(), name="city_population"),
    path("cities/<slug:slug>/edit/interests/", city_editing.Interests.as_view(), name="city_interests"),
    path("cities/<slug:slug>/edit/<slug:kind>/", city_facts.FactPage.as_view(), name="city_fact_add"),
    path("cities/<slug:slug>/edit/<slug:kind>/<int:pk>/", city_facts.FactPage.as_view(), name="city_fact"),
    path(
        "cities/<slug:slug>/edit/<slug:kind>/<int:pk>/take-back/",
        city_facts.TakeBack.as_view(),
        name="city_take_back",
    ),
    path(
        "cities/<slug:slug>/edit/networks/<int:membership>/offices/",
        city_facts.OfficePage.as_view(),
        name="city_office_add",
    ),
    path(
        "cities/<slug:slug>/edit/commitments/<int:pk>/report/",
        city_facts.ReportPage.as_view(),
        name="city_report",
    ),
    path(
        "cities/<slug:slug>/edit/commitments/<int:pk>/grace/",
        city_facts.Grace.as_view(),
        name="city_grace",
    ),
    path("partnerships/", partnerships.PartnershipList.as_view(), name="list"),
    path("partnerships/<slug:slug>/", partnerships.PartnershipPage.as_view(), name="partnership"),
    path("partner-search/", search.Board.as_view(), name="search"),
    path("partner-search/new/", search.WriteIdea.as_view(), name="idea_new"),
    path("partner-search/<slug:slug>/", search.IdeaPage.as_view(), name="idea"),
    path("partner-search/<slug:slug>/edit/", search.WriteIdea.as_view(), name="idea_edit"),
    path("partnerships/joining/<int:pk>/", members.Joining.as_view(), name="joining"),
    path("partnerships/<slug:slug>/documents/<uuid:paper>/", papers.Download.as_view(), name="paper"),
    path(WORK, work.Work.as_view(), name="work"),
    path(f"{WORK}members/", members.Members.as_view(), name="work_members"),
    path(f"{WORK}agreement/", agreement.AgreementPage.as_view(), name="work_agreement"),
    path(f"{WORK}agreement/<int:number>/", agreement.AgreementVersionPage.as_view(), name="work_version"),
    path(f"{WORK}milestones/", rows.Milestones.as_view(), name="work_milestones"),
    path(f"{WORK}documents/", papers.Papers.as_view(), name="work_papers"),
    path(f"{WORK}reports/", reports.Reports.as_view(), name="work_reports"),
    path(f"{WORK}reports/<int:pk>/", reports.ReportPage.as_view(), name="work_report"),
    path(f"{WORK}budget/", rows.Budget.as_view(), name="work_budget"),
    path(f"{WORK}indicators/", rows.Indicators.as_view(), name="work_indicators"),
    path(f"{WORK}people/", rows.People.as_view(), name="work_people"),
    path(f"{WORK}stories/", rows.Stories.as_view(), name="work_stories"),
    path(f"{WORK}stage/", work.StagePage.as_view(), name="work_stage"),
]
