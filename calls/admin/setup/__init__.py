"""Every page on which a call is set up, by its address under the call."""

from typing import Any

from calls.admin.setup import cloning, form, overview, parts, reminder_plan, settings

# Fixed addresses first: the others are sorts of parts.
PAGES: list[tuple[str, Any, str]] = [
    ("<int:pk>/clone/", cloning.clone, "clone"),
    ("<int:pk>/setup/", overview.setup, "setup"),
    ("<int:pk>/setup/ask/", overview.ask, "setup_ask"),
    ("<int:pk>/setup/publish/", overview.publish, "setup_publish"),
    ("<int:pk>/setup/dates/", settings.dates, "setup_dates"),
    ("<int:pk>/setup/settings/", settings.decide, "setup_settings"),
    ("<int:pk>/setup/letters/", settings.letters, "setup_letters"),
    ("<int:pk>/setup/pairing/", settings.pairing, "setup_pairing"),
    ("<int:pk>/setup/report-reminders/", settings.report_reminders, "setup_report_reminders"),
    ("<int:pk>/reminders/", reminder_plan.plan, "reminders"),
    ("<int:pk>/reminders/people/", reminder_plan.people, "reminder_people"),
    ("<int:pk>/setup/texts/", settings.texts, "setup_texts"),
    ("<int:pk>/setup/texts/<slug:language>/", settings.text, "setup_text"),
    ("<int:pk>/setup/texts/<slug:language>/remove/", settings.remove_text, "setup_text_remove"),
    ("<int:pk>/setup/form/", form.form, "setup_form"),
    ("<int:pk>/setup/form/add/", form.add_section, "setup_section_add"),
    ("<int:pk>/setup/form/<int:section_pk>/", form.section, "setup_section"),
    ("<int:pk>/setup/form/<int:section_pk>/step/", form.step_section, "setup_section_step"),
    ("<int:pk>/setup/form/<int:section_pk>/add/", form.add_question, "setup_question_add"),
    ("<int:pk>/setup/form/question/<int:question_pk>/", form.question, "setup_question"),
    ("<int:pk>/setup/form/question/<int:question_pk>/step/", form.step_question, "setup_question_step"),
    ("<int:pk>/setup/<slug:part>/", parts.rows, "setup_part"),
    ("<int:pk>/setup/<slug:part>/add/", parts.add, "setup_part_add"),
    ("<int:pk>/setup/<slug:part>/<int:row_pk>/", parts.change, "setup_row"),
    ("<int:pk>/setup/<slug:part>/<int:row_pk>/move/", parts.move, "setup_row_move"),
    ("<int:pk>/setup/<slug:part>/<int:row_pk>/remove/", parts.remove, "setup_row_remove"),
]
