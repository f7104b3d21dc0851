"""Small portfolios that the page tests share, spelt out."""

from datetime import date

from partnerships.models import (
    City,
    CityTheme,
    Commitment,
    Exchange,
    Member,
    NetworkMembership,
    Office,
    Partnership,
    Report,
)
from tests.factories import CityFactory, NetworkFactory, ThemeFactory


def partnership(*cities: City, slug: str = "waste", **fields) -> Partnership:
    """A project; the first city coordinates, the others are partners."""
    made = Partnership.objects.create(
        **{"slug": slug, "titles": {"en": slug.title()}, "kind": "project", "stage": "active", **fields}
    )
    for position, city in enumerate(cities):
        role = "partner" if position else "coordinator"
        Member.objects.create(partnership=made, city=city, role=role, position=position)
    return made


def city_at(name: str, longitude: float, latitude: float, **fields) -> City:
    return CityFactory(
        name=name, slug=name.lower().replace(" ", "-"), longitude=longitude, latitude=latitude, **fields
    )


def rosario() -> City:
    """A city with one of everything that a portfolio can hold."""
    city = city_at("Rosario", -60.6, -32.9, country="AR", languages=["es"], population=948_312)
    city.population_source, city.population_year, city.twinnings_stated = "INDEC census", 2010, 25
    city.time_zone = "America/Argentina/Cordoba"
    city.save()
    turin = city_at("Turin", 7.7, 45.1, country="IT")
    solid = partnership(city, turin, slug="solid-waste", funder="Metropolis", start_year=2021, end_year=2023)
    Member.objects.create(partnership=solid, display_name="National University", role="supporter", position=5)
    Member.objects.create(
        partnership=solid, city=city_at("Santa Fe", -60.7, -31.6), role="collaborator", position=4
    )
    movement = partnership(city_at("Tijuana", -117.0, 32.5), city, slug="metropolis-in-movement")
    movement.local_task_force = True
    movement.save()
    partnership(city, city_at("Nice", 7.3, 43.7), slug="nice", kind="twinning", stage="talks")
    founder = NetworkMembership.objects.create(
        network=NetworkFactory(short_name="Mercociudades"), city=city, founder=True, since_year=1995
    )
    Office.objects.create(
        membership=founder,
        titles={"en": "Vice-presidency for climate", "es": "Vicepresidencia de clima"},
        since_year=2015,
        until_year=2018,
    )
    compact(city)
    Exchange.objects.create(
        city=city, direction="sent", programme="KCCP", fields={"en": "Waste management"}, since_year=2014
    )
    waste = ThemeFactory(slug="waste", names={"en": "waste", "es": "residuos"})
    CityTheme.objects.create(city=city, theme=waste, direction="learn")
    return city


def compact(city: City) -> Commitment:
    """A two-year clock: one report in time, the next late."""
    commitment = Commitment.objects.create(
        city=city, name="Global Compact", joined_on=date(2015, 12, 31), cycle_years=2, grace_days=90
    )
    Report.objects.create(
        commitment=commitment, title="First report", period_from=2015, period_to=2017,
        due_on=date(2017, 12, 31), filed=True,
    )  # fmt: skip
    Report.objects.create(
        commitment=commitment, title="Second report", period_from=2017, period_to=2020,
        due_on=date(2019, 12, 31), filed_on=date(2021, 10, 31), filed=True, precision="month",
    )  # fmt: skip
    return commitment
