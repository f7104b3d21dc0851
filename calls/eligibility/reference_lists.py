"""Lists of countries that others keep, by edition: a call names one, so it never changes by itself.

Sources: OECD, "DAC List of ODA Recipients" with "History of DAC Lists"; the treaties of accession to the
European Union and its withdrawal agreement with the United Kingdom. ISO 3166-1 codes, and XK for Kosovo.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Edition:
    """One edition of a list. `last_days` holds members that leave while the edition is in force."""

    countries: frozenset[str]
    last_days: Mapping[str, date] = field(default_factory=dict)

    def on(self, day: date) -> list[str]:
        """The members on a day, in alphabetical order."""
        return sorted(
            code for code in self.countries if code not in self.last_days or day <= self.last_days[code]
        )


def _codes(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


DAC_2022 = _codes(
    # Least developed, and other low income.
    "AF AO BD BF BI BJ CD CF DJ ER ET GM GN GW HT KH KI KM KP LA LR LS MG ML MM MR MW MZ NE NP RW SB SD",
    "SL SN SO SS ST SY TD TG TL TV TZ UG YE ZM",
    # Lower middle income.
    "BO BT BZ CG CI CM CV DZ EG FM GH HN ID IN IR JO KE KG LB LK MA MN NG NI PG PH PK PS SV SZ TJ TK TN",
    "UA UZ VN VU WS ZW",
    # Upper middle income.
    "AL AM AR AZ BA BR BW BY CN CO CR CU DM DO EC FJ GA GD GE GQ GT GY IQ JM KZ LC LY MD ME MH MK MS MU",
    "MV MX MY NA NR NU PA PE PW PY RS SH SR TH TM TO TR VC VE WF XK ZA",
)
EU_2020 = _codes("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK")

REFERENCE_LISTS: Mapping[str, Mapping[str, Edition]] = {
    "oecd_dac": {
        "2018-20": Edition(DAC_2022 | {"AG", "CK"}, {"CK": date(2019, 12, 31)}),
        "2021": Edition(DAC_2022 | {"AG"}),
        "2022-23": Edition(DAC_2022),
        # Nauru stayed on this edition until its graduation of 1 January 2026.
        "2024-25": Edition(DAC_2022, {"NR": date(2025, 12, 31)}),
    },
    "eu": {
        "2013-20": Edition(EU_2020 | {"GB"}, {"GB": date(2020, 1, 31)}),
        "2020": Edition(EU_2020),
    },
}
EDITIONS = tuple(sorted({edition for editions in REFERENCE_LISTS.values() for edition in editions}))
