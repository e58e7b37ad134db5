"""kill -9 of each part of the house at named points of the order story, and at random moments of many stories at once."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from core.trail.queries.verifying import verify_trail
from tests.faults.house import PARTS, House, running_house, until
from tests.faults.points import Fault
from tests.faults.story import COMMITS, DOORS, Site, Story, failed_jobs, make_site
from tests.faults.whole import all_work_is_done, nothing_half_done
from tools.cluster import Cluster

pytestmark = pytest.mark.requirement("FAULT-01", "FAULT-04")

MAKING = ("create", "release", "start", "report", "complete first", "start last")
TO_PDF = (*MAKING, "finish out of limit", "complete", "release lot", "render", "import")
CLIENTS = 3
SETTLED_WITHIN = 240.0
PLANS = (
    ("web", "before"), ("PostgreSQL", "before"), ("web", "after"), ("PostgreSQL", "after"), ("Redis", "after"),
    ("beat", "before"), ("worker", "after"), ("web", "before"), ("PostgreSQL", "after"), ("web", "after"),
)  # fmt: skip
"""Which part is killed on which side of a commit; dealt to the steps anew by each seed."""


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory, postgres: Cluster, django_db_blocker: DjangoDbBlocker
) -> Iterator[House]:
    data = tmp_path_factory.mktemp("faults") / "data"
    with django_db_blocker.unblock(), running_house(postgres, data) as running:
        yield running


@pytest.fixture(scope="module")
def site(house: House) -> Site:
    return make_site(house.port)


def test_each_part_is_killed_at_named_points(house: House, site: Site, seed: int, figures: list[str]) -> None:
    chance = random.Random(seed)
    plans = chance.sample(PLANS, len(PLANS))
    story, judged = Story(site), Story(site)
    for step in MAKING:
        judged.take(step)
    began, struck = time.monotonic(), Counter[str]()
    for step, (part, moment) in zip((*TO_PDF[:-2], "import"), plans, strict=True):
        _struck_at(house, story, step, part, moment)
        struck[f"{part} {moment}"] += 1
        if step == "finish out of limit":
            story.decide()
        story.check()
    _struck_at(house, story, "render", "worker", chance.choice(("before", "after")))
    part, moment = chance.choice(PLANS[:4])
    _struck_at(house, judged, "record out of limit", part, moment)
    settled(house)
    told = story.check() + judged.check()
    seconds = time.monotonic() - began
    figures.append(
        f"named points: {sum(struck.values()) + 2} kills in {seconds:.0f} s "
        f"({', '.join(f'{what} {count}' for what, count in sorted(struck.items()))}, worker while it renders), "
        f"{told} acknowledged deeds, each there once; programs were told: {site.told}"
    )


def test_parts_are_killed_at_random_moments(
    house: House, site: Site, seed: int, figures: list[str], pytestconfig: pytest.Config
) -> None:
    chance, wanted = random.Random(seed + 1), pytestconfig.getoption("points")
    site.told.refusals.clear()
    stories: list[Story] = []
    stop, killed, began = threading.Event(), Counter[str](), time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        busy = [pool.submit(_work, site, stories, number, stop) for number in range(CLIENTS)]
        try:
            for part in itertools.islice(_parts(chance), wanted):
                _healing(house, time.monotonic() + chance.uniform(0.2, 2.5))
                house.kill(part)
                killed[part] += 1
                house.heal()
                if part == "web":
                    house.answers()
        finally:
            stop.set()
            _together(house, busy)
    settled(house)
    told = sum(story.check() for story in stories)
    assert told > wanted, "the stories hardly moved"
    figures.append(
        f"random moments: {wanted} kills in {time.monotonic() - began:.0f} s "
        f"({', '.join(f'{part} {count}' for part, count in sorted(killed.items()))}), {len(stories)} orders of "
        f"{CLIENTS} programs, {told} acknowledged deeds, each there once; they were told: {site.told}"
    )


def _struck_at(house: House, story: Story, step: str, part: str, moment: str) -> None:
    """Take the step while the part is killed at its commit; the house is healed meanwhile."""
    struck = house.fault_file.with_suffix(".struck")
    struck.unlink(missing_ok=True)
    victim = house.part(part).process
    Fault(f"{story.number} {step}", DOORS[step], moment, (victim.pid,), nth=COMMITS.get(step, 1)).arm(house.fault_file)
    with ThreadPoolExecutor(1) as pool:
        _together(house, [pool.submit(story.take, step)])
    assert struck.exists(), f"nothing came by {step}, {moment} the commit"
    victim.wait(30)
    house.heal()
    connection.close()


def _together(house: House, busy: list[Future[None]]) -> None:
    """Heal the house until everybody is done; what failed is raised."""
    while not all(one.done() for one in busy):
        house.heal()
        time.sleep(0.1)
    for one in busy:
        one.result()


def _healing(house: House, end: float) -> None:
    while time.monotonic() < end:
        house.heal()
        time.sleep(0.05)


def _parts(chance: random.Random) -> Iterator[str]:
    """Every part comes in each round, in another order."""
    while True:
        yield from chance.sample(PARTS, len(PARTS))


def _work(site: Site, stories: list[Story], number: int, stop: threading.Event) -> None:
    """Story after story until told to stop: made and rendered, judged, or an import."""
    for kind in itertools.islice(itertools.cycle((0, 1, 2)), number, None):
        ends = (("finish", "complete", "release lot", "render"), ("record out of limit",), ("import",))[kind]
        story = Story(site)
        stories.append(story)
        for step in (*MAKING, *ends):
            story.take(step)
            if stop.is_set():
                return


def settled(house: House) -> None:
    """The house is whole, its work is done, everything is sealed; and nothing is half done."""
    house.heal()
    house.answers()
    connection.close()
    until(all_work_is_done, seconds=SETTLED_WITHIN, what="The end of all background work")
    assert failed_jobs() == []
    until(lambda: verify_trail().unsealed == 0, seconds=SETTLED_WITHIN, what="The seal of everything")
    nothing_half_done()
