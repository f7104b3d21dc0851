"""Addresses of cities and partnerships."""

from django.urls import path

from partnerships.views import cities, partnerships

app_name = "partnerships"
urlpatterns = [
    path("cities/", cities.CityList.as_view(), name="cities"),
    path("cities/<slug:slug>/", cities.CityPage.as_view(), name="city"),
    path("partnerships/", partnerships.PartnershipList.as_view(), name="list"),
    path("partnerships/<slug:slug>/", partnerships.PartnershipPage.as_view(), name="partnership"),
]
