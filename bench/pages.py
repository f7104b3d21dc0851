"""Public pages and the staff list under load, each against a bare view that returns the same bytes.

A ratio of 1.0 says that the page costs nothing above the server itself; "rendered" is the same page with the
brief cache switched off, so that each request runs its queries and templates. The load generator shares the
cores with the portal, so requests a second are small; the ratios are what to hold on to.
"""

from bench._load import Measured, load
from bench._portal import database, web

CALLS = (20, 2_000)
APPLICATIONS = 5_000


def say(name: str, **figures: float) -> None:
    words = " ".join(f"{key}={value:.2f}" for key, value in figures.items())
    print(f"BENCH {name} {words}", flush=True)


def against_bare(address: str, path: str) -> tuple[Measured, float]:
    """A page's speed, and how many times faster the bare view is in the same run."""
    for warm in (f"{address}{path}", f"{address}/bare{path}"):
        load(warm, seconds=1)
    page = load(f"{address}{path}")
    bare = load(f"{address}/bare{path}")
    return page, bare.per_second / page.per_second


def public_pages(suffix: str, **environment: str) -> None:
    """The call list and a call page, with the number of calls there is now."""
    from calls.models import Call

    number = Call.objects.count()
    with web(**environment) as address:
        for name, path in (("call_list", "/calls/"), ("call_page", "/calls/bench-7/")):
            page, ratio = against_bare(address, path)
            say(f"{name}_{number}{suffix}", req_s=page.per_second, p50_ms=page.median_ms, bare_ratio=ratio)


def many_applications() -> None:
    """A public page must not know how many applications its call has."""
    from bench._rows import add_applications
    from calls.models import Call

    with web(PAGE_CACHE_SECONDS="0") as address:
        path = f"{address}/calls/bench-7/"
        load(path, seconds=2)
        before = load(path)
        add_applications(Call.objects.get(slug="bench-7"), APPLICATIONS)
        after = load(path)
    say("call_page_5000_applications", req_s=after.per_second, slowdown=before.per_second / after.per_second)


def staff_list(address: str) -> None:
    from django.contrib.auth import get_user_model
    from django.test import Client

    staff = get_user_model().objects.create_superuser("staff@example.org")
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(staff)
    cookie = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
    url = f"{address}/admin/calls/application/"
    load(url, seconds=1, headers=cookie)
    many = load(url, headers=cookie)
    found = load(f"{url}?q=youth", headers=cookie)
    one = load(url, headers=cookie, threads=1)
    say("staff_list_5000", req_s=many.per_second, p50_ms=many.median_ms, alone_p50_ms=one.median_ms)
    say("staff_list_5000_search", req_s=found.per_second, p50_ms=found.median_ms)


def main() -> None:
    from bench import _rows
    from calls.models import Call

    for number in CALLS:
        _rows.add_calls(number - Call.objects.count())
        public_pages("")
        public_pages("_rendered", PAGE_CACHE_SECONDS="0")
    many_applications()
    with web() as address:
        staff_list(address)


if __name__ == "__main__":
    with database():
        main()
