"""Faults of a whole house: parts killed at named points and at random, Redis emptied, two beats, no room, slowness."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import random
import resource
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from PIL import Image
from pytest_django.plugin import DjangoDbBlocker

from core.jobs.models import BackgroundJob
from core.kernel.clock import now
from core.organization.models import Role
from core.trail.models import Seal
from core.trail.queries.verifying import verify_trail
from core.worklist.models import Assignment, Escalation
from core.worklist.services import assign, set_escalation_rule
from mes.execution.models import FloorNote
from tests.faults.client import LONGEST_ANSWER
from tests.faults.house import PARTS, House, running_house, until
from tests.faults.points import Fault
from tests.faults.story import COMMITS, DOORS, Site, Story, failed_jobs, make_site
from tests.faults.whole import all_work_is_done, nothing_half_done
from tests.support.people import make_user
from tools.cluster import Cluster

pytestmark = pytest.mark.requirement("FAULT-01", "FAULT-04")

MAKING = ("create", "release", "start", "report", "complete first", "start last")
TO_PDF = (*MAKING, "finish out of limit", "complete", "release lot", "render", "import")
CLIENTS = 3
SETTLED_WITHIN = 240.0
SLOW = 8.0
ROOM = 1_500_000
"""The largest file that the web process may write where there is "no room"; its log is smaller."""
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
    assert told, "the stories did not move"
    figures.append(
        f"random moments: {wanted} kills in {time.monotonic() - began:.0f} s "
        f"({', '.join(f'{part} {count}' for part, count in sorted(killed.items()))}), {len(stories)} orders of "
        f"{CLIENTS} programs, {told} acknowledged deeds, each there once; they were told: {site.told}"
    )


@pytest.mark.requirement("REC-12")
def test_an_emptied_redis_loses_no_work(house: House, site: Site, figures: list[str]) -> None:
    story = Story(site)
    for step in (*MAKING, "finish", "complete"):
        story.take(step)
    house.kill("worker")  # the message of the next step's work lies in the broker, and only there
    story.take("release lot")
    waiting = BackgroundJob.objects.filter(status="queued").count()
    house.broker().flushall()
    began = time.monotonic()
    house.heal()
    story.take("render")
    settled(house)
    story.check()
    assert waiting >= 1
    figures.append(
        f"Redis emptied while {waiting} job waited and no worker ran: handed over again from its row, rendered "
        f"{time.monotonic() - began:.0f} s after the worker was started again"
    )


def test_two_beats_escalate_and_seal_once(house: House, site: Site, figures: list[str]) -> None:
    work = overdue(site)
    sealed = Seal.objects.count()
    quick = ("-A", "tests.faults.quick:app")
    for number in (1, 2):
        house.also(*quick, "beat", "-s", house.data / f"beat{number}", "--pidfile=")
    also = ("--without-gossip", "--without-mingle", "--pool=solo")
    house.also(*quick, "worker", "--queues=default", "-n", "second@faults", *also)
    house.also(*quick, "worker", "--queues=seal", "-n", "second-sealer@faults", *also, role="sealer")
    until(lambda: Escalation.objects.filter(assignment__in=work).count() >= len(work), seconds=SETTLED_WITHIN,
          what="The escalations")  # fmt: skip
    until(lambda: Seal.objects.count() >= sealed + 1, seconds=SETTLED_WITHIN, what="A seal")
    time.sleep(6)  # both beats go on asking
    house.end_also()
    settled(house)
    raised = Escalation.objects.filter(assignment__in=work).values_list("assignment", "step")
    assert sorted(raised) == sorted(set(raised)) and len(raised) == len(work)
    assert Assignment.objects.filter(kind="escalation").count() == Escalation.objects.count()
    numbers = list(Seal.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    figures.append(
        f"two beats, two workers and two sealers, every interval a second: {len(work)} overdue works escalated once, "
        f"{len(numbers) - sealed} seals in one chain"
    )


def test_a_slow_commit_and_an_impatient_program_do_one_deed(house: House, site: Site, figures: list[str]) -> None:
    story = Story(site)
    for step in MAKING[:3]:
        story.take(step)
    site.told.refusals.clear()
    Fault(f"{story.number} slow", "/report-output/", "before", seconds=SLOW).arm(house.fault_file)
    site.operator.patience = SLOW / 4
    try:
        story.take("report")
    finally:
        site.operator.patience = LONGEST_ANSWER
    assert site.told.refusals["cut off (TimeoutError)"] >= 1
    story.check()
    figures.append(f"a commit of {SLOW:.0f} s and a program that waits {SLOW / 4:.0f} s: one deed; told: {site.told}")


def test_a_statement_that_takes_too_long_is_ended_and_said(house: House, site: Site, figures: list[str]) -> None:
    story = Story(site)
    story.take("create")
    site.told.refusals.clear()
    with ThreadPoolExecutor(1) as pool:
        with house.cluster.connect("trueline") as other, other.transaction():
            other.execute("SELECT 1 FROM mes_execution_productionorder WHERE id = %s FOR UPDATE", [story.order["id"]])
            busy = pool.submit(story.take, "release")
            until(lambda: site.told.refusals["503 database_slow"], seconds=60, what="The end of the statement")
        busy.result()
    nothing_half_done()
    story.check()
    figures.append(f"a statement that waits longer than TRUELINE_DB_TIMEOUT: ended; told: {site.told}")


def test_no_room_for_files_is_said_and_nothing_is_half_kept(house: House, site: Site, figures: list[str]) -> None:
    web, path = house.part("web").process.pid, f"mes/execution/work-centers/{site.floor.work_center.pk}/note/"
    note = {"kind": "note", "text": f"Photo {web}"}
    before = resource.prlimit(web, resource.RLIMIT_FSIZE)
    resource.prlimit(web, resource.RLIMIT_FSIZE, (ROOM, before[1]))
    try:
        told = [site.operator.refused(path, note, ("a.png", noise(pixels))) for pixels in (800, 1100)]
    finally:
        resource.prlimit(web, resource.RLIMIT_FSIZE, before)
    assert told == ["409 no_room", "503 no_room"]  # refused where it is kept, and where it arrives
    assert not FloorNote.objects.filter(text=note["text"]).exists()
    assert not list(Path(settings.TRUELINE_FILES_DIR).rglob("incoming-*"))
    site.operator.upload(path, note, ("a.png", noise(1100)), name="photo")
    assert FloorNote.objects.filter(text=note["text"]).count() == 1
    nothing_half_done()
    figures.append(f"no room for files: told {', '.join(told)}; kept once there was room")


def overdue(site: Site) -> list[Assignment]:
    """Work whose day has passed, each with one step to escalate to."""
    head = make_user(site=site.floor.site, permissions=("core_worklist.change_escalationrule",))
    role = Role.objects.filter(grants__user=head)[0].code
    rule = set_escalation_rule(kind="review", step=1, after=0, to_role=role, actor=head)
    return [
        assign(subject=site.floor.site, kind="review", title=f"Overdue {number}", to_user=site.reviewer,
               due_at=now() - rule.delay - dt.timedelta(minutes=1), actor=head)
        for number in range(12)
    ]  # fmt: skip


def noise(edge: int) -> bytes:
    """A picture that no compression makes smaller: three bytes a pixel."""
    file = io.BytesIO()
    Image.frombytes("RGB", (edge, edge), random.Random(edge).randbytes(edge * edge * 3)).save(file, "PNG")
    return file.getvalue()


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
