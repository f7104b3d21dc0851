"""Rosario's page, line by line against what the city publishes: each fact, where it stands, in which words.

A row is: the fact as the city's own text has it; the page that must tell it, "" for the city's own page,
else the address of the partnership; the words in English; the words in Spanish.
Left out on purpose: the mayor's name, for no person in this world is real.
"""

import pytest
from django.utils import timezone

from calls.demo.files import Register, read_toml
from calls.demo.portfolio import load_networks, load_themes
from calls.demo.rosario import load_rosario
from partnerships.models import Partnership
from partnerships.operations.cities import load_cities, read_city_file
from tests.factories import UserFactory
from tests.pages import said
from tests.worlds import standing

HEAT = "urban-heat-islands"
WASTE = "solid-waste"
FREIGHT = "ecologistics"
ENERGY = "100-renewables"
TRAMA = "trama"
JICA = "rosario-jica-technical-cooperation"
BARCELONA = "rosario-barcelona-cooperation-protocol"
NICE = "rosario-nice-twinning"

FACTS = [
    # What the city looks for, and with whom it works
    ("identify international actors with the same interests", "", "same interests", "mismos intereses"),
    ("exchanging knowledge", "", "exchange knowledge", "intercambiar conocimientos"),
    ("obtaining new resources", "", "new resources", "nuevos recursos"),
    ("a road map for international cooperation", "", "road map", "hoja de ruta"),
    ("decentralized cooperation", "", "decentralised cooperation", "cooperación descentralizada"),
    ("bilateral or multilateral agreements", "", "bilateral agreements", "acuerdos bilaterales"),
    ("by way of networks of cities", "", "networks of cities", "redes de ciudades"),
    ("international organizations", "", "international organisations", "organismos internacionales"),
    ("national governments", "", "national governments", "gobiernos nacionales"),
    ("cooperation agencies or embassies", "", "cooperation agencies or embassies", "embajadas"),
    # Global Compact
    ("Global Compact", "", "United Nations Global Compact", "United Nations Global Compact"),
    ("ten principles", "", "Ten principles", "Diez principios"),
    (
        "human rights, labor, environment",
        "",
        "human rights, labour, environment",
        "derechos humanos, trabajo",
    ),
    ("anti-corruption", "", "anti-corruption", "lucha contra la corrupción"),
    ("2030 horizon of the goals", "", "2030 horizon", "horizonte 2030"),
    ("Sustainable Development Goals", "", "Sustainable Development Goals", "Desarrollo Sostenible"),
    ("Argentine network, over 800 participants", "", "over 800 participants", "más de 800 participantes"),
    ("from 20 provinces", "", "20 provinces", "20 provincias"),
    ("47 companies from our city", "", "47 local companies", "47"),
    ("joined in December 2015", "", "Joined December 2015", "iciembre de 2015"),
    ("first report for 2015-2017", "", "2015–17", "2015–17"),
    ("duly submitted", "", "Filed as required", "Presentado según lo previsto"),
    ("Communication on Engagement", "", "Communication on Engagement", "Communication on Engagement"),
    ("General Chief of Staff", "", "General Chief of Staff", "Jefatura General de Gabinete"),
    ("in 2020", "", "In charge since 2020", "2020"),
    ("aligning the government plan", "", "aligns the government plan", "alinea el plan de gobierno"),
    ("17 SDGs", "", "17 goals", "17 objetivos"),
    ("integrate the areas of local management", "", "across all areas of the city", "todas las áreas"),
    ("October 2021, second report", "", "October 2021", "ctubre de 2021"),
    ("for the 2017-2020 period", "", "2017–20", "2017–20"),
    # Mercociudades
    ("coordinates Urban Heat Islands", "", "Urban Heat Islands", "Islas de calor urbanas"),
    ("coordinates", HEAT, "Coordinates", "Rosario"),
    ("selected in 2018", HEAT, "selected to coordinate in 2018", "elegida para coordinarlo en 2018"),
    ("impact on planning and design", HEAT, "planning and urban design", "planificación y diseño urbano"),
    ("potential adaptations", HEAT, "Potential adaptations", "Posibles adaptaciones"),
    ("reducing the effects", HEAT, "reducing the effects of climate change", "reducción de los efectos"),
    ("training and exchange", HEAT, "train and exchange experience", "se forman e intercambian"),
    ("specific software", HEAT, "specific software", "software específico"),
    ("the effect of human actions", HEAT, "human action warms", "acción humana calienta"),
    ("South-South programme", HEAT, "South-South Cooperation Programme", "South-South Cooperation Programme"),
    # European Union, Latin America and the Caribbean
    ("Global Covenant of Mayors", "", "Global Covenant of Mayors", "Global Covenant of Mayors"),
    ("cooperation EU and LAC", "", "Latin America and the Caribbean", "América Latina y el Caribe"),
    ("instrument for the Paris Agreement", "", "Paris Agreement", "Acuerdo de París"),
    # ICLEI
    ("Ecologistics", "", "EcoLogistics", "EcoLogistics"),
    ("takes part in it", FREIGHT, "Takes part", "Rosario"),
    (
        "reducing carbon of urban cargo",
        FREIGHT,
        "carbon emissions of urban cargo",
        "transporte urbano de cargas",
    ),
    ("4 years since 2018", FREIGHT, "2018–22", "2018–22"),
    ("Local Climate Action Plan", FREIGHT, "local climate action plan", "plan local de acción climática"),
    ("Local Task Force", FREIGHT, "local task force", "grupo de trabajo local"),
    ("Low-Carbon Logistics Plan", FREIGHT, "Low-Carbon Logistics Plan", "Plan de Logística Baja en Carbono"),
    ("ICLEI carries out", FREIGHT, "ICLEI", "ICLEI"),
    ("BMU pays", FREIGHT, "German Federal Ministry for the Environment (BMU)", "(BMU)"),
    (
        "through the IKI",
        FREIGHT,
        "International Climate Initiative (IKI)",
        "International Climate Initiative",
    ),
    ("funder and implementer differ", "", "funds, ICLEI carries out", "ICLEI"),
    ("100% Renewables", "", "100% Renewables", "100% Renovables"),
    ("2020-2023", ENERGY, "2020–23", "2020–23"),
    (
        "transition to renewables",
        ENERGY,
        "transition to renewable energy",
        "transición a las energías renovables",
    ),
    ("public and private institutions", ENERGY, "public and private institutions", "públicas y privadas"),
    ("scientists", ENERGY, "scientists", "personas de ciencia"),
    ("task force on the city's page", "", "local task force", "Rosario"),
    # TRAMA
    ("TRAMA", "", "TRAMA, a network for sustainable inclusion", "TRAMA, red para la inclusión sostenible"),
    ("funded by the European Commission", TRAMA, "European Commission", "European Commission"),
    ("Fundación Sol Naciente requests", "", "Fundación Sol Naciente requests", "Fundación Sol Naciente"),
    ("primary requester", TRAMA, "primary requester", "solicitante principal"),
    ("partner for design and implementation", TRAMA, "design and carry out", "diseñar y ejecutar"),
    ("labor inclusion", TRAMA, "intellectual disabilities", "discapacidad intelectual"),
    ("instruments for civil society", TRAMA, "civil-society organisations", "civil-society organisations"),
    # Metropolis
    (
        "Co-Creation of a Sustainable Model",
        "",
        "Co-creation of a sustainable model",
        "Cocreación de un modelo",
    ),
    ("2021-2023", WASTE, "2021–23", "2021–23"),
    ("open call of 2020", WASTE, "open call of 2020", "convocatoria abierta de 2020"),
    ("presented and led by Rosario", WASTE, "proposal that Rosario presented", "a propuesta de Rosario"),
    ("Turin", "", "Turin", "Turin"),
    ("Rio de Janeiro", "", "Rio de Janeiro", "Rio de Janeiro"),
    ("Belo Horizonte", "", "Belo Horizonte", "Belo Horizonte"),
    ("Santa Fe collaborates", "", "Santa Fe collaborates without being a member", "Santa Fe"),
    ("Santa Fe is no member", WASTE, "Not a member of Metropolis", "No es miembro de Metropolis"),
    ("National University supports", "", "National University of Rosario supports", "National University"),
    (
        "teaching and training decision makers",
        WASTE,
        "Policy makers, local technical",
        "Responsables políticos",
    ),
    ("integral planning and coordination", WASTE, "integral planning", "de forma integral"),
    ("sustainable energy", WASTE, "sustainable energy", "energía sostenible"),
    ("Metropolis in Movement, Tijuana leads", "", "Tijuana leads", "Tijuana"),
    # Japan
    (
        "cooperation agreements with JICA",
        "",
        "Technical cooperation of Rosario and JICA",
        "Cooperación técnica",
    ),
    ("several agreements", JICA, "Several cooperation agreements with Japan", "Varios acuerdos"),
    ("a special project in 2014", JICA, "special project in 2014", "proyecto especial en 2014"),
    ("Knowledge Co-Creation Program", "", "Knowledge Co-Creation Program (KCCP)", "(KCCP)"),
    (
        "civil servants trained in Japan",
        "",
        "Civil servants of the municipality trained",
        "Personal municipal",
    ),
    ("integral waste management", "", "Integral waste management", "Gestión integral de residuos"),
    ("urban management", "", "sustainable urban development", "desarrollo urbano sostenible"),
    ("official development assistance", "", "official development assistance", "asistencia oficial"),
    ("expert volunteers", "", "JICA expert volunteers", "JICA expert volunteers"),
    ("experts in risk management", "", "experts in risk management", "Gestión de riesgos"),
    ("helped Civil Defense", "", "Hosted by Civil Defence", "Defensa Civil"),
    ("small businesses, foreign trade", "", "small businesses, foreign trade", "comercio exterior"),
    ("environmental education", "", "environmental education", "educación ambiental"),
    ("since 2014", "", "since 2014", "2014"),
    # The rest of the portfolio
    ("25 twinnings", "", "<dd>25</dd>", "<dd>25</dd>"),
    ("11 bilateral agreements", "", "<dd>11</dd>", "<dd>11</dd>"),
    ("Barcelona, priority fields", "", "Urban planning and housing", "Urbanismo y vivienda"),
    ("Barcelona, a protocol", BARCELONA, "Cooperation protocol", "Protocolo de cooperación"),
    ("Nice, informal talks", "", "In talks", "Conversaciones informales"),
    ("Nice, the 26th twinning", NICE, "26th twinning", "número 26"),
    ("Mercociudades, founder", "", "Founding member", "Mercociudades"),
    ("Mercociudades, since 1995", "", "since 1995", "1995"),
    ("vice-presidency climate 2015-18", "", "Vice-presidency for climate", "Vicepresidencia de clima"),
    ("its years", "", "2015–18", "2015–18"),
    (
        "vice-presidency social development",
        "",
        "for social development and health",
        "desarrollo social y salud",
    ),
    ("its years", "", "2022–23", "2022–23"),
    ("UCLG", "", "UCLG", "UCLG"),
    ("ICLEI", "", "ICLEI", "ICLEI"),
    ("Metropolis", "", "Metropolis", "Metropolis"),
    ("population with its source", "", "948,312 inhabitants (INDEC census, 2010)", "INDEC census, 2010"),
]
LANGUAGES = {"en": "", "es": "/es"}


@pytest.fixture(scope="module")
def portfolio(django_db_setup, django_db_blocker):
    """Rosario and the cities that its files name, without the other thirty thousand."""
    with standing(django_db_blocker):
        register, admin = Register(), UserFactory(is_staff=True)
        load_themes(by=admin)
        wanted = set(_ids(read_toml("rosario.toml"))) | set(_ids(read_toml("networks.toml")))
        extra = [row for row, _kind in register.extra.values()]
        load_cities([*(row for row in read_city_file() if row.geonames_id in wanted), *extra])
        load_networks(register, by=admin)
        load_rosario(register, by=admin, at=timezone.now())
        yield


def _ids(content):
    """Every GeoNames id in a file."""
    if isinstance(content, list):
        return [found for entry in content for found in _ids(entry)]
    if isinstance(content, dict):
        own = [content["geonameid"]] if "geonameid" in content else []
        return own + [found for entry in content.values() for found in _ids(entry)]
    return []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_the_city_s_own_text_is_told(portfolio, db, client, language):
    pages = {}
    missing = []
    for fact, page, english, spanish in FACTS:
        path = f"/partnerships/{page}/" if page else "/cities/rosario-ar/"
        if path not in pages:
            answer = client.get(LANGUAGES[language] + path)
            assert answer.status_code == 200, path
            pages[path] = said(answer)
        words = english if language == "en" else spanish
        if words not in pages[path]:
            missing.append(f"{fact}: {words!r} on {path}")
    assert not missing, "\n".join(missing)


def test_the_table_names_every_partnership_of_the_city(portfolio, db):
    """A partnership that nobody compares would be one nobody misses."""
    compared = {page for _fact, page, _english, _spanish in FACTS if page}
    assert set(Partnership.objects.values_list("slug", flat=True)) == compared | {"metropolis-in-movement"}


def test_strictly_counted_the_second_report_was_late(portfolio, db, client):
    records = client.get("/cities/rosario-ar/").context["commitments"]
    compact = next(record for record in records if "Global Compact" in record.commitment.name)
    assert [str(line.state) for line in compact.lines] == ["filed", "late", "ask"]
    assert str(compact.standing) == "unknown"  # nobody has told the portal of a third report
