"""The list of applications: filters, columns, saved views, all in the address."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from calls.admin.pages import person, staff_page
from calls.forms.application_filters import SavedViewForm
from calls.forms.application_list import ARRANGE, COLUMN, SORT, ApplicationList, address_of, tidied
from calls.models import Application
from calls.operations.bulk import ACTIONS
from calls.queries import application_lists as lists
from calls.queries import staff
from calls.queries.application_columns import Column, reviews_in_words
from calls.queries.application_lines import Line, Reader
from calls.queries.deadlines import word_day
from calls.queries.saved_views import views_for
from calls.queries.tables import word_sum
from calls.templatetags.staff_tags import status_state
from cooperation.accounts.models import User
from cooperation.web.templatetags.portal import state

TEMPLATE = "admin/calls/application/list.html"
PAGE = "admin:calls_application_changelist"
PER_PAGE = 50
VERDICT_DOTS = {
    "eligible": "pass",
    "eligible_with_caution": "attention",
    "incomplete": "unknown",
    "not_eligible": "fail",
}


@dataclass(frozen=True)
class Cell:
    """One column of one line, set for reading."""

    column: Column
    words: str | SafeString


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The list that the address asks for; the bare address shows what waits for the reader, if anything."""
    user = person(request)
    changed = tidied(request.GET)
    if changed is not None:
        return redirect(f"{reverse(PAGE)}?{changed.urlencode()}")
    views = views_for(user)
    first = next((view for view in views if view.first and view.owner_id == user.pk), None)
    if not request.GET and first is not None:
        return redirect(f"{reverse(PAGE)}?{address_of(first)}")
    mine = lists.waiting_for_me(user)
    asked = ApplicationList(request.GET or QueryDict(f"todo={lists.MINE if mine else lists.ALL}"), user)
    asked.filters.mine = mine
    return page_of(request, asked, waiting=len(mine), views=views)


def page_of(
    request: HttpRequest, asked: ApplicationList, *, waiting: int, views: list[Any]
) -> TemplateResponse:
    user, valid = person(request), asked.is_valid()
    page = Paginator(asked.rows if valid else asked.filters.queryset.none(), PER_PAGE).get_page(
        asked.data.get("page")
    )
    here = asked.address()
    context: dict[str, Any] = {
        "title": _("Applications"),
        "staff_place": "applications",
        "asked": asked,
        "form": asked.filters.form,
        "address": here,
        "page": page,
        "lines": lines_of(page, asked.columns, user),
        "heads": asked.heads(),
        "waiting": waiting,
        "everything": Application.objects.for_staff(user).count(),
        "views": [
            {"view": view, "address": address_of(view), "current": address_of(view) == here} for view in views
        ],
        "chosen": [(words, asked.without(name, value)) for name, value, words in asked.filters.chosen()]
        if valid
        else [],
        "save": SavedViewForm(auto_id="save_%s"),
        "actions": [action for action in ACTIONS.values() if user.has_perm(action.right)],
        "exports": user.has_perm("calls.view_application"),
        "arranging": ARRANGE in asked.data,
        "todo": todo if (todo := asked.data.get("todo", "")) in staff.QUEUES else "",
        "filter_fields": asked.fields(*asked.filters.form.fields),
        "column_fields": asked.fields(COLUMN, SORT),
        "all_fields": asked.fields(),
        "orders": asked.orders(),
        "usual_columns": asked.address(leaving_out=[COLUMN]),
    }
    return staff_page(request, TEMPLATE, context, status=200 if valid else 400)


def lines_of(page: Page, columns: list[Column], user: User) -> list[dict[str, Any]]:
    """The lines of one page, each with its cells."""
    needs = frozenset().union(*(column.needs for column in columns))
    rows: Any = page.object_list
    ids = list(rows.values_list("pk", flat=True))
    lines = Reader(user, needs).by_ids(ids)
    return [
        {"line": line, "cells": [Cell(column, cell(column, line)) for column in columns]} for line in lines
    ]


def cell(column: Column, line: Line) -> str | SafeString:
    """A column's value in the reader's notation; a state as a dot and a word."""
    if column.key == "status":
        return status_state(line.application)
    if column.key == "verdict" and line.verdict:
        return state(VERDICT_DOTS.get(line.verdict, "unknown"), str(column.value(line)))
    if column.key == "reviews":
        return reviews_in_words(line)
    if column.key in ("mean", "spread", "recommendation") and line.sheets_hidden:
        return format_html('<span class="quiet">{}</span>', _("after your own"))
    return in_words(column.value(line))


def in_words(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, datetime):
        return word_day(value.date())
    if isinstance(value, date):
        return word_day(value)
    if isinstance(value, float):
        return number_format(value, 1)
    return word_sum(value) if isinstance(value, Decimal) else str(value)
