"""Regions of the world that readers look for partners in. Groups after the United Nations' M49 list,
with its sub-regions of the Americas split into Latin America with the Caribbean, and North America.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

REGION_LABELS = {
    "africa": _("Africa"),
    "asia": _("Asia"),
    "europe": _("Europe"),
    "latin-america": _("Latin America and the Caribbean"),
    "north-america": _("North America"),
    "oceania": _("Oceania"),
}
_MEMBERS = {
    "africa": "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML "
    "MR MU MW MZ NA NE NG RE RW SC SD SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW",
    "asia": "AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV "
    "MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE",
    "europe": "AD AL AT BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME "
    "MK MT NL NO PL PT RO RS RU SE SI SK SM UA VA XK",
    "latin-america": "AG AR AW BB BO BR BS BZ CL CO CR CU CW DM DO EC GD GF GP GT GY HN HT JM KN LC MQ MX NI "
    "PA PE PR PY SR SV TT UY VC VE",
    "north-america": "BM CA GL US",
    "oceania": "AU FJ FM KI MH NC NR NZ PF PG PW SB TO TV VU WS",
}
REGIONS = {region: frozenset(codes.split()) for region, codes in _MEMBERS.items()}


def countries_of(regions: Iterable[str]) -> list[str]:
    """ISO codes of all countries and territories in these regions."""
    return sorted({code for region in regions for code in REGIONS[region]})
