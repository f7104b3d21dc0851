"""Addresses of cities and partnerships."""

from django.urls import path

from partnerships.views import cities, city_editing, city_facts, partnerships, search

app_name = "partnerships"
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
]
