"""The rows: an address, sample paths, and what each kind of person gets. Written by hand, read by people."""

from collections.abc import Callable
from dataclasses import dataclass

from cooperation.notifications.unsubscribing import unsubscribe_path_of
from tests.authorisation.world import PRINCIPALS, World

Paths = Callable[[World], list[str]]
# Stock pages of the admin ask the same question of everybody; these four stand for all.
FEW = ("anonymous", "officer", "staff", "admin")


@dataclass(frozen=True)
class Row:
    """One URL pattern. `get` and `post` hold a status for each of `people`."""

    name: str
    paths: Paths
    get: list[int]
    post: list[int]
    people: tuple[str, ...] = PRINCIPALS


def cells(words: str, number: int) -> list[int]:
    """Statuses from words; one alone stands for all, and "302*6" for six times 302."""
    found: list[int] = []
    for word in words.split():
        status, _, times = word.partition("*")
        found += [int(status)] * int(times or 1)
    if len(found) == 1:
        found *= number
    assert len(found) == number, words
    return found


def row(
    name: str, paths: str | Paths, get: str, post: str = "405", people: tuple[str, ...] = PRINCIPALS
) -> Row:
    sample: Paths = paths if callable(paths) else (lambda world: [paths])
    return Row(name, sample, cells(get, len(people)), cells(post, len(people)), people)


def own(application: str, suffix: str = "") -> Paths:
    """A page of an application of the own city: "draft", "submitted" or "reviewed"."""
    return lambda world: [f"/applications/{getattr(world, application).reference}/{suffix}"]


def file_of(application: str) -> Paths:
    """A document of the own city's "draft" or "submitted" application."""

    def paths(world: World) -> list[str]:
        file = getattr(world, f"{application}_file")
        return [f"/applications/{file.application.reference}/documents/{file.pk}/"]

    return paths


def told(page: str, base: str = "/my/messages") -> Paths:
    """A page of a message to the officer."""
    return lambda world: [f"{base}/{world.told.pk}/{page}"]


def work(page: str) -> str:
    """A members' page of the own city's partnership."""
    return f"/partnerships/two-cities/desk/{page}"


NOBODY = "00000000-0000-0000-0000-000000000000"
# anonymous and suspended are sent to log in; stranger and staff see a 404, as for what does not exist
SEEN = "302*2 404 200*3 404*3"
NO_POST = "302*2 404 405*3 404*3"
MINE = "302*2 200*7"
ONLY_STAFF = "302*6 200*3"
STAFF_POST = "302*6 405*3"
MEMBERS = "302*2 200*4 404*3"
MEMBERS_POST = "302*2 422*4 404*3"
FOR_REVIEWERS = "302*2 404*4 405*3"
# who keeps the page of Ale: its officer and its approver
KEEPERS = "302*2 404*2 200*2 404*3"
KEEPERS_READ = "302*2 404*2 405*2 404*3"
KEEPERS_SENT = "302*2 404*2 422*2 404*3"
NO_FACT = "302*2 404*7"
NO_POST_HERE = KEEPERS_READ
OTHER_CITY = "302*2 200 404*6"
OTHER_CITY_SENT = "302*2 422 404*6"

ROWS: tuple[Row, ...] = (
    row("partnerships:search", "/partner-search/", "200"),
    row("partnerships:idea_new", "/partner-search/new/", MINE, "302*2 422*7"),
    row("partnerships:idea", lambda world: [world.idea.get_absolute_url()], "200", "404*2 422*7"),
    row(
        "partnerships:idea_edit",
        lambda world: [f"{world.idea.get_absolute_url()}edit/"],
        "302*2 404*2 200*2 404*3",
        "302*2 404*2 422*2 404*3",
    ),
    row(
        "calls:joint_draft",
        lambda world: [f"{world.idea.get_absolute_url()}interests/{world.interest.pk}/"],
        "302*2 200 404 200*2 404*3",
        "302*2 422 404 422*2 404*3",
    ),
    row("healthz", "/healthz", "200"),
    row("calls:home", "/", "200"),
    row("calls:list", "/calls/", "200"),
    row("calls:call", "/calls/open-call/", "200"),
    row("calls:call", "/calls/hidden-call/", "404*6 200*3"),
    row("calls:call_ics", "/calls/open-call.ics", "200"),
    # a draft's dates are on its page alone, for staff, too
    row("calls:call_ics", "/calls/hidden-call.ics", "404", "405"),
    row("calls:deadlines_ics", "/calls/deadlines.ics", "200"),
    row("calls:feed", "/calls/feed.atom", "200"),
    row("calls:search_feed", "/calendar/unknown.ics", "404", "405"),
    row("calls:my_feed", "/calendar/mine/unknown.ics", "404", "405"),
    row("calls:my_calendar", "/my/calendar/", MINE, "302*2 422*7"),
    row("calls:questions", "/calls/open-call/questions/", "200"),
    row("calls:questions", "/calls/hidden-call/questions/", "404*6 200*3"),
    row("calls:qa", "/calls/open-call/qa/", "200"),
    row("calls:qa", "/calls/hidden-call/qa/", "404*6 200*3", "404*6 405*3"),
    row("calls:ask", "/calls/open-call/ask/", MINE, "302*2 422*7"),
    row("calls:ask", "/calls/hidden-call/ask/", "302*2 404*4 200*3", "302*2 404*4 422*3"),
    row("calls:questions_pdf", "/calls/open-call/questions.pdf", "200"),
    row("calls:questions_pdf", "/calls/hidden-call/questions.pdf", "404*6 200*3"),
    row("calls:results", "/calls/open-call/results/", "404", "405"),
    row("calls:results", "/calls/hidden-call/results/", "404", "405"),
    row("calls:check", "/calls/open-call/check/", "200"),
    row("calls:check", "/calls/hidden-call/check/", "404*6 200*3"),
    row("calls:programme", lambda world: [world.call.programme.get_absolute_url()], "200"),
    # a POST that names no organisation starts the draft of the only one, else asks which
    row("calls:start", "/calls/open-call/apply/", MINE, "302*2 302 200 302*2 200*3"),
    row("calls:start", "/calls/hidden-call/apply/", "404*6 200*3", "404*6 200*3"),
    # the page of who was invited to review; nobody here was
    row("calls:reviewer_invitation", "/reviewing/", "302*2 404*7", "302*2 404*7"),
    row("calls:my_applications", "/my/", MINE, "302*2 405*7"),
    # alerts: one press with an account, an address without one
    row("calls:save_search", "/alerts/new/", "200", "422*2 302*7"),
    row("calls:my_alerts", "/my/alerts/", MINE, "302*2 422*7"),
    row("calls:watch_opening", "/calls/open-call/opening/", "200", "422*2 409*7"),
    row("calls:watch_opening", "/calls/hidden-call/opening/", "404*6 200*3", "404*6 409*3"),
    row("calls:search_confirm", lambda world: [f"/alerts/confirm/{world.alert.secret}/"], "200", "302"),
    row("calls:search_unsubscribe", lambda world: [f"/alerts/stop/{world.alert.secret}/"], "200", "200"),
    row(
        "calls:address_alerts",
        lambda world: [f"/alerts/address/{world.alert.address.secret}/"],
        "200",
        "422",
    ),
    row("calls:search_confirm", "/alerts/confirm/unknown/", "404", "404"),
    row("calls:search_unsubscribe", "/alerts/stop/unknown/", "404", "404"),
    row("calls:address_alerts", "/alerts/address/unknown/", "404", "404"),
    # the reader's own messages; one of the officer's does not exist for others
    row("notifications:inbox", "/my/messages/", MINE, "302*2 405*7"),
    row("notifications:read_all", "/my/messages/read/", "302*2 405*7", "302"),
    row("notifications:preferences", "/my/messages/settings/", MINE, "302*2 422*7"),
    row("notifications:message", told(""), "302*2 404*2 200 404*4", "302*2 405*7"),
    row("notifications:read", told("read/"), "302*2 405*7", "302*2 404*2 302 404*4"),
    # the token is the right
    row("notifications:unsubscribe", lambda world: [unsubscribe_path_of(world.told)], "200", "200"),
    row("notifications:unsubscribe", "/messages/stop/none/", "404", "404"),
    row(
        "admin:notifications_message_retry",
        told("retry/", "/admin/notifications/message"),
        STAFF_POST,
        "302*6 409*3",
    ),
    row(
        "admin:notifications_message_call_off",
        told("call-off/", "/admin/notifications/message"),
        STAFF_POST,
        "302*6 422*3",
    ),
    row(
        "admin:notifications_message_retry_many",
        "/admin/notifications/message/retry/",
        STAFF_POST,
        "302*6 422*3",
    ),
    row("calls:application", own("draft"), SEEN, NO_POST),
    row("calls:application", own("submitted"), SEEN, NO_POST),
    row("calls:application", own("reviewed"), SEEN, NO_POST),
    # nothing was posted and nothing is kept: that is no conflict, and no new version
    row("calls:section", own("draft", "s/summary/"), SEEN, "302*2 404 403 302*2 404*3"),
    row("calls:section", own("draft", "s/unknown/"), "302*2 404*7", "302*2 404*7"),
    # without a session a script is told so, and not led to a login page
    row("calls:autosave", own("draft", "s/summary/autosave/"), NO_POST, "401*2 404 403 200*2 404*3"),
    row("calls:autosave", own("draft", "s/unknown/autosave/"), "302*2 404 405*3 404*3", "401*2 404*7"),
    row("calls:looked", own("draft", "s/summary/looked/"), NO_POST, "302*2 404 403 204*2 404*3"),
    row("calls:partners", own("draft", "partners/"), SEEN, "302*2 404 422*3 404*3"),
    row("calls:partners", own("submitted", "partners/"), SEEN, "302*2 404 422*3 404*3"),
    row("calls:team", own("draft", "team/"), SEEN, "302*2 404 422*3 404*3"),
    row("calls:documents", own("draft", "documents/"), SEEN, "302*2 404 422*3 404*3"),
    row("calls:documents", own("submitted", "documents/"), SEEN, "302*2 404 422*3 404*3"),
    row("calls:document", file_of("draft"), SEEN, "302*2 405*7"),
    # staff fetch what was submitted
    row("calls:document", file_of("submitted"), "302*2 404 200*6", "302*2 405*7"),
    row("calls:document", own("draft", f"documents/{NOBODY}/"), "302*2 404*7", "302*2 405*7"),
    row("calls:check_answers", own("draft", "check/"), SEEN, NO_POST),
    row("calls:check_answers", own("submitted", "check/"), SEEN, NO_POST),
    row("calls:submit", own("draft", "submit/"), NO_POST, "302*2 404 403 409*2 404*3"),
    row("calls:submit", own("submitted", "submit/"), NO_POST, "302*2 404 403 409*2 404*3"),
    row("calls:receipt", own("draft", "receipt/"), "302*2 404 302*3 404*3", NO_POST),
    row("calls:receipt", own("submitted", "receipt/"), SEEN, NO_POST),
    row("calls:receipt", own("submitted", "receipt/?format=json"), SEEN, NO_POST),
    # nothing is published: for the city there is no outcome yet
    row("calls:feedback", own("reviewed", "feedback/"), "302*2 404*7", NO_POST),
    row("calls:offer", own("reviewed", "offer/"), "302*2 404*7", "302*2 404*7"),
    row("calls:complaint", own("reviewed", "complaint/"), "302*2 404*7", "302*2 404*7"),
    row("calls:pdf", own("draft", "pdf/"), "302*2 404 302*3 404*3", NO_POST),
    row("calls:pdf", own("draft", "pdf/?preview"), SEEN, NO_POST),
    row("calls:pdf", own("submitted", "pdf/"), SEEN, NO_POST),
    row("calls:pdf", own("submitted", "pdf/?submission=7"), "302*2 404*7", NO_POST),
    row("calls:history", own("draft", "history/"), SEEN, NO_POST),
    row("calls:history", own("submitted", "history/"), SEEN, NO_POST),
    row(
        "calls:reopen",
        own("submitted", "reopen/"),
        "302*2 404 403 200*2 404*3",
        "302*2 404 403 409*2 404*3",
    ),
    row(
        "calls:restore",
        own("submitted", "restore/"),
        "302*2 404 403 200*2 404*3",
        "302*2 404 403 409*2 404*3",
    ),
    row(
        "calls:withdraw", own("draft", "withdraw/"), "302*2 404 403 200*2 404*3", "302*2 404 403 302*2 404*3"
    ),
    row(
        "calls:withdraw",
        own("reviewed", "withdraw/"),
        "302*2 404 403 200*2 404*3",
        "302*2 404 403 302*2 404*3",
    ),
    # the secret in the address is the right; who is logged in makes no difference
    row("calls:consent", lambda world: [f"/consent/{world.consent_token}/"], "200", "422"),
    row("calls:consent", "/consent/unknown/", "404", "404"),
    # sent to the stranger; with another address it opens nothing
    row(
        "calls:invitation",
        lambda world: [f"/invitations/{world.team_token}/"],
        "302*2 200 403*6",
        "302*2 302 403*6",
    ),
    row("calls:invitation", "/invitations/unknown/", "302*2 404*7", "302*2 404*7"),
    row("calls:verify", "/verify/", "200", "422"),
    row("calls:verify_this", f"/verify/{'ab' * 32}/", "200", "422"),
    row("calls:verify_this", "/verify/nothing/", "422", "422"),
    row("partnerships:cities", "/cities/", "200"),
    row("partnerships:city", "/cities/ale-se/", "200"),
    # officers and approvers of the municipality keep its page; for everybody else there is no such page
    row("partnerships:city_edit", "/cities/ale-se/edit/", KEEPERS, KEEPERS_READ),
    row("partnerships:city_about", "/cities/ale-se/edit/about/", KEEPERS, "302*2 404*2 409*2 404*3"),
    row("partnerships:city_population", "/cities/ale-se/edit/population/", KEEPERS, KEEPERS_SENT),
    row("partnerships:city_interests", "/cities/ale-se/edit/interests/", KEEPERS, "302*2 404*2 409*2 404*3"),
    row("partnerships:city_fact_add", "/cities/ale-se/edit/networks/", KEEPERS, KEEPERS_SENT),
    row("partnerships:city_fact_add", "/cities/ale-se/edit/commitments/", KEEPERS, KEEPERS_SENT),
    row("partnerships:city_fact_add", "/cities/ale-se/edit/agreements/", KEEPERS, KEEPERS_SENT),
    row("partnerships:city_fact_add", "/cities/ale-se/edit/exchanges/", KEEPERS, KEEPERS_SENT),
    row("partnerships:city_fact_add", "/cities/ale-se/edit/offices/", NO_FACT, NO_FACT),
    row("partnerships:city_fact_add", "/cities/ghanzi-bw/edit/networks/", OTHER_CITY, OTHER_CITY_SENT),
    # nothing of this id is a fact of the city
    row("partnerships:city_fact", "/cities/ale-se/edit/networks/9/", NO_FACT, NO_FACT),
    row("partnerships:city_take_back", "/cities/ale-se/edit/networks/9/take-back/", NO_POST_HERE, NO_FACT),
    row("partnerships:city_office_add", "/cities/ale-se/edit/networks/9/offices/", NO_FACT, NO_FACT),
    row("partnerships:city_report", "/cities/ale-se/edit/commitments/9/report/", NO_FACT, NO_FACT),
    row("partnerships:city_grace", "/cities/ale-se/edit/commitments/9/grace/", NO_POST_HERE, NO_FACT),
    row("partnerships:list", "/partnerships/", "200"),
    row("partnerships:partnership", "/partnerships/two-cities/", "200"),
    # the stranger's city is a member, too; viewers read, and staff have pages of their own
    row("partnerships:work", work(""), MEMBERS, "302*2 405*4 404*3"),
    row("partnerships:work_members", work("members/"), MEMBERS, MEMBERS_POST),
    row("partnerships:work_agreement", work("agreement/"), MEMBERS, "302*2 409 403 409*2 404*3"),
    row("partnerships:work_version", work("agreement/1/"), "302*2 404*7", "302*2 405*4 404*3"),
    row("partnerships:work_milestones", work("milestones/"), MEMBERS, MEMBERS_POST),
    row("partnerships:work_papers", work("documents/"), MEMBERS, MEMBERS_POST),
    row("partnerships:work_reports", work("reports/"), MEMBERS, MEMBERS_POST),
    row("partnerships:work_report", work("reports/1/"), "302*2 404*7", "302*2 404*7"),
    row("partnerships:work_budget", work("budget/"), MEMBERS, MEMBERS_POST),
    row("partnerships:work_indicators", work("indicators/"), MEMBERS, MEMBERS_POST),
    row("partnerships:work_people", work("people/"), MEMBERS, MEMBERS_POST),
    row("partnerships:work_stories", work("stories/"), MEMBERS, MEMBERS_POST),
    row("partnerships:work_stage", work("stage/"), MEMBERS, "302*2 409 403 409*2 404*3"),
    row("partnerships:joining", "/partnerships/joining/1/", "302*2 404*7", "302*2 404*7"),
    row("partnerships:paper", f"/partnerships/two-cities/documents/{NOBODY}/", "404"),
    row(
        "admin:partnerships_partnership_record",
        lambda world: [f"/admin/partnerships/partnership/{world.partnership.pk}/record/"],
        ONLY_STAFF,
        "302*6 422*3",
    ),
    row("admin:partnerships_duereport_changelist", "/admin/partnerships/duereport/", ONLY_STAFF, ONLY_STAFF),
    row(
        "admin:partnerships_duereport_change",
        "/admin/partnerships/duereport/1/",
        "302*6 404*3",
        "302*6 404*3",
    ),
    row("web:accessibility", "/accessibility/", "200"),
    row("web:privacy", "/privacy/", "200"),
    row("web:components", "/components/", "200"),
    row("web:demo_mail", "/demo/mail/", "404"),
    row("web:demo_mail_detail", "/demo/mail/m1/", "404"),
    row("web:demo_mail_page", "/demo/mail/m1/page/", "404"),
    row("account_login", "/account/login/", "200*2 302*7", "200*2 302*7"),
    row("account_request_login_code", "/account/login/code/", "200*2 302*7", "200*2 302*7"),
    row("account_confirm_login_code", "/account/login/code/confirm/", "302", "302"),
    row("account_signup", "/account/signup/", "200*2 302*7", "200*2 302*7"),
    row("account_logout", "/account/logout/", MINE, "302"),
    row("account_inactive", "/account/inactive/", "200"),
    row("account_email", "/account/email/", MINE, "302"),
    row("account_email_verification_sent", "/account/confirm-email/", "302", "302"),
    row("account_reauthenticate", "/account/reauthenticate/", MINE, MINE),
    # everybody here has a password, which comes first; nothing was kept
    row("account_reauthenticate_code", "/account/reauthenticate/code/", "302", "302"),
    row("account_continue", "/account/continue/", "302", "302*2 405*7"),
    row("mfa_index", "/account/second-factor/", MINE, "302*2 405*7"),
    row("mfa_authenticate", "/account/second-factor/authenticate/", "302", "302"),
    row("mfa_reauthenticate", "/account/second-factor/reauthenticate/", "302", "302"),
    row("mfa_activate_totp", "/account/second-factor/totp/activate/", "302", "302"),
    row("mfa_deactivate_totp", "/account/second-factor/totp/deactivate/", "302*2 404*7", "302*2 404*7"),
    row("mfa_view_recovery_codes", "/account/second-factor/recovery-codes/", "302*2 404*7", "302*2 405*7"),
    row("mfa_generate_recovery_codes", "/account/second-factor/recovery-codes/generate/", "302", "302"),
    row(
        "mfa_download_recovery_codes",
        "/account/second-factor/recovery-codes/download/",
        "302*2 404*7",
        "302*2 404*7",
    ),
    row("mfa_list_webauthn", "/account/second-factor/webauthn/", MINE, "302*2 405*7"),
    row("mfa_add_webauthn", "/account/second-factor/webauthn/add/", "302", "302"),
    row("mfa_reauthenticate_webauthn", "/account/second-factor/webauthn/reauthenticate/", "302", "302"),
    row("mfa_remove_webauthn", "/account/second-factor/webauthn/keys/0/remove/", "302", "302"),
    row("mfa_edit_webauthn", "/account/second-factor/webauthn/keys/0/edit/", "302", "302"),
    row("account_change_password", "/account/password/change/", MINE, MINE),
    row("account_set_password", "/account/password/set/", "302", "302"),
    row("account_reset_password", "/account/password/reset/", "200", "200"),
    row("account_reset_password_done", "/account/password/reset/done/", "200"),
    row("account_reset_password_from_key", "/account/password/reset/key/1-a-b/", "200", "200"),
    row("account_reset_password_from_key_done", "/account/password/reset/key/done/", "200"),
)


def admin(pk: Callable[[World], int], model: str, suffix: str) -> Paths:
    return lambda world: [f"/admin/{model}/{pk(world)}/{suffix}"]


def application_page(suffix: str) -> Paths:
    return admin(lambda world: world.submitted.pk, "calls/application", suffix)


def round_page(suffix: str) -> Paths:
    """A page of the call whose outcome is recommended."""
    return lambda world: [f"/admin/calls/call/{world.reviewed.call_id}/{suffix}"]


def round_step(suffix: str) -> Paths:
    """A step on the recommended outcome."""
    return lambda world: [
        f"/admin/calls/call/{world.reviewed.call_id}/decisions/{world.reviewed.pk}/{suffix}"
    ]


def pairing_page(suffix: str) -> Paths:
    return admin(lambda world: world.pairing_call.pk, "calls/call", suffix)


def run_page(suffix: str) -> Paths:
    return pairing_page(f"pairing/1/{suffix}")


def quota_page(suffix: str) -> Paths:
    return lambda world: [
        f"/admin/calls/call/{world.pairing_call.pk}/setup/quotas/{world.pairing_call.quotas.first().pk}/{suffix}"
    ]


def rule_page(suffix: str) -> Paths:
    return lambda world: [f"/admin/calls/call/{world.call.pk}/rules/{world.call.rules.get().pk}/{suffix}"]


def assignment_page(suffix: str) -> Paths:
    """A page of one submitted application's assignments."""
    return lambda world: [
        f"/admin/calls/call/{world.submitted.call_id}/assignments/{world.submitted.pk}/{suffix}"
    ]


def proposal_page(suffix: str) -> Paths:
    return lambda world: [
        f"/admin/calls/call/{world.pairing_call.pk}/pairing/1/{world.run.proposals.earliest('pk').pk}/{suffix}"
    ]


def reviewer_page(suffix: str) -> Paths:
    """A page of a reviewer, of an application that is assigned to nobody."""
    return lambda world: [f"/admin/calls/assignment/{world.reviewed.pk}/{suffix}"]


STAFF_PAGES: tuple[Row, ...] = (
    row("admin:index", "/admin/", ONLY_STAFF, ONLY_STAFF),
    row("admin:login", "/admin/login/", "302*2 403*4 302*3", "302*2 403*4 302*3"),
    row("admin:logout", "/admin/logout/", "302", "302"),
    row("admin:app_list", "/admin/calls/", ONLY_STAFF, ONLY_STAFF),
    row("admin:autocomplete", "/admin/autocomplete/", "302*6 403*3", STAFF_POST),
    row("admin:jsi18n", "/admin/jsi18n/", ONLY_STAFF, STAFF_POST),
    row("admin:password_change", "/admin/password_change/", ONLY_STAFF, ONLY_STAFF),
    row("admin:password_change_done", "/admin/password_change/done/", ONLY_STAFF, STAFF_POST),
    row("admin:view_on_site", "/admin/r/1/1/", "302*6 404*3", "302*6 404*3"),
    row("admin:partnerships_city_stated", "/admin/partnerships/city/stated/", ONLY_STAFF, "302*6 422*3"),
    row("admin:partnerships_city_import", "/admin/partnerships/city/import/", ONLY_STAFF, "302*6 422*3"),
    *(
        row(
            f"admin:partnerships_city_import_{name}",
            f"/admin/partnerships/city/import/0/{route}",
            "302*6 404*3" if name in ("page", "refused") else STAFF_POST,
            STAFF_POST if name in ("page", "refused") else "302*6 404*3",
        )
        for name, route in {
            "page": "",
            "confirm": "confirm/",
            "cancel": "cancel/",
            "refused": "refused.csv",
        }.items()
    ),
    row("admin:jobs_taskrun_changelist", "/admin/jobs/taskrun/", ONLY_STAFF, STAFF_POST),
    row("admin:calls_application_changelist", "/admin/calls/application/", ONLY_STAFF, STAFF_POST),
    row("admin:calls_application_bulk", "/admin/calls/application/bulk/", "302*6 404*3", "302*6 404*3"),
    row(
        "admin:calls_application_bulk",
        "/admin/calls/application/bulk/?action=screen",
        "302*6 422*3",
        "302*6 404*3",
    ),
    row("admin:calls_application_views", "/admin/calls/application/views/", ONLY_STAFF, STAFF_POST),
    row(
        "admin:calls_application_save_view", "/admin/calls/application/views/save/", STAFF_POST, "302*6 422*3"
    ),
    row(
        "admin:calls_application_change_view", "/admin/calls/application/views/0/", STAFF_POST, "302*6 404*3"
    ),
    row(
        "admin:calls_application_delete_view",
        "/admin/calls/application/views/0/delete/",
        STAFF_POST,
        "302*6 404*3",
    ),
    row("admin:calls_application_export", "/admin/calls/application/export/", STAFF_POST, "302*6 422*3"),
    row(
        "admin:calls_application_export_chosen",
        lambda world: [f"/admin/calls/application/export/chosen/?chosen={world.reviewed.pk}"],
        ONLY_STAFF,
        STAFF_POST,
    ),
    row(
        "admin:calls_application_export_page", "/admin/calls/application/export/0/", "302*6 404*3", STAFF_POST
    ),
    row(
        "admin:calls_application_export_file",
        "/admin/calls/application/export/0/file/",
        "302*6 404*3",
        STAFF_POST,
    ),
    row(
        "admin:calls_application_cancel_export",
        "/admin/calls/application/export/0/cancel/",
        STAFF_POST,
        "302*6 404*3",
    ),
    row("admin:calls_application_change", application_page(""), ONLY_STAFF, STAFF_POST),
    row(
        "admin:calls_application_change",
        admin(lambda world: world.draft.pk, "calls/application", ""),
        "302*6 404*3",
        STAFF_POST,
    ),
    row("admin:calls_application_screen", application_page("screen/"), STAFF_POST, "302*6 422*3"),
    row("admin:calls_application_correction", application_page("correction/"), ONLY_STAFF, "302*6 422*3"),
    row(
        "admin:calls_application_correction",
        admin(lambda world: world.draft.pk, "calls/application", "correction/"),
        "302*6 404*3",
        "302*6 404*3",
    ),
    row(
        "admin:calls_application_close_correction",
        application_page("correction/close/"),
        STAFF_POST,
        "302*6 422*3",
    ),
    row(
        "admin:calls_application_finish_review", application_page("finish-review/"), STAFF_POST, "302*6 422*3"
    ),
    # reviewers need not be staff; tests/authorisation/test_reviewers.py asks them, and here nobody is one
    row("admin:calls_assignment_changelist", "/admin/calls/assignment/", "302*2 404*4 200*3", FOR_REVIEWERS),
    row("admin:calls_assignment_desk", reviewer_page(""), "302*2 404*7", "302*2 404*7"),
    row("admin:calls_assignment_autosave", reviewer_page("autosave/"), "401*2 404*4 405*3", "401*2 404*7"),
    row("admin:calls_assignment_declare", reviewer_page("declare/"), FOR_REVIEWERS, "302*2 404*7"),
    row("admin:calls_assignment_conflict", reviewer_page("conflict/"), FOR_REVIEWERS, "302*2 404*7"),
    row("admin:calls_assignment_abstain", reviewer_page("abstain/"), FOR_REVIEWERS, "302*2 404*7"),
    row("admin:calls_assignment_reopen", reviewer_page("reopen/"), FOR_REVIEWERS, "302*2 404*7"),
    row("admin:calls_assignment_pdf", reviewer_page("pdf/"), "302*2 404*7", FOR_REVIEWERS),
    row(
        "admin:calls_assignment_document", reviewer_page(f"documents/{NOBODY}/"), "302*2 404*7", FOR_REVIEWERS
    ),
    row("admin:calls_application_recommend", application_page("recommend/"), STAFF_POST, "302*6 422*3"),
    row("admin:calls_application_approve", application_page("approve/"), STAFF_POST, "302*6 422*3"),
    row("admin:calls_application_find", "/admin/calls/application/extend/", ONLY_STAFF, STAFF_POST),
    row("admin:calls_application_history", application_page("history/"), ONLY_STAFF, STAFF_POST),
    row("admin:history_historyentry_changelist", "/admin/history/historyentry/", ONLY_STAFF, STAFF_POST),
    row("admin:calls_application_waivers", application_page("waivers/"), ONLY_STAFF, "302*6 422*3"),
    row("admin:calls_application_end_waiver", application_page("waivers/0/end/"), STAFF_POST, "302*6 404*3"),
    row("admin:calls_application_reassess", application_page("assess/"), STAFF_POST, "302"),
    row("admin:calls_application_extend", application_page("extend/"), ONLY_STAFF, "302*6 422*3"),
    row(
        "admin:calls_application_extend",
        admin(lambda world: world.draft.pk, "calls/application", "extend/"),
        ONLY_STAFF,
        "302*6 422*3",
    ),
    row("admin:calls_application_pdf", application_page("pdf/"), ONLY_STAFF, STAFF_POST),
    row(
        "admin:calls_application_pdf",
        admin(lambda world: world.draft.pk, "calls/application", "pdf/"),
        "302*6 404*3",
        STAFF_POST,
    ),
    row("admin:calls_call_amend", pairing_page("amend/"), ONLY_STAFF, "302*6 422*3"),
    row("admin:calls_call_cancel", pairing_page("cancel/"), ONLY_STAFF, "302*6 422*3"),
    row("admin:calls_call_correct", pairing_page("correct/"), ONLY_STAFF, "302*6 200*3"),
    row(
        "admin:calls_call_correct",
        lambda world: [f"/admin/calls/call/{world.call.pk}/correct/?question=title"],
        ONLY_STAFF,
        "302*6 422*3",
    ),
    row("admin:calls_enquiry_changelist", "/admin/calls/enquiry/", ONLY_STAFF, ONLY_STAFF),
    row(
        "admin:calls_enquiry_change",
        admin(lambda world: world.enquiry.pk, "calls/enquiry", ""),
        ONLY_STAFF,
        "302*6 422*3",
    ),
    row("admin:calls_call_eligible", pairing_page("eligible/"), ONLY_STAFF, STAFF_POST),
    row("admin:calls_call_rules", pairing_page("rules/"), ONLY_STAFF, STAFF_POST),
    row("admin:calls_call_rule_add", pairing_page("rules/add/?kind=themes"), ONLY_STAFF, "302*6 422*3"),
    row("admin:calls_call_rule_add", pairing_page("rules/add/"), "302*6 404*3", "302*6 404*3"),
    row("admin:calls_call_rule", rule_page(""), ONLY_STAFF, "302*6 422*3"),
    row("admin:calls_call_rule_move", rule_page("move/"), STAFF_POST, "302*6 409*3"),
    row("admin:calls_call_rule_remove", rule_page("remove/"), ONLY_STAFF, "302*6 422*3"),
    row("admin:calls_call_clone", pairing_page("clone/"), ONLY_STAFF, "302*6 422*3"),
    row("admin:calls_call_setup", pairing_page("setup/"), ONLY_STAFF, STAFF_POST),
    row("admin:calls_call_setup_ask", pairing_page("setup/ask/"), STAFF_POST, "302*6 409*3"),
    row("admin:calls_call_setup_publish", pairing_page("setup/publish/"), STAFF_POST, "302*6 409*3"),
    row("admin:calls_call_setup_dates", pairing_page("setup/dates/"), ONLY_STAFF, "302*6 409*3"),
    row("admin:calls_call_setup_settings", pairing_page("setup/settings/"), ONLY_STAFF, "302*6 422*3"),
    row("admin:calls_call_setup_letters", pairing_page("setup/letters/"), ONLY_STAFF, "302*6 409*3"),
    row("admin:calls_call_setup_pairing", pairing_page("setup/pairing/"), ONLY_STAFF, "302*6 422*3"),
    row(
        "admin:calls_call_setup_report_reminders",
        pairing_page("setup/report-reminders/"),
        ONLY_STAFF,
        "302*6 409*3",
    ),
    row("admin:calls_call_reminders", pairing_page("reminders/"), ONLY_STAFF, STAFF_POST),
    row("admin:calls_call_reminder_people", pairing_page("reminders/people/"), "302*6 404*3", STAFF_POST),
    row("admin:calls_call_setup_texts", pairing_page("setup/texts/"), ONLY_STAFF, STAFF_POST),
    row("admin:calls_call_setup_text", pairing_page("setup/texts/en/"), ONLY_STAFF, "302*6 409*3"),
    row("admin:calls_call_setup_text", pairing_page("setup/texts/xx/"), "302*6 404*3", "302*6 404*3"),
    row(
        "admin:calls_call_setup_text_remove",
        pairing_page("setup/texts/en/remove/"),
        STAFF_POST,
        "302*6 409*3",
    ),
    row("admin:calls_call_setup_form", pairing_page("setup/form/"), ONLY_STAFF, STAFF_POST),
    row("admin:calls_call_setup_section_add", pairing_page("setup/form/add/"), "302*6 404*3", "302*6 404*3"),
    row("admin:calls_call_setup_section", pairing_page("setup/form/0/"), "302*6 404*3", "302*6 404*3"),
    row("admin:calls_call_setup_section_step", pairing_page("setup/form/0/step/"), STAFF_POST, "302*6 404*3"),
    row(
        "admin:calls_call_setup_question_add", pairing_page("setup/form/0/add/"), "302*6 404*3", "302*6 404*3"
    ),
    row(
        "admin:calls_call_setup_question",
        pairing_page("setup/form/question/0/"),
        "302*6 404*3",
        "302*6 404*3",
    ),
    row(
        "admin:calls_call_setup_question_step",
        pairing_page("setup/form/question/0/step/"),
        STAFF_POST,
        "302*6 404*3",
    ),
    row("admin:calls_call_setup_part", pairing_page("setup/quotas/"), ONLY_STAFF, STAFF_POST),
    row("admin:calls_call_setup_part", pairing_page("setup/unknown/"), "302*6 404*3", "302*6 404*3"),
    row("admin:calls_call_setup_part_add", pairing_page("setup/quotas/add/"), ONLY_STAFF, "302*6 422*3"),
    row("admin:calls_call_setup_row", quota_page(""), ONLY_STAFF, "302*6 409*3"),
    row("admin:calls_call_setup_row_move", quota_page("move/"), STAFF_POST, "302*6 404*3"),
    row("admin:calls_call_setup_row_remove", quota_page("remove/"), STAFF_POST, "302*6 409*3"),
    row("admin:calls_call_ranking", pairing_page("ranking/"), ONLY_STAFF, STAFF_POST),
    row("admin:calls_call_close_reviews", pairing_page("close-reviews/"), STAFF_POST, "302*6 409*3"),
    row("admin:calls_call_selection_create", pairing_page("selection/"), STAFF_POST, "302*6 422*3"),
    row("admin:calls_call_selection", pairing_page("selection/1/"), "302*6 404*3", STAFF_POST),
    row(
        "admin:calls_call_selection_what_if", pairing_page("selection/1/what-if/"), STAFF_POST, "302*6 404*3"
    ),
    row("admin:calls_call_selection_moves", pairing_page("selection/1/moves/"), "302*6 404*3", STAFF_POST),
    row(
        "admin:calls_call_selection_export", pairing_page("selection/1/list.xlsx"), "302*6 404*3", STAFF_POST
    ),
    row(
        "admin:calls_call_selection_compare",
        pairing_page("selection/1/compare/2/"),
        "302*6 404*3",
        STAFF_POST,
    ),
    row("admin:calls_reviewer_changelist", "/admin/calls/reviewer/", ONLY_STAFF, ONLY_STAFF),
    row("admin:calls_reviewer_add", "/admin/calls/reviewer/add/", ONLY_STAFF, "302*6 422*3"),
    row("admin:calls_reviewer_change", "/admin/calls/reviewer/0/", "302*6 404*3", "302*6 404*3"),
    row("admin:calls_reviewer_again", "/admin/calls/reviewer/0/again/", STAFF_POST, "302*6 404*3"),
    row("admin:calls_reviewer_retire", "/admin/calls/reviewer/0/retire/", STAFF_POST, "302*6 404*3"),
    row("admin:calls_call_panel", pairing_page("panel/"), ONLY_STAFF, STAFF_POST),
    row("admin:calls_call_panel_add", pairing_page("panel/add/"), STAFF_POST, "302*6 422*3"),
    row("admin:calls_call_panel_change", pairing_page("panel/0/"), STAFF_POST, "302*6 404*3"),
    row("admin:calls_call_panel_remove", pairing_page("panel/0/remove/"), STAFF_POST, "302*6 404*3"),
    # nothing names what the page showed: it is another one by now
    row("admin:calls_call_assignments", pairing_page("assignments/"), ONLY_STAFF, "302*6 409*3"),
    row("admin:calls_call_assign_csv", pairing_page("assignments/csv/"), ONLY_STAFF, "302*6 422*3"),
    row("admin:calls_call_assign_auto", pairing_page("assignments/auto/"), ONLY_STAFF, "302*6 409*3"),
    row("admin:calls_call_assigning_run", pairing_page("assignments/auto/0/"), "302*6 404*3", STAFF_POST),
    row(
        "admin:calls_call_assigning_cancel",
        pairing_page("assignments/auto/0/cancel/"),
        STAFF_POST,
        "302*6 404*3",
    ),
    row("admin:calls_call_assign_one", assignment_page(""), ONLY_STAFF, "302*6 409*3"),
    row("admin:calls_call_conflict", assignment_page("conflict/"), STAFF_POST, "302*6 422*3"),
    row("admin:calls_call_lift_conflict", assignment_page("conflict/0/lift/"), STAFF_POST, "302*6 404*3"),
    row("admin:calls_call_pin", pairing_page("assignments/pin/0/"), STAFF_POST, "302*6 404*3"),
    row("admin:calls_call_unassign", pairing_page("assignments/take/0/"), STAFF_POST, "302*6 404*3"),
    row("admin:calls_call_decisions", round_page("decisions/"), ONLY_STAFF, STAFF_POST),
    row("admin:calls_call_approve_list", round_page("decisions/approve/"), STAFF_POST, "302*6 422*3"),
    row("admin:calls_call_approve_one", round_step("approve/"), STAFF_POST, "302*6 422*3"),
    row("admin:calls_call_send_back", round_step("back/"), STAFF_POST, "302*6 422*3"),
    row("admin:calls_call_lapse_place", round_step("lapse/"), STAFF_POST, "302*6 422*3"),
    row("admin:calls_call_extend_answer", round_step("due/"), "302*6 404*3", "302*6 404*3"),
    row("admin:calls_call_replace", round_step("replace/"), STAFF_POST, "302*6 404*3"),
    row("admin:calls_call_letters", round_page("letters/"), ONLY_STAFF, STAFF_POST),
    row("admin:calls_call_publish_results", round_page("publish-results/"), ONLY_STAFF, "302*6 422*3"),
    row("admin:calls_call_recommend_list", round_page("selection/1/recommend/"), STAFF_POST, "302*6 404*3"),
    row("admin:calls_call_sides", round_page("sides/"), "302*6 404*3", STAFF_POST),
    row("admin:calls_call_recommend_votes", round_page("sides/recommend/"), STAFF_POST, "302*6 404*3"),
    row(
        "admin:calls_call_side_vote",
        lambda world: [f"/admin/calls/call/{world.reviewed.call_id}/sides/{world.reviewed.pk}/vote/"],
        STAFF_POST,
        "302*6 404*3",
    ),
    row("admin:calls_webhookendpoint_changelist", "/admin/calls/webhookendpoint/", ONLY_STAFF, ONLY_STAFF),
    row("admin:calls_webhookendpoint_add", "/admin/calls/webhookendpoint/add/", ONLY_STAFF, "302*6 422*3"),
    row("admin:calls_webhookendpoint_change", "/admin/calls/webhookendpoint/1/", *["302*6 404*3"] * 2),
    row(
        "admin:calls_webhookendpoint_secret",
        "/admin/calls/webhookendpoint/1/secret/",
        "302*6 405*3",
        "302*6 404*3",
    ),
    row(
        "admin:calls_webhookendpoint_resume",
        "/admin/calls/webhookendpoint/1/resume/",
        "302*6 405*3",
        "302*6 404*3",
    ),
    row(
        "admin:calls_webhookendpoint_test",
        "/admin/calls/webhookendpoint/1/test/",
        "302*6 405*3",
        "302*6 404*3",
    ),
    row("admin:calls_webhookdelivery_changelist", "/admin/calls/webhookdelivery/", ONLY_STAFF, ONLY_STAFF),
    row("admin:calls_webhookdelivery_change", "/admin/calls/webhookdelivery/1/", "302*6 404*3", STAFF_POST),
    row(
        "admin:calls_webhookdelivery_retry",
        "/admin/calls/webhookdelivery/1/retry/",
        "302*6 405*3",
        "302*6 404*3",
    ),
    row(
        "admin:calls_webhookdelivery_cancel",
        "/admin/calls/webhookdelivery/1/cancel/",
        "302*6 405*3",
        "302*6 404*3",
    ),
    row("admin:calls_complaint_changelist", "/admin/calls/complaint/", ONLY_STAFF, ONLY_STAFF),
    row("admin:calls_complaint_change", "/admin/calls/complaint/1/", "302*6 404*3", "302*6 404*3"),
    row("admin:calls_call_pairing", pairing_page("pairing/"), ONLY_STAFF, STAFF_POST),
    row("admin:calls_call_pairing_run", pairing_page("pairing/run/"), STAFF_POST, "302"),
    row("admin:calls_call_pairing_cancel", run_page("cancel/"), STAFF_POST, "302*6 409*3"),
    row("admin:calls_call_pairing_recommend", run_page("recommend/"), STAFF_POST, "302"),
    row("admin:calls_call_pairing_publish", run_page("publish/"), ONLY_STAFF, "302*6 422*3"),
    row("admin:calls_call_pairing_what_if", run_page("what-if/"), ONLY_STAFF, "302*6 422*3"),
    row("admin:calls_call_pairing_map", run_page("map/"), ONLY_STAFF, STAFF_POST),
    row("admin:calls_call_pairing_matrix", run_page("matrix/"), ONLY_STAFF, STAFF_POST),
    row("admin:calls_call_pairing_without", run_page("without/"), ONLY_STAFF, STAFF_POST),
    row("admin:calls_call_pairing_proof", run_page("proof/"), ONLY_STAFF, STAFF_POST),
    row("admin:calls_call_pairing_download", run_page("input.json"), ONLY_STAFF, STAFF_POST),
    row("admin:calls_call_pairing_download", run_page("result.json"), ONLY_STAFF, STAFF_POST),
    row("admin:calls_call_pairing_compare", pairing_page("pairing/compare/"), ONLY_STAFF, STAFF_POST),
    row(
        "admin:calls_call_pairing_directives", pairing_page("pairing/directives/"), ONLY_STAFF, "302*6 422*3"
    ),
    row(
        "admin:calls_call_pairing_directive_end",
        pairing_page("pairing/directives/0/end/"),
        STAFF_POST,
        "302*6 404*3",
    ),
    row(
        "admin:calls_call_pairing_note_remove",
        pairing_page("pairing/notes/0/remove/"),
        STAFF_POST,
        "302*6 404*3",
    ),
    row("admin:calls_call_pairing_note", proposal_page("note/"), STAFF_POST, "302*6 422*3"),
    row("admin:calls_call_pairing_direct", proposal_page("pin/"), STAFF_POST, "302*6 422*3"),
    row("admin:calls_call_pairing_introduce", proposal_page("introduce/"), STAFF_POST, "302*6 409*3"),
    row("admin:calls_call_pairing_answer_by", run_page("answer-by/"), STAFF_POST, "302*6 403 409*2"),
    row("calls:proposal", own("submitted", "proposal/"), "302*2 404*7", "302*2 404*7"),
)

# "edit": staff add and change, nobody deletes. "read": nobody writes. "admins": the administrator alone.
ADMIN_MODELS: dict[str, tuple[str, Callable[[World], object] | None]] = {
    "calls_application": ("own pages", None),
    "calls_assignment": ("own pages", None),
    "calls_call": ("read", lambda world: world.pairing_call.pk),
    "calls_enquiry": ("own pages", None),
    "calls_complaint": ("own pages", None),
    "calls_decision": ("read", lambda world: world.reviewed.decision.pk),
    "calls_pairingrun": ("read", lambda world: world.run.pk),
    "calls_programme": ("edit", lambda world: world.call.programme.pk),
    "calls_reviewer": ("own pages", None),
    "calls_section": ("read", lambda world: world.call.sections.get().pk),
    "calls_webhookdelivery": ("own pages", None),
    "calls_webhookendpoint": ("own pages", None),
    "history_historyentry": ("own pages", None),
    "jobs_taskrun": ("own pages", None),
    "notifications_message": ("read", lambda world: world.mail.pk),
    "partnerships_city": ("edit", lambda world: world.own.city.pk),
    "partnerships_commitment": ("edit", None),
    "partnerships_duereport": ("own pages", None),
    "partnerships_idea": ("read", lambda world: world.idea.pk),
    "partnerships_membership": ("edit", lambda world: world.membership.pk),
    "partnerships_network": ("edit", None),
    "partnerships_networkmembership": ("edit", None),
    "partnerships_organisation": ("edit", lambda world: world.own.pk),
    "partnerships_partnership": ("edit", lambda world: world.partnership.pk),
    "partnerships_theme": ("edit", lambda world: "waste"),
    "account_emailaddress": ("admins", None),
    "accounts_user": ("admins", lambda world: world.people["officer"].pk),
    "auth_group": ("admins", None),
}
# GET and POST of list, add, change, history, delete; an object that does not exist sends back to the index
STOCK = {
    "edit": (
        ("200*2", "200*2"),
        ("200*2", "200*2"),
        ("200*2", "200*2"),
        ("200*2", "200*2"),
        ("403*2", "403*2"),
    ),
    "read": (
        ("200*2", "200*2"),
        ("403*2", "403*2"),
        ("200*2", "403*2"),
        ("200*2", "200*2"),
        ("403*2", "403*2"),
    ),
    "admins": (("403 200", "403 200"),) * 4 + (("403 200", "403 200"),),
}
# where a model differs from its kind
EXCEPTIONS = {
    "calls_call": {
        "add": ("200*2", "200*2")
    },  # a new call is written as a draft; published ones are read only
    "accounts_user": {"delete": ("403*2", "403*2")},  # people are deactivated
}


def admin_rows() -> tuple[Row, ...]:
    """The portal's own staff pages and the stock pages of each registered model."""
    rows = list(STAFF_PAGES)
    for model, (kind, pk) in ADMIN_MODELS.items():
        if kind in STOCK:
            rows += _stock_rows(model, kind, pk)
    # the catch-all for missing slashes, and the redirect that each model's bare id has
    return (
        *rows,
        *(
            Row(f"admin:?{route}", lambda world: [], [], [])
            for route in ("(?P<url>.*)$", "<path:object_id>/")
        ),
    )


def _stock_rows(model: str, kind: str, pk: Callable[[World], object] | None) -> list[Row]:
    base = f"/admin/{model.replace('_', '/', 1)}/"
    pages = ("changelist", "add", "change", "history", "delete")
    rows = []
    for page, (get, post) in zip(pages, STOCK[kind], strict=True):
        get, post = EXCEPTIONS.get(model, {}).get(page, (get, post))
        paths = _stock_paths(base, page, pk)
        rows.append(row(f"admin:{model}_{page}", paths, f"302*2 {get}", f"302*2 {post}", FEW))
    return rows


def _stock_paths(base: str, page: str, pk: Callable[[World], object] | None) -> Paths:
    if page == "changelist":
        return lambda world: [base]
    if page == "add":
        return lambda world: [f"{base}add/"]
    # a model without a sample object is declared, its object pages have nothing to show
    return lambda world: [f"{base}{pk(world)}/{page}/"] if pk else []
