"""Existing documents brought along: a packed folder or a list, tried first, all or nothing, taken back as a whole."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from core.files.models import Attachment
from core.kernel.errors import Blocked
from core.organization.models import Site, User
from core.organization.services import system_user
from integrations.models import ImportBatch
from integrations.services import ImportReport, applied, import_records
from integrations.services.folders import is_folder
from integrations.services.looking import look_at, proposed_format
from integrations.services.undo import undo_import
from qms.documents.models import Document, DocumentRevision, Rendition
from qms.documents.queries.search import search_documents
from qms.documents.services.content import make_rendition
from qms.documents.services.keeping import place_legal_hold
from qms.documents.services.types import create_document_type
from tests.qms.conftest import DOCUMENT_RIGHTS
from tests.qms.documents.test_content import sheet_file, word_file
from tests.support.cases import cases_directory
from tests.support.people import make_site, make_user, proof
from tests.support.whole import is_whole

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("DOC-15")]
MAPPING = """
columns:
  number: number
  title: title
  revision: revision
  type: {value: SOP}
  file: file
  content: content
"""
RIGHTS = (*DOCUMENT_RIGHTS, "integrations.apply_importbatch", "integrations.undo_importbatch")


@pytest.fixture
def site() -> Site:
    return make_site("GRZ")


@pytest.fixture
def admin(site: Site) -> User:
    found = make_user("importer", site=site, permissions=RIGHTS)
    create_document_type(code="SOP", name="SOP", kind="procedure", scheme="SOP-{seq:4}", actor=found)
    return found


def packed(files: dict[str, bytes]) -> bytes:
    folder = io.BytesIO()
    with zipfile.ZipFile(folder, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return folder.getvalue()


def bring(data: bytes, admin: User, **more: Any) -> ImportReport:
    return import_records(kind="documents", data=data, file_name="sops.zip", mapping=MAPPING, actor=admin, **more)


FOLDER = {
    "SOP-012 Line clearance_v3_20250621.docx": word_file("Clear the line of everything.").getvalue(),
    "quality/tools.xlsx": sheet_file(("Tool", "Torque"), ("T1", "12 Nm")).getvalue(),
    "quality/plan.md": b"---\nid: PLAN-001\nrevision: 2\ntitle: Quality plan\n---\n\n# Purpose\n\nZirconium rings.\n",
    ".hidden/secret.md": b"no",
}


def test_a_folder_becomes_drafts_that_search_finds(admin: User) -> None:
    data = packed(FOLDER)
    assert is_folder(data)
    assert [column.name for column in look_at(data, proposed_format(data)).columns][:4] == [
        "file", "folder", "number", "title",
    ]  # fmt: skip
    tried = bring(data, admin, dry_run=True)
    assert (tried.issues, tried.totals["created"], Document.objects.count()) == ([], 3, 0)
    batch = applied(bring(data, admin))
    found = {one.number: one for one in Document.objects.all()}
    assert set(found) == {"SOP-012", "TOOLS", "PLAN-001"}
    clearance = found["SOP-012"].revisions.get()
    assert (clearance.title, clearance.revision, clearance.status) == ("Line clearance", "3", "draft")
    assert clearance.file is not None and found["SOP-012"].kind == "procedure"
    plan = found["PLAN-001"].revisions.get()
    assert (plan.title, plan.revision, plan.file, plan.body) == (
        "Quality plan", "2", None, "# Purpose\n\nZirconium rings.",
    )  # fmt: skip
    assert [hit.revision for hit in search_documents("zirconium", admin, every_state=True)] == [plan]
    revisions = DocumentRevision.objects.select_related("document", "file").order_by("pk")
    read = list(revisions if is_whole() else revisions[::3])
    for revision in read:
        assert make_rendition(revision).state == "done"
    assert [hit.revision for hit in search_documents("clear line", admin, every_state=True)] == [clearance]
    again = bring(data, admin)
    assert again.totals["unchanged"] == 3 and Document.objects.count() == 3
    undo_import(batch=batch, reason="Wrong folder", actor=admin, signature=proof(admin, "approved"))
    assert not Document.objects.exists() and not DocumentRevision.objects.exists()


def test_what_is_wrong_is_said_for_each_file_and_nothing_is_written(admin: User) -> None:
    files = {"a/SOP-1 One.md": b"# One", "b/SOP-1 Two.md": b"# Two", "c.pdf": b"\x89PNG\r\n\x1a\n0000"}
    report = bring(packed(files), admin)
    assert not Document.objects.exists()
    assert {issue.line for issue in report.issues} == {4}
    unknown = MAPPING.replace("SOP}", "XYZ}")
    report = import_records(kind="documents", data=packed(FOLDER), file_name="f.zip", mapping=unknown, actor=admin)
    assert [issue.field for issue in report.issues] == ["type"] * 3
    assert "set it up first" in report.issues[0].message
    assert not ImportBatch.objects.exists()


def test_a_list_of_documents_without_files(admin: User) -> None:
    mapping = "columns: {number: Number, title: Title, type: Type}"
    rows = "Number,Title,Type\nSOP-7,Cleaning,SOP\nSOP-7,Twice,SOP\n"
    report = import_records(kind="documents", data=rows.encode(), file_name="l.csv", mapping=mapping, actor=admin)
    assert "stands on line 2 already" in report.issues[0].message
    rows = "Number,Title,Type\nSOP-7,Cleaning,SOP\n"
    report = import_records(kind="documents", data=rows.encode(), file_name="l.csv", mapping=mapping, actor=admin)
    assert report.totals["created"] == 1
    assert not Attachment.objects.filter(caption="imported").exists()


def test_an_index_says_what_names_do_not(admin: User) -> None:
    index = b"file,number,title,revision\nx.md,QM-1,Quality manual,7\n"
    applied(bring(packed({"index.csv": index, "x.md": b"# Other"}), admin))
    revision = DocumentRevision.objects.select_related("document").get()
    assert (revision.document.number, revision.title, revision.revision) == ("QM-1", "Quality manual", "7")


def test_a_document_under_legal_hold_is_not_taken_back(admin: User) -> None:
    batch = applied(bring(packed({"SOP-3 Hold.md": b"# Hold"}), admin))
    place_legal_hold(document=Document.objects.get(), reason="Dispute", actor=system_user("test"))
    with pytest.raises(Blocked, match="in_use"):
        undo_import(batch=batch, reason="Wrong", actor=admin, signature=proof(admin, "approved"))
    assert Document.objects.count() == 1


@pytest.mark.cases
def test_the_shared_documents_import_and_each_text_is_found(admin: User) -> None:
    folder = cases_directory()
    assert folder is not None
    root = folder / "qms-docs"
    kept = [path for path in root.rglob("*") if path.suffix in (".docx", ".xlsx", ".md")]
    data = packed({str(path.relative_to(root)): path.read_bytes() for path in kept})
    report = bring(data, admin, dry_run=True)
    assert report.issues == [] and report.totals["created"] == len(kept) > 30
    applied(bring(data, admin))
    assert Document.objects.count() == len(kept)
    missing = []
    revisions = DocumentRevision.objects.select_related("document", "file").order_by("pk")
    read = list(revisions if is_whole() else revisions[::3])
    for revision in read:
        rendition = make_rendition(revision)
        word = _rare_word(rendition.text)
        found = search_documents(f'"{word}"', admin, every_state=True, limit=len(kept))
        if rendition.state != "done" or (word and revision.pk not in {hit.revision.pk for hit in found}):
            missing.append((revision.document.number, rendition.state, rendition.problem, word))
    assert missing == []
    assert Rendition.objects.exclude(pdf_sha256="").count() == len(read)


def _rare_word(text: str) -> str:
    """A word of the text that says something."""
    words = [word for word in text.split() if word.isalpha() and len(word) > 5]
    return max(words, key=len, default="")


def test_files_of_folders_stay_what_they_are(tmp_path: Path) -> None:
    assert not is_folder(sheet_file(("a",)).getvalue())
    assert not is_folder(packed({"a.txt": b"x", "[Content_Types].xml": b"<x/>"}))
    assert not is_folder(b"PK\x03\x04 damaged")
