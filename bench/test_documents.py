"""50,000 documents with 150,000 revisions: lists, pages, searches and the calendar, beside plain SQL.

Loaded set-based through the same statements as imports. Only counts of statements can fail.
"""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client

from bench.evidence import keep
from bench.measuring import Row, measured
from core.kernel.deeds import acting, service
from core.organization.models import Site
from core.organization.services import system_user
from core.trail.services.sets import Stage
from qms.documents.models import Document, DocumentRevision, DocumentType, Rendition
from qms.documents.services.types import create_document_type
from tests.api.conftest import MAKE, program_of
from tests.qms.conftest import DOCUMENT_RIGHTS
from tests.support.people import make_site, make_user
from tools.cluster import Cluster

pytestmark = pytest.mark.requirement("PERF-SCALE")
DOCUMENTS, REVISIONS, FIRST, AT_ONCE = 50_000, 3, 500, 5_000
AT_MOST = 15
WORDS = "torque wrench calibrate solvent clean label lot release hold inspect weld paint oven gauge operator shift"
DOC, REV, REND = (model._meta.db_table for model in (Document, DocumentRevision, Rendition))


@service
def load(*, first: int, last: int, kind: DocumentType, site: Site, actor: Any) -> None:
    """Documents of these numbers with their revisions; the second of each is effective."""
    stage = Stage("", "", {"site": site.pk, "kind": kind.pk, "first": first, "last": last})
    numbers = "generate_series(%(first)s, %(last)s) n"
    stage.insert_from(
        Document,
        {
            "number": "'B-' || lpad(n::text, 6, '0')", "title": "'Procedure ' || n", "kind": "'procedure'",
            "type_id": "%(kind)s", "site_id": "%(site)s", "owner_id": "%(_actor)s",
            "next_review_on": "current_date + (n %% 700)",
        },
        source=numbers,
    )  # fmt: skip
    stage.insert_from(
        DocumentRevision,
        {
            "document_id": "d.id", "revision": "k::text", "title": "d.title", "status": "'draft'",
            "author_id": "%(_actor)s", "body": _body(), "change_summary": "'Loaded'",
        },
        source=f"{numbers} JOIN {DOC} d ON d.number = 'B-' || lpad(n::text, 6, '0')"
        f" CROSS JOIN generate_series(1, {REVISIONS}) k",
    )  # fmt: skip
    _second_is_effective(stage)
    stage.execute(
        f"INSERT INTO {REND} (revision_id, state, problem, source, heading, text, pdf_sha256, pages)"
        f" SELECT r.id, 'done', '', '', d.number || ' ' || r.title, r.body, '', 0 FROM {numbers}"
        f" JOIN {DOC} d ON d.number = 'B-' || lpad(n::text, 6, '0') JOIN {REV} r ON r.document_id = d.id"
    )


def _body() -> str:
    words = WORDS.split()
    told = ", ".join(f"'{word}'" for word in words)
    drawn = " || ' ' || ".join(f"(ARRAY[{told}])[1 + ((n * {7 + i} + k * {3 + i}) %% {len(words)})]" for i in range(12))
    return f"'# Procedure ' || n || ' ' || {drawn} || ' code' || n"


def _second_is_effective(stage: Stage) -> None:
    kind = ContentType.objects.get_for_model(DocumentRevision).pk
    stamps = "%(_actor)s, now(), 0, '', '', ''"
    stage.execute(
        f"WITH changed AS (UPDATE {REV} b SET status = 'effective', effective_from = now(), row_version = 2"
        f" FROM generate_series(%(first)s, %(last)s) n JOIN {DOC} d ON d.number = 'B-' || lpad(n::text, 6, '0')"
        " WHERE b.document_id = d.id AND b.revision = '2' RETURNING b.*),"
        f" told AS ({stage._history(DocumentRevision, '~', 'changed')})"
        " INSERT INTO core_lifecycle_transition (subject_type_id, subject_id, subject_label, move, from_status,"
        " to_status, record_version, reason, signature_id, actor_id, stamped_at, stamped_txid, stamped_session_user,"
        f" stamped_client, stamped_source) SELECT {kind}, id, title, 'make_effective', 'draft', 'effective', 2, '',"
        f" NULL, {stamps} FROM changed"
    )


def _analyze(postgres: Cluster, name: str) -> None:
    with postgres.connect(name) as link:
        link.execute("ANALYZE")


def test_fifty_thousand_documents(plant: str, postgres: Cluster) -> None:
    system, site = system_user("test"), make_site()
    kind = create_document_type(code="BENCH", name="Loaded", kind="procedure", scheme="B-{seq:6}", actor=system)
    began = time.perf_counter()
    load(first=1, last=FIRST, kind=kind, site=site, actor=system)
    _analyze(postgres, plant)  # what checks each row at the commit is planned by what PostgreSQL knows of the tables
    for first in range(FIRST + 1, DOCUMENTS + 1, AT_ONCE):
        load(first=first, last=min(first + AT_ONCE - 1, DOCUMENTS), kind=kind, site=site, actor=system)
    loaded = time.perf_counter() - began
    _analyze(postgres, plant)
    person = make_user("reader", site=site, permissions=(*DOCUMENT_RIGHTS, MAKE))
    desk, program = Client(), program_of(person)
    with transaction.atomic(), acting(person):
        desk.force_login(person)
    assert Document.objects.count() == DOCUMENTS
    assert DocumentRevision.objects.count() == DOCUMENTS * REVISIONS
    document = Document.objects.get(number="B-025000")
    revision = document.revisions.get(status="effective")

    def page(address: str) -> Any:
        answer = desk.get(address)
        assert answer.status_code == 200, address
        return answer

    def call(address: str) -> Any:
        answer = program.get(address)
        assert answer.status_code == 200, (address, answer.content[:300])
        return answer.json()

    newest = (f"SELECT * FROM {DOC} WHERE site_id = %s ORDER BY number LIMIT 51", [site.pk])
    matching = (
        f"SELECT r.id FROM {REND} n JOIN {REV} r ON r.id = n.revision_id WHERE r.status = 'effective'"
        " AND n.index @@ websearch_to_tsquery('simple', %s) LIMIT 51",
    )
    docs, api = "/qms/documents/", "qms/documents/"
    rows = [
        Row("list 50 of 50,000 documents, HTML", lambda: page(f"{docs}documents/"), newest, AT_MOST, "60 ms CPU"),
        Row("the same, API", lambda: call(f"{api}documents/?limit=50"), newest, AT_MOST, "30 ms CPU"),
        Row("a document with its revisions, HTML", lambda: page(document.get_absolute_url()),
            (f"SELECT * FROM {REV} WHERE document_id = %s", [document.pk]), AT_MOST, "40 ms CPU"),
        Row("a revision, HTML", lambda: page(revision.get_absolute_url()),
            (f"SELECT * FROM {REV} WHERE id = %s", [revision.pk]), AT_MOST, "40 ms CPU"),
        Row("search a rare word, HTML", lambda: page(f"{docs}documents/search/?q=code25000"),
            (matching[0], ["code25000"]), AT_MOST, "50 ms"),
        Row("search two common words, HTML", lambda: page(f"{docs}documents/search/?q=torque+wrench"),
            (matching[0], ["torque wrench"]), AT_MOST, "1 s"),
        Row("search every state, API", lambda: call(f"{api}documents/search/?q=code25000&state=all"),
            (matching[0], ["code25000"]), AT_MOST, "50 ms"),
        Row("what comes due, HTML", lambda: page(f"{docs}documents/due/"),
            (f"SELECT * FROM {DOC} WHERE next_review_on < current_date + 31 LIMIT 500", []), AT_MOST, "100 ms"),
    ]  # fmt: skip
    figures = [f"{'loaded, set-based':<44}{loaded:.0f} s"]
    wrong = []
    for row in rows:
        line, spent = measured(row)
        figures.append(line)
        if spent > row.at_most:
            wrong.append(line)
    keep("documents", "50,000 documents with 150,000 revisions", figures)
    assert not wrong, "\n".join(wrong)
    assert connection.is_usable()
