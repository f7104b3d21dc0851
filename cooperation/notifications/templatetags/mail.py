"""What templates of mail say of their words. Whatever people typed goes through `typed` or `inline`."""

from django import template

from cooperation.notifications import marking

register = template.Library()


@register.filter
def typed(value: object) -> str:
    """Somebody's own words on a line of their own: a quotation in both forms of the mail."""
    return marking.block(value)


@register.filter
def inline(value: object) -> str:
    """A title or a name within a line of ours."""
    return marking.inline(value)


@register.filter
def address(value: object) -> str:
    """An e-mail address or website that the reader is meant to use."""
    return marking.address(value)


@register.filter
def main(site_url: str) -> str:
    """Before the one address of several that the mail is about; without it the first is."""
    return f"{marking.MAIN}{site_url}"


@register.simple_tag
def action_needed() -> str:
    """Say that the reader must do something by a date. Where it stands in the text does not matter."""
    return marking.ACTION
