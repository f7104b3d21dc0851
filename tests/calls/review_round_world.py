"""A review round: a call under review, experts on its panel, and the words to make more of them."""

from dataclasses import dataclass

from django.utils import timezone

from calls.models import PanelMember, Reviewer
from cooperation.accounts.models import User
from tests.calls.desk_world import Desk
from tests.factories import ThemeFactory, UserFactory


def expert(email: str, *, accepted: bool = True, areas: tuple[str, ...] = (), **more) -> User:
    """An expert who reads English and comes from Canada, unless told otherwise; returns the person."""
    user = UserFactory(email=email, name=email.partition("@")[0].title())
    at = timezone.now()
    known = {"languages": ["en"], "country": "CA", "maximum_load": 12, **more}
    reviewer = Reviewer.objects.create(
        user=user, invited_at=at, invited_by=user, accepted_at=at if accepted else None, **known
    )
    reviewer.areas.set([ThemeFactory(slug=slug) for slug in areas])
    return user


@dataclass
class Round(Desk):
    """A desk whose call has a panel."""

    def seat(self, user: User, minimum: int = 0, maximum: int = 12) -> PanelMember:
        return PanelMember.objects.create(
            call=self.call,
            user=user,
            minimum=minimum,
            maximum=maximum,
            added_at=timezone.now(),
            added_by=self.marta,
        )

    def seated(self, email: str, *, minimum: int = 0, maximum: int = 12, **more) -> User:
        """An expert who is on the panel."""
        user = expert(email, **more)
        self.seat(user, minimum, maximum)
        return user
