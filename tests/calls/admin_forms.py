"""What a browser would post from a page of the admin."""

from django.urls import reverse


def change(row) -> str:
    return reverse(f"admin:calls_{row._meta.model_name}_change", args=[row.pk])


def posted(client, address: str, **changes: object) -> dict[str, object]:
    """What a browser would post from the page, with changes."""
    context = client.get(address).context
    forms = [context["adminform"].form]
    for formset in context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    data: dict[str, object] = {}
    for form in forms:
        for field in form:
            data |= _value(field)
    return {**data, **changes}


def _value(field) -> dict[str, object]:
    value = (
        field.field.prepare_value(field.value()) if hasattr(field.field, "prepare_value") else field.value()
    )
    if hasattr(field.field.widget, "widgets"):
        parts = field.field.widget.decompress(value)
        widgets = field.field.widget.widgets
        return {
            f"{field.html_name}_{place}": widget.format_value(part) or ""
            for place, (widget, part) in enumerate(zip(widgets, parts, strict=True))
        }
    if value is None or value is False:
        return {}
    return {field.html_name: [str(row) for row in value] if isinstance(value, list) else value}
