"""Addresses of calls and applications."""

from django.urls import path

from calls.views import (
    applications,
    autosave,
    catalogue,
    check,
    consent,
    documents,
    enquiries,
    history,
    outcome,
    pages,
    partners,
    printing,
    results,
    reviewing,
    submission,
    team,
    verification,
    withdrawing,
)

app_name = "calls"
urlpatterns = [
    path("", pages.home, name="home"),
    path("calls/", catalogue.CallList.as_view(), name="list"),
    path("calls/<slug:slug>/", pages.CallPage.as_view(), name="call"),
    path("calls/<slug:slug>/questions/", pages.CallQuestions.as_view(), name="questions"),
    path("calls/<slug:slug>/questions.pdf", printing.QuestionsPdf.as_view(), name="questions_pdf"),
    path("calls/<slug:slug>/check/", check.EligibilityCheck.as_view(), name="check"),
    path("calls/<slug:slug>/qa/", enquiries.QuestionsAndAnswers.as_view(), name="qa"),
    path("calls/<slug:slug>/ask/", enquiries.Ask.as_view(), name="ask"),
    path("calls/<slug:slug>/results/", results.Results.as_view(), name="results"),
    path("calls/<slug:slug>/apply/", applications.Start.as_view(), name="start"),
    path("programmes/<slug:slug>/", pages.ProgrammePage.as_view(), name="programme"),
    path("consent/<slug:token>/", consent.Consent.as_view(), name="consent"),
    path("invitations/<slug:token>/", team.Invitation.as_view(), name="invitation"),
    path("reviewing/", reviewing.ReviewerInvitation.as_view(), name="reviewer_invitation"),
    path("verify/", verification.Verify.as_view(), name="verify"),
    path("verify/<str:sha256>/", verification.Verify.as_view(), name="verify_this"),
    path("my/", applications.MyApplications.as_view(), name="my_applications"),
    path("applications/<slug:reference>/", applications.TaskList.as_view(), name="application"),
    path("applications/<slug:reference>/partners/", partners.Partners.as_view(), name="partners"),
    path("applications/<slug:reference>/documents/", documents.Documents.as_view(), name="documents"),
    path(
        "applications/<slug:reference>/documents/<uuid:document>/",
        documents.Download.as_view(),
        name="document",
    ),
    path("applications/<slug:reference>/team/", team.Team.as_view(), name="team"),
    path("applications/<slug:reference>/reopen/", withdrawing.Reopen.as_view(), name="reopen"),
    path("applications/<slug:reference>/restore/", withdrawing.Restore.as_view(), name="restore"),
    path("applications/<slug:reference>/history/", history.History.as_view(), name="history"),
    path("applications/<slug:reference>/pdf/", printing.ApplicationPdf.as_view(), name="pdf"),
    path("applications/<slug:reference>/check/", submission.CheckAnswers.as_view(), name="check_answers"),
    path("applications/<slug:reference>/submit/", submission.submit_application, name="submit"),
    path("applications/<slug:reference>/receipt/", submission.Receipt.as_view(), name="receipt"),
    path("applications/<slug:reference>/feedback/", outcome.Feedback.as_view(), name="feedback"),
    path("applications/<slug:reference>/offer/", outcome.Offer.as_view(), name="offer"),
    path("applications/<slug:reference>/complaint/", outcome.Complain.as_view(), name="complaint"),
    path("applications/<slug:reference>/withdraw/", withdrawing.Withdraw.as_view(), name="withdraw"),
    path(
        "applications/<slug:reference>/s/<slug:section>/", applications.SectionForm.as_view(), name="section"
    ),
    path(
        "applications/<slug:reference>/s/<slug:section>/autosave/",
        autosave.Autosave.as_view(),
        name="autosave",
    ),
    path("applications/<slug:reference>/s/<slug:section>/looked/", autosave.Look.as_view(), name="looked"),
]
