"""Addresses of calls and applications."""

from django.urls import path

from calls.views import applications, catalogue, check, consent, documents, pages, submission

app_name = "calls"
urlpatterns = [
    path("", pages.home, name="home"),
    path("calls/", catalogue.CallList.as_view(), name="list"),
    path("calls/<slug:slug>/", pages.CallPage.as_view(), name="call"),
    path("calls/<slug:slug>/questions/", pages.CallQuestions.as_view(), name="questions"),
    path("calls/<slug:slug>/check/", check.EligibilityCheck.as_view(), name="check"),
    path("calls/<slug:slug>/apply/", applications.Start.as_view(), name="start"),
    path("programmes/<slug:slug>/", pages.ProgrammePage.as_view(), name="programme"),
    path("consent/<slug:token>/", consent.Consent.as_view(), name="consent"),
    path("my/", applications.MyApplications.as_view(), name="my_applications"),
    path("applications/<slug:reference>/", applications.TaskList.as_view(), name="application"),
    path("applications/<slug:reference>/partners/", applications.Partners.as_view(), name="partners"),
    path("applications/<slug:reference>/documents/", documents.Documents.as_view(), name="documents"),
    path(
        "applications/<slug:reference>/documents/<uuid:document>/",
        documents.Download.as_view(),
        name="document",
    ),
    path("applications/<slug:reference>/check/", submission.CheckAnswers.as_view(), name="check_answers"),
    path("applications/<slug:reference>/submit/", submission.submit_application, name="submit"),
    path("applications/<slug:reference>/receipt/", submission.Receipt.as_view(), name="receipt"),
    path("applications/<slug:reference>/withdraw/", submission.Withdraw.as_view(), name="withdraw"),
    path(
        "applications/<slug:reference>/s/<slug:section>/", applications.SectionForm.as_view(), name="section"
    ),
]
