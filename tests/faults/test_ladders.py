"""Two beats, killed workers, an emptied Redis: no step lost or doubled, every mail at least once under its name."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from core.jobs.models import BackgroundJob
from core.kernel.clock import now
from core.kernel.deeds import acting
from core.organization.models import Role
from core.organization.services import system_user
from core.trail.models import TrailEvent
from core.trail.queries.verifying import verify_trail
from core.worklist.models import Assignment, Escalation, MailPreference, Notification
from core.worklist.services import assign, set_escalation_rule
from tests.faults.house import House, running_house, until
from tests.faults.mailbox import Mailbox, mailbox
from tests.support.people import make_site, make_user
from tools import processes
from tools.cluster import Cluster

pytestmark = pytest.mark.requirement("WRK-01", "WRK-04", "FAULT-01", "FAULT-04")

WORK = 24
ROUNDS, STRIKES = 2, 2
WITHIN = 240.0
QUICK = ("-A", "tests.faults.quick_ladders:app")
SOLO = ("--without-gossip", "--without-mingle", "--pool=solo")
SEE, SET = "core_organization.view_site", "core_worklist.change_escalationrule"
HOST = "plant.example.com"


@pytest.fixture(scope="module")
def post() -> Iterator[Mailbox]:
    with mailbox() as server:
        yield server


@pytest.fixture(scope="module")
def house(
    post: Mailbox, tmp_path_factory: pytest.TempPathFactory, postgres: Cluster, django_db_blocker: DjangoDbBlocker
) -> Iterator[House]:
    data = tmp_path_factory.mktemp("ladders") / "data"
    further = {"EMAIL_URL": f"smtp://127.0.0.1:{post.port}", "TRUELINE_PUBLIC_URL": f"http://{HOST}"}
    with django_db_blocker.unblock(), running_house(postgres, data, further) as running:
        yield running


def ladder() -> list[Assignment]:
    """Work that has come to three steps at once: a reminder, its owner with the manager, and the head of quality."""
    site = make_site()
    head = make_user(site=site, permissions=(SEE, SET))
    boss, owner = make_user(site=site, permissions=(SEE,)), make_user(site=site, permissions=(SEE,))
    with transaction.atomic(), acting(system_user("test")):
        for person in (head, boss, owner):
            person.email = f"{person.username}@{HOST}"
            person.manager = boss if person is owner else None
            person.save()
    MailPreference.objects.bulk_create(MailPreference(user=one, mode="at_once") for one in (head, boss, owner))
    role = Role.objects.filter(grants__user=head)[0].code
    for step, (after, whom) in enumerate(((-60, "asked"), (0, "both"), (60, "role")), 1):
        set_escalation_rule(
            kind="review", step=step, after=after, whom=whom, to_role="" if whom == "asked" else role, by_mail=True,
            actor=head,
        )  # fmt: skip
    given = [
        assign(subject=site, kind="review", title=f"Late {number}", to_user=owner, actor=owner,
               due_at=now() + dt.timedelta(hours=2))
        for number in range(WORK)
    ]  # fmt: skip
    with transaction.atomic(), acting(system_user("test")):
        for one in given:  # days have passed since
            one.due_at, one.due_since = now() - dt.timedelta(hours=2), now() - dt.timedelta(days=3)
            one.save()
    return given


def test_no_escalation_is_lost_or_doubled_and_every_mail_arrives(
    house: House, post: Mailbox, seed: int, figures: list[str]
) -> None:
    chance, began = random.Random(seed + 12), time.monotonic()
    killed: list[str] = []
    strikes = sorted(chance.sample(range(2, WORK), STRIKES))

    def strike(number: int) -> None:
        """The mail was taken, and the worker dies before it can say so."""
        if number in strikes:
            for process in [house.part("worker").process, *house.extra[2:]]:
                processes.kill_group(process.pid)
            killed.append(f"mail {number}")

    post.on_taken = strike
    house.kill("worker")  # everything begins at once, with two beats
    work = ladder()
    for number in (1, 2):
        house.also(*QUICK, "beat", "-s", house.data / f"beat{number}", "--pidfile=")
    for number in range(ROUNDS):
        house.heal()
        second = house.also(*QUICK, "worker", "--queues=default", "-n", f"more{number}@faults", *SOLO)
        time.sleep(chance.uniform(2.0, 5.0))
        house.kill("worker")
        processes.kill_group(second.pid)
        house.broker().flushall()
        killed.append(f"both workers {number}")
        connection.close()
    until(lambda: _whole(house, work), seconds=WITHIN, what=lambda: f"The steps and mails: {_standing(work)}")
    time.sleep(3)  # both beats go on asking
    house.end_also()
    connection.close()
    steps = list(Escalation.objects.filter(assignment__in=work).values_list("assignment", "step", "due_version"))
    assert len(steps) == len(set(steps)) == 3 * WORK
    raised = Assignment.objects.filter(kind="escalation", escalated_from__in=work)
    assert raised.count() == 2 * WORK
    assert TrailEvent.objects.filter(kind="escalated").count() == 3 * WORK
    wanted = {f"<trueline-news-{pk}@{HOST}>" for pk in _news().values_list("pk", flat=True)}
    assert len(wanted) == 4 * WORK
    assert set(post.ids) == wanted, "a mail is lost, or has another name"
    assert BackgroundJob.objects.filter(status="failed").count() == 0
    assert verify_trail().problems == []
    again = len(post.ids) - len(wanted)
    assert again >= 1, "no worker died between a mail and the word of it"
    figures.append(
        f"two beats, {len(killed)} kills of workers ({', '.join(killed)}), Redis emptied {ROUNDS} times: {len(steps)} "
        f"steps of {WORK} late works taken once each, {len(wanted)} mails arrived, {again} of them again under the "
        f"same Message-ID, in {time.monotonic() - began:.0f} s"
    )


def _news() -> Any:
    return Notification.objects.filter(by_mail=True)


def _standing(work: list[Assignment]) -> str:
    done = Escalation.objects.filter(assignment__in=work).count()
    return f"{done} steps, {Notification.objects.filter(mailed_at__isnull=False).count()} mailed"


def _whole(house: House, work: list[Assignment]) -> bool:
    """Whether every step is taken and all of it is mailed; what was killed is started again meanwhile."""
    house.heal()
    done = Escalation.objects.filter(assignment__in=work).count() >= 3 * len(work)
    open_mail = Notification.objects.filter(by_mail=True, mailed_at__isnull=True).exists()
    waiting = BackgroundJob.objects.filter(status__in=("queued", "running")).exists()
    return done and not open_mail and not waiting
