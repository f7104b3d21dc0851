"""Records that staff may add and correct but never delete: portfolios and receipts refer to them."""

from typing import Any

from django.http import HttpRequest

from cooperation.web.admin_input import CarefulInput


class Permanent(CarefulInput):
    """For a list or an inline of the admin: no deletion, neither one by one nor in bulk."""

    can_delete = False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
