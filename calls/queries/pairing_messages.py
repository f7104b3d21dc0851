"""The sentence of each code of the matching engine; its parameters are names and points by then."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

# Codes whose minimum is a score; that of a quota counts places.
MINIMUM_IS_A_SCORE = frozenset(
    {"pin_below_minimum_score", "below_minimum", "couple_below_minimum_score", "group_below_minimum"}
)

MESSAGES: Mapping[str, str | Promise] = {
    # what staff should know although the run is fine
    "veto_without_effect": gettext_lazy(
        "The veto on %(a)s and %(b)s had no effect: not both are in the run."
    ),
    "pin_below_minimum_score": gettext_lazy(
        "The fixed pair %(a)s and %(b)s scores %(score)s, below the minimum of %(minimum)s."
    ),
    "apart_without_effect": gettext_lazy(
        "The veto on %(a)s and %(b)s had no effect: not both are in the run."
    ),
    "no_pair_possible": gettext_lazy(
        "No pair is possible at all: %(below_minimum)s stay below the least score, %(vetoed)s are vetoed."
    ),
    "no_group_possible": gettext_lazy(
        "No group of %(smallest)s or more is possible among the %(count)s cities. "
        "Loosen the limits on groups."
    ),
    "couple_not_placed": gettext_lazy("%(cities)s belong together, and no group has room for them."),
    "couple_below_minimum_score": gettext_lazy(
        "%(cities)s belong together, and their group scores below the minimum of %(minimum)s."
    ),
    "optimal_over_columns": gettext_lazy(
        "Too many groups are possible to weigh them all: this is the best of %(columns)s."
    ),
    "placed_search": gettext_lazy("That no more can be placed rests on the solver’s search."),
    "floor_search": gettext_lazy("That none is stronger at its weakest rests on the solver’s search."),
    "total_search": gettext_lazy("That no total is better rests on the solver’s search."),
    "placed_open": gettext_lazy("The search was cut off: perhaps %(gap)s more could be placed."),
    "floor_open": gettext_lazy("The search was cut off: the weakest might be stronger."),
    "total_open": gettext_lazy("The search was cut off: a total might be better."),
    # pins that cannot all hold
    "pin_vetoed": gettext_lazy(
        "%(a)s and %(b)s are pinned together and kept apart at once. End one of the two."
    ),
    "pin_unknown_city": gettext_lazy(
        "A pin names %(city)s, which is not in the run: it withdrew, was not selected, or has a partner. "
        "End the pin."
    ),
    "pins_exceed_capacity": gettext_lazy(
        "%(city)s has %(pins)s pins, more than the %(capacity)s that it takes. End a pin."
    ),
    "pins_exceed_quota": gettext_lazy(
        "“%(quota)s” has %(maximum)s places and %(pins)s pins. End a pin, or give the quota more places."
    ),
    "pins_exceed_country": gettext_lazy(
        "%(city)s has more pins with cities of %(country)s than the %(maximum)s that it takes. End a pin."
    ),
    "pins_exceed_cap": gettext_lazy("“%(cap)s” allows %(maximum)s pairs and has more pins. End a pin."),
    "together_overlap": gettext_lazy(
        "%(city)s is pinned into two groups. End one of its pins, or pin all of them together."
    ),
    "together_single": gettext_lazy("A pin holds %(cities)s alone."),
    "together_too_large": gettext_lazy("%(cities)s are pinned together; a group has %(largest)s at most."),
    "together_apart": gettext_lazy(
        "%(a)s and %(b)s are pinned together and kept apart at once. End one of the two."
    ),
    "together_unknown_city": gettext_lazy("A pin names %(city)s, which is not in the run. End the pin."),
    "together_no_capacity": gettext_lazy("%(city)s is pinned and takes no partner. End the pin."),
    "together_country_cap": gettext_lazy(
        "%(cities)s are pinned together; a group takes %(maximum)s of %(country)s at most. End a pin."
    ),
    "together_without_theme": gettext_lazy(
        "%(cities)s are pinned together and share no theme, as groups of this call must. End a pin."
    ),
    # faults of the input
    "weights_all_zero": gettext_lazy("All weights are zero: nothing tells one pair from another."),
    "keep_bonus_range": gettext_lazy("The worth of keeping a pair lies outside 0 to 100."),
    "group_sizes": gettext_lazy("Groups of %(smallest)s to %(largest)s cities cannot be."),
    "group_country_range": gettext_lazy("“Most of one country” is %(maximum)s; it is 1 at least."),
    "most_per_country_range": gettext_lazy(
        "“Most of one country” is %(most_per_country)s; it is 1 at least."
    ),
    "cap_range": gettext_lazy("The limit “%(cap)s” is negative."),
    "cap_without_countries": gettext_lazy("The limit “%(cap)s” names no country."),
    "weights_sum": gettext_lazy("The weights sum to %(sum)s instead of %(expected)s."),
    "unknown_criterion": gettext_lazy("The call weighs “%(criterion)s”, which the engine does not know."),
    "negative_weight": gettext_lazy("The weight of “%(criterion)s” is negative."),
    "minimum_score_range": gettext_lazy("The minimum score lies outside 0 to 100."),
    "unknown_preference": gettext_lazy("“%(criterion)s” has no such direction."),
    "city_on_both_sides": gettext_lazy("%(city)s stands on both sides."),
    "duplicate_city": gettext_lazy("%(city)s stands twice on one side."),
    "negative_capacity": gettext_lazy("%(city)s has a negative number of places."),
    "population_range": gettext_lazy("%(city)s has no sound population."),
    "place_range": gettext_lazy("%(city)s lies at no place on Earth: look at its coordinates."),
    "exposure_range": gettext_lazy("%(city)s has a negative number of earlier partnerships."),
    "climate_class": gettext_lazy("%(city)s has no sound class of climate."),
    "quota_limits": gettext_lazy("The quota “%(quota)s” asks for more than it allows."),
    "quota_without_countries": gettext_lazy("The quota “%(quota)s” names no country."),
    "quotas_cross": gettext_lazy(
        "The quotas “%(quota)s” and “%(other)s” overlap without one holding the other."
    ),
    # why a city has no group, or no partner under limits that cross
    "cap_full": gettext_lazy("All %(maximum)s pairs that “%(cap)s” allows are taken."),
    "too_few_cities": gettext_lazy("Too few cities take part: a group has %(smallest)s at least."),
    "no_group": gettext_lazy("No group within all limits can hold it."),
    "group_not_listed": gettext_lazy("Among the groups that were weighed none can hold it."),
    "group_below_minimum": gettext_lazy("Every group with it stays below the least score of %(minimum)s."),
    "group_country_cap": gettext_lazy("Every group with it would have too many cities of one country."),
    "group_without_theme": gettext_lazy("No group with it shares a theme."),
    "group_apart": gettext_lazy("Vetoes keep it out of every group."),
    "group_left_over": gettext_lazy(
        "%(count)s cities in groups of %(smallest)s to %(largest)s leave %(left)s over; "
        "another choice would cost more."
    ),
    "group_country_crowded": gettext_lazy(
        "%(count)s cities of %(country)s take part, and a group takes %(maximum)s of them."
    ),
    "group_competition": gettext_lazy(
        "The cities that it could join, such as %(cities)s, are in better groups without it."
    ),
    # why two cities are not paired
    "splits_together": gettext_lazy("It would tear apart %(cities)s, which belong together."),
    "not_possible": gettext_lazy("No group within the limits can hold them both."),
    "not_solved": gettext_lazy("The run was not solved; the causes stand above."),
    "not_in_run": gettext_lazy("%(city)s is not in this run."),
    "vetoed": gettext_lazy("A veto keeps them apart."),
    "below_minimum": gettext_lazy("They score %(score)s together, below the minimum of %(minimum)s."),
    "no_capacity": gettext_lazy("%(city)s takes no partner in this run."),
    "pinned_elsewhere": gettext_lazy("Pins hold every place of %(city)s."),
    "country_pinned": gettext_lazy(
        "%(city)s takes %(maximum)s partners from %(country)s at most; pins hold these places."
    ),
    "quota_pinned": gettext_lazy("Pins hold all %(maximum)s places of “%(quota)s”."),
    "cap_pinned": gettext_lazy("Pins hold all %(maximum)s pairs that “%(cap)s” allows."),
}
