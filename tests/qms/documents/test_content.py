"""Files as content, their text and PDF, search and redlines."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from openpyxl import Workbook

from core.files import blobs
from core.printing.services import render_sheet
from core.signing.queries import is_intact, signatures_of
from qms.documents.models import DocumentRevision, Rendition
from qms.documents.queries.redline import compared_text, form_changes, redline
from qms.documents.queries.search import search_documents
from qms.documents.services import create_document, edit_revision, revise_document
from qms.documents.services.content import attach_content, make_rendition, remove_content, set_form_fields
from qms.documents.services.extracting import text_of_html
from tests.qms.conftest import DOCUMENT_RIGHTS
from tests.qms.documents.test_services import change_behind_the_back, refused, submit
from tests.support.documents import FIELDS, into_force
from tests.support.people import make_site, make_user

pytestmark = pytest.mark.django_db
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word_file(*paragraphs: str, rows: tuple[tuple[str, ...], ...] = ()) -> io.BytesIO:
    """A Word file with these paragraphs and a table."""
    text = "".join(f"<w:p><w:r><w:t>{one}</w:t></w:r></w:p>" for one in paragraphs)
    head = '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Purpose</w:t></w:r></w:p>'
    cells = "".join(
        "<w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row) + "</w:tr>"
        for row in rows
    )
    table = f"<w:tbl>{cells}</w:tbl>" if rows else ""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{head}{text}{table}</w:body></w:document>")
    file.seek(0)
    return file


def sheet_file(*rows: tuple[Any, ...]) -> io.BytesIO:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(file)
    file.seek(0)
    return file


def words(found: list[Any]) -> list[int]:
    return [hit.revision.pk for hit in found]


@pytest.mark.requirement("DOC-02")
def test_a_word_file_is_content_with_text_and_pdf(draft: Any, author: Any, approver: Any) -> None:
    file = word_file("Wear safety glasses", rows=(("Tool", "Torque"), ("T1", "12")))
    attach_content(revision=draft, file=file, name="SOP.docx", actor=author)
    draft.refresh_from_db()
    found = make_rendition(draft)
    assert found.state == "done" and found.pages >= 1 and blobs.load(found.pdf_sha256).startswith(b"%PDF")
    assert "Purpose" in found.text and "| T1 | 12 |" in found.text
    assert make_rendition(draft) == found
    submit(draft, author)
    assert is_intact(signatures_of(draft)[0])
    with refused(draft, "not_a_draft"):
        remove_content(revision=draft, actor=author)
    change_behind_the_back(draft, author)
    assert not is_intact(signatures_of(draft)[0])


@pytest.mark.requirement("DOC-02")
def test_sheets_pdfs_and_markdown_are_content_too(draft: Any, author: Any) -> None:
    attach_content(revision=draft, file=sheet_file(("Gauge", "Due"), ("G-7", 12)), name="a.xlsx", actor=author)
    draft = DocumentRevision.objects.select_related("document", "file").get(pk=draft.pk)
    assert "| G-7 | 12 |" in make_rendition(draft).text
    pdf = render_sheet("qms/documents/print/rendition.html", {"revision": draft, "html": "<p>Zirconium</p>"}, title="x")
    attach_content(revision=draft, file=io.BytesIO(pdf), name="b.pdf", actor=author)
    draft = DocumentRevision.objects.select_related("document", "file").get(pk=draft.pk)
    found = make_rendition(draft)
    assert "Zirconium" in found.text and found.pdf_sha256 == draft.file.sha256
    attach_content(revision=draft, file=io.BytesIO(b"# Heading\n\nText of it"), name="c.md", actor=author)
    draft.refresh_from_db()
    assert (draft.body, draft.file) == ("# Heading\n\nText of it", None)


@pytest.mark.requirement("DOC-02")
def test_what_is_no_document_is_refused_and_what_is_damaged_is_said(draft: Any, author: Any) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a.txt", "x")
    archive.seek(0)
    with refused(draft, "content_type"):
        attach_content(revision=draft, file=archive, name="a.zip", actor=author)
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("word/document.xml", "<w:document")
    broken.seek(0)
    attach_content(revision=draft, file=broken, name="broken.docx", actor=author)
    found = make_rendition(DocumentRevision.objects.select_related("document", "file").get(pk=draft.pk))
    assert found.state == "failed" and "damaged" in found.problem


@pytest.mark.requirement("DOC-14")
def test_search_finds_what_is_effective_and_may_be_read(draft: Any, author: Any, approver: Any, site: Any) -> None:
    edit_revision(revision=draft, body="Calibrate the torque wrench weekly.", actor=author)
    assert search_documents("wrench", author) == []
    assert words(search_documents("wrench", author, every_state=True)) == [draft.pk]
    into_force(draft, author, approver)
    for asked in ("wrench", "calibration", "calibrating wrenches", '"torque wrench"', "wheel", draft.document.number):
        assert words(search_documents(asked, author)) == [draft.pk], asked
    assert "<mark>wrench</mark>" in search_documents("wrench", author)[0].excerpt
    for asked in ("lathe", "wrench -torque", "", "\x00", "'); DROP", '"'):
        assert search_documents(asked, author) == []
    assert search_documents("wrench", make_user(site=site)) == []
    assert search_documents("wrench", make_user(site=make_site(), permissions=DOCUMENT_RIGHTS)) == []
    second = revise_document(document=draft.document, change_summary="x", actor=author)
    edit_revision(revision=second, body="Calibrate <script>alert(1)</script> the wrench.", actor=author)
    assert words(search_documents("wrench", author)) == [draft.pk]
    both = search_documents("wrench", author, every_state=True)
    assert set(words(both)) == {draft.pk, second.pk}
    assert not any("<script>" in hit.excerpt for hit in both)


@pytest.mark.requirement("DOC-06")
def test_a_redline_shows_words_and_cells() -> None:
    old = "# Clean\n\nUse solvent A.\n\n| Tool | Torque |\n|---|---|\n| T1 | 12 Nm |\n| T2 | 8 Nm |\n\nEnd."
    rows = "| Tool | Torque |\n|---|---|\n| T1 | 14 Nm |\n| T2 | 8 Nm |\n| T3 | 9 Nm |\n"
    new = f"# Clean\n\nUse solvent B twice.\n\n{rows}"
    found = redline(old, new)
    line = next(block for group in found.groups for block in group if block.kind == "changed" and not block.is_row)
    assert [(p.kind, p.text) for p in line.pieces if p.kind != "same"] == [
        ("removed", "A"), ("added", "B twice"),
    ]  # fmt: skip
    table = next(group for group in found.groups if group[0].is_row)
    assert [block.kind for block in table] == ["same", "changed", "same", "added"]
    assert [(p.kind, p.text) for p in table[1].cells[1] if p.kind != "same"] == [("removed", "12"), ("added", "14")]
    assert found.groups[-1][0].kind == "removed"
    assert redline(old, old).changes == 0


@pytest.mark.requirement("DOC-06")
def test_redlines_lose_nothing() -> None:
    lines = some.lists(some.sampled_from(["Use A.", "Use B now.", "| a | 1 |", "| a | 2 |", "End", "# H"]), max_size=8)

    @settings(max_examples=60, deadline=None)
    @given(lines, lines)
    def check(old: list[str], new: list[str]) -> None:
        found = redline("\n".join(old), "\n".join(new))

        def side(gone: str) -> list[str]:
            told = []
            for block in (block for group in found.groups for block in group if block.kind != gone):
                cells = ["".join(p.text for p in cell if p.kind != gone) for cell in block.cells]
                told.append(f"| {' | '.join(cells)} |" if block.is_row else cells[0])
            return told

        assert (side("added"), side("removed")) == (old, new)

    check()


@pytest.mark.requirement("DOC-06")
def test_the_fields_of_a_form_are_compared(site: Any, author: Any, approver: Any) -> None:
    form = create_document(kind="form", title="Oven", site=site, actor=author).revisions.get()
    set_form_fields(revision=form, fields=FIELDS, actor=author)
    form.refresh_from_db()
    into_force(form, author, approver)
    second = revise_document(document=form.document, change_summary="Hotter", actor=author)
    hotter = [{**FIELDS[0], "high": "200"}, *FIELDS[2:]]
    set_form_fields(revision=second, fields=hotter, actor=author)
    second.refresh_from_db()
    changes = form_changes(form, second)
    assert [code for code, _before, _now in changes] == ["TEMP", "DAY"]
    assert "170…190" in changes[0][1] and "170…200" in changes[0][2] and changes[1][2] == ""
    assert compared_text(second) == ""


def test_text_of_html_keeps_lines_and_cells() -> None:
    html = (
        "<h2>A &amp; B</h2><p>One<br>two</p><ul><li>x</li></ul><table><tr><td>1</td><td>2 <em>m</em></td></tr></table>"
    )
    assert text_of_html(html).splitlines() == ["A & B", "One", "two", "x", "| 1 | 2 m |"]


def test_only_a_form_has_fields(draft: Any, author: Any) -> None:
    with refused(draft, "not_a_form"):
        set_form_fields(revision=draft, fields=FIELDS, actor=author)


def test_a_rendition_of_text_is_there_at_once(draft: Any) -> None:
    assert Rendition.objects.get(revision=draft).text == "Do"
