"""Addresses of cities and partnerships."""

from django.urls import path

from partnerships.views import cities, partnerships, search

app_name = "partnerships"
urlpatterns = [
    path("cities/", cities.CityList.as_view(), name="cities"),
    path("cities/<slug:slug>/", cities.CityPage.as_view(), name="city"),
    path("partnerships/", partnerships.PartnershipList.as_view(), name="list"),
    path("partnerships/<slug:slug>/", partnerships.PartnershipPage.as_view(), name="partnership"),
    path("partner-search/", search.Board.as_view(), name="search"),
    path("partner-search/new/", search.WriteIdea.as_view(), name="idea_new"),
    path("partner-search/<slug:slug>/", search.IdeaPage.as_view(), name="idea"),
    path("partner-search/<slug:slug>/edit/", search.WriteIdea.as_view(), name="idea_edit"),
]
