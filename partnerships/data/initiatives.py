"""Initiatives that cities commit to, with the clock of their reports. Keys are those that rules name.

Cycle of the UN Global Compact: Communication on Engagement policy (first within two years of joining, then
every two years; 90 days of grace on request; a year after a missed report the participant is delisted).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Initiative:
    """Years and days as whole numbers; None where no report is asked for."""

    key: str
    name: str
    link: str
    first_report_years: int | None = None
    cycle_years: int | None = None
    grace_days: int = 0
    lapse_years: int | None = None


INITIATIVES = {
    row.key: row
    for row in (
        Initiative(
            "un_global_compact",
            "United Nations Global Compact",
            "https://unglobalcompact.org/",
            first_report_years=2,
            cycle_years=2,
            grace_days=90,
            lapse_years=1,
        ),
        Initiative(
            "covenant_of_mayors",
            "Global Covenant of Mayors for Climate & Energy",
            "https://www.globalcovenantofmayors.org/",
        ),
        Initiative("climate_neutral_2050", "Climate neutral by 2050", ""),
    )
}
