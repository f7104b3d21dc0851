"""What the portal adds to allauth's account pages."""

from django.urls import include, path

from cooperation.accounts import views

urlpatterns = [
    path("continue/", views.go_on, name="account_continue"),
    path("reauthenticate/code/", views.reauthenticate_by_code, name="account_reauthenticate_code"),
    path("second-factor/", include("allauth.mfa.urls")),
]
