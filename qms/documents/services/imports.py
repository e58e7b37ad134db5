"""Set-based import of existing documents: each becomes a draft, with its file, its number and its revision."""

from __future__ import annotations

import io
import re

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils.translation import gettext as _

from core.files import blobs, media, waiting
from core.files.models import Attachment
from core.jobs.services import enqueue
from core.kernel.deeds import current
from core.trail.services.sets import Stage, literal
from qms.documents.models import Document, DocumentRevision, DocumentType, Rendition
from qms.documents.models.renditions import INDEXED
from qms.documents.queries.prose import markdown
from qms.documents.services.extracting import DOCX, PDF, TEXTS, XLSX, text_of_html
from traceability.services.imports import find_existing, table_of

RENDER_IMPORTED_JOB = "qms_documents.render_imported"
_FRONT = re.compile(r"\A---\s*\n.*?\n---\s*\n", re.DOTALL)


def check_documents(stage: Stage) -> None:
    """Numbers are unique, types are in use, files are documents that can be kept; known documents stay as they are."""
    stage.duplicate(["number"], _("“{value}” stands on line {line} already"))
    stage.error(
        "type",
        _("there is no document type “{value}” in use; set it up first"),
        "k.id IS NULL",
        joins=f"LEFT JOIN {table_of(DocumentType)} k ON k.code = s.type AND k.is_active",
    )
    _look_at_files(stage)
    find_existing(stage, Document, "b.number = s.number", {"number": "s.number"})


def _look_at_files(stage: Stage) -> None:
    """What each file is, and the text of those that become text."""
    columns = "media text, size bigint, name text, body text"
    for column in columns.split(", "):
        stage.execute(f"ALTER TABLE {stage.table} ADD COLUMN IF NOT EXISTS {column}")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT line, content, coalesce(file, '') FROM {stage.table} WHERE content IS NOT NULL")
        found = cursor.fetchall()
    for line, sha256, file in found:
        problem = ""
        try:
            data = waiting.load(sha256)
            kind = media.detect(io.BytesIO(data), file)
        except (blobs.BlobMissing, blobs.BlobDamaged, ValueError):
            problem = _("this content is not here; choose the folder again")
        except media.NotAllowed as not_allowed:
            problem = _("the file is %(type)s, no document") % {"type": not_allowed}
        else:
            if kind not in (DOCX, XLSX, PDF, *TEXTS):
                problem = _("the file is %(type)s, no document") % {"type": kind}
        if problem:
            stage.execute(
                f"INSERT INTO {stage.errors} (line, field, message) VALUES (%(line)s, 'file', %(problem)s)",
                line=line, problem=problem,
            )  # fmt: skip
            continue
        body = data.decode("utf-8-sig", errors="replace").replace("\x00", "") if kind in TEXTS else ""
        stage.execute(
            f"UPDATE {stage.table} SET media = %(media)s, size = %(size)s, name = %(name)s, body = %(body)s"
            " WHERE line = %(line)s",
            line=line, media=kind, size=len(data), name=media.clean_name(file or "content", kind),
            body=_FRONT.sub("", body.replace("\r\n", "\n")).strip(),
        )  # fmt: skip


def write_documents(stage: Stage) -> None:
    """Drafts of the new documents with their files; a worker makes their text and PDF."""
    _keep_files(stage)
    new = "s.verdict = 'created'"
    stage.insert(
        Document,
        {
            "number": "s.number", "title": "s.title", "kind": "k.kind", "type_id": "k.id",
            "department": "coalesce(upper(s.department), '')", "site_id": "%(site)s", "owner_id": "%(_actor)s",
            "origin": "%(origin)s", "external_id": "coalesce(s.external_id, '')",
        },
        joins=f"JOIN {table_of(DocumentType)} k ON k.code = s.type",
        where=new,
    )  # fmt: skip
    stage.insert(
        Attachment,
        {
            "subject_type_id": str(ContentType.objects.get_for_model(Document).pk), "subject_id": "d.id",
            "subject_label": "d.number || ' ' || d.title", "site_id": "d.site_id", "sha256": "s.content",
            "size": "s.size", "media_type": "s.media", "name": "s.name", "caption": "'imported'",
        },
        joins=f"JOIN {table_of(Document)} d ON d.number = s.number",
        where=f"{new} AND s.content IS NOT NULL",
    )  # fmt: skip
    texts = ", ".join(literal(kind) for kind in TEXTS)
    attached = (
        f"LEFT JOIN {table_of(Attachment)} a ON a.sha256 = s.content AND a.subject_id = d.id"
        f" AND a.subject_type_id = {ContentType.objects.get_for_model(Document).pk}"
        f" AND s.media NOT IN ({texts})"
    )
    stage.insert(
        DocumentRevision,
        {
            "document_id": "d.id", "revision": "coalesce(s.revision, '1')", "title": "d.title", "status": "'draft'",
            "author_id": "%(_actor)s", "body": "coalesce(s.body, '')", "file_id": "a.id",
            "change_summary": "%(_reason)s",
        },
        joins=f"JOIN {table_of(Document)} d ON d.number = s.number {attached}",
        where=new,
    )  # fmt: skip
    _have_them_rendered(stage)


def _keep_files(stage: Stage) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT content FROM {stage.table} WHERE verdict = 'created' AND content IS NOT NULL")
        wanted = [sha256 for (sha256,) in cursor.fetchall()]
    for sha256 in wanted:
        blobs.store([waiting.load(sha256)])


def _have_them_rendered(stage: Stage) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT r.id FROM {stage.table} s JOIN {table_of(Document)} d ON d.number = s.number"
            f" JOIN {table_of(DocumentRevision)} r ON r.document_id = d.id WHERE s.verdict = 'created' ORDER BY r.id"
        )
        made = [int(key) for (key,) in cursor.fetchall()]
    revisions = DocumentRevision.objects.filter(pk__in=made).select_related("document")
    Rendition.objects.bulk_create(
        Rendition(
            revision=one,
            heading=f"{one.document.number} {one.title}",
            text=text_of_html(markdown(one.body))[:INDEXED],
        )
        for one in revisions
    )
    present = current()
    if made and present is not None:
        enqueue(
            RENDER_IMPORTED_JOB,
            actor=present.user,
            title=_("Make text and PDF of imported documents (%(count)d)") % {"count": len(made)},
            revision_ids=made,
        )
