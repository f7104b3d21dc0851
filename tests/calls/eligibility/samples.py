"""The real cities and calls the eligibility tests speak about."""

from datetime import date

from calls.eligibility import CityFacts, Facts, rule

ALE = CityFacts("Ale", "SE", "municipality", 32_000, "Statistics Sweden 2023", frozenset())
GHANZI = CityFacts("Ghanzi", "BW", "municipality", 14_800, "census 2011", frozenset())
GABORONE = CityFacts("Gaborone", "BW", "municipality", 246_325, "census 2022", frozenset())
PRISTINA = CityFacts("Pristina", "XK", "municipality", 198_897, "census 2011", frozenset())
ROSARIO = CityFacts(
    "Rosario", "AR", "municipality", 948_312, "census 2010", frozenset({"mercociudades", "uclg"})
)
SANTA_FE = CityFacts("Santa Fe", "AR", "municipality", 391_231, "", frozenset({"mercociudades"}))
MONTEVIDEO = CityFacts("Montevideo", "UY", "municipality", 1_319_108, "", frozenset({"mercociudades"}))
NOWHERE = CityFacts("Nowhere")

EUROPE = ["BA", "GE", "XK", "MK", "MD", "RS", "TR", "UA"]
AFRICA_ASIA = ["ID", "CN", "VN", "BW", "KE", "MZ", "NA", "ZA", "TZ", "UG", "ZM"]
ICLD_COUNTRIES = EUROPE + AFRICA_ASIA
ICLD_BODIES = ["municipality", "region", "federation"]
ICLD_CAPS = {
    "currency": "SEK",
    "per_year": True,
    "caps": [
        {"countries": AFRICA_ASIA, "parties": 2, "maximum": 500_000},
        {"countries": AFRICA_ASIA, "parties": 3, "maximum": 650_000},
        {"countries": EUROPE, "parties": 2, "maximum": 450_000},
        {"countries": EUROPE, "parties": 3, "maximum": 600_000},
    ],
}
ICLD = [
    rule(
        "lead_country", {"countries": ["SE"]}, clauses={"sv": "Kommuner, regioner ... i Sverige kan ansöka"}
    ),
    rule("lead_kind", {"kinds": ICLD_BODIES}),
    rule("partner_country", {"countries": ICLD_COUNTRIES}),
    rule("partner_kind", {"kinds": ICLD_BODIES}),
    rule(
        "themes",
        {
            "allowed": ["equity", "participation", "transparency", "accountability"],
            "minimum": 1,
            "maximum": None,
        },
    ),
    rule("cap_by_region_and_parties", ICLD_CAPS),
    rule("duration_months", {"minimum": 12, "maximum": 36}),
    rule("declared", {"fact": "planning_tool_completed"}),
]


def facts(**known: object) -> Facts:
    """Facts on the day of the tests."""
    return Facts(on=date(2026, 11, 22), **known)  # type: ignore[arg-type]
