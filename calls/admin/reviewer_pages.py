"""The addresses of a call's review round before the scoring: panel, matrix, file, automatic assignment."""

from typing import Any

from calls.admin import assigning, assigning_many, assigning_one, assigning_run, panel

REVIEWER_PAGES: list[tuple[str, Any, str]] = [
    ("<int:pk>/panel/", panel.panel, "panel"),
    ("<int:pk>/panel/add/", panel.add, "panel_add"),
    ("<int:pk>/panel/<int:member_pk>/", panel.change, "panel_change"),
    ("<int:pk>/panel/<int:member_pk>/remove/", panel.remove, "panel_remove"),
    ("<int:pk>/assignments/", assigning.assignments, "assignments"),
    ("<int:pk>/assignments/csv/", assigning_many.from_file, "assign_csv"),
    ("<int:pk>/assignments/auto/", assigning_many.automatic, "assign_auto"),
    ("<int:pk>/assignments/auto/<int:run_pk>/", assigning_run.page, "assigning_run"),
    ("<int:pk>/assignments/auto/<int:run_pk>/cancel/", assigning_run.cancel, "assigning_cancel"),
    ("<int:pk>/assignments/<int:application_pk>/", assigning_one.one, "assign_one"),
    ("<int:pk>/assignments/<int:application_pk>/conflict/", assigning_one.conflict, "conflict"),
    (
        "<int:pk>/assignments/<int:application_pk>/conflict/<int:conflict_pk>/lift/",
        assigning_one.lift,
        "lift_conflict",
    ),
    ("<int:pk>/assignments/pin/<int:assignment_pk>/", assigning_one.keep, "pin"),
    ("<int:pk>/assignments/take/<int:assignment_pk>/", assigning_one.take, "unassign"),
]
