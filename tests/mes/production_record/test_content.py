"""What the sealed record says: every fact of the order in the PDF a person reads and in the JSON a program reads."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import random
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
import pypdf
import pytest
import zxingcpp
from django.core.management import CommandError, call_command
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pytest_django.fixtures import Settings

from core.files import blobs
from core.kernel.deeds import Deed
from core.lifecycle.models import Transition
from core.printing.models import PrintedRecord
from core.signing.models import Signature
from mes.execution.models import Consumption, DataRecord, LaborEntry, Output
from mes.production_record.models import RecordException
from mes.production_record.queries import content_of, recorded_in, signatures_of_record, standing_of
from qms.nonconformance.models import Disposition, NonConformance
from qms.nonconformance.queries import nonconformances_within
from tests.mes.production_record.story import Story
from traceability.models import Hold
from traceability.queries import holds_within, trace

pytestmark = pytest.mark.requirement("ORD-11")
needs_poppler = pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler-utils is not installed")


@dataclass
class Sealed:
    """The sealed record of the full story: its file, its text without white space, its attached data."""

    story: Story
    printed: PrintedRecord
    file: bytes
    text: str
    data: dict[str, Any]

    def says(self, *words: object) -> None:
        """Each of these is to be read in the file."""
        for word in words:
            assert squeezed(str(word)) in self.text, f"{word!r} is not in the PDF"

    def at(self, moment: dt.datetime) -> str:
        """A moment as it is printed: to the second, in the site's zone, with its offset."""
        local = moment.astimezone(ZoneInfo(self.story.floor.site.time_zone))
        return re.sub(r"([+-]\d\d:\d\d)$", r" \1", local.isoformat(sep=" ", timespec="seconds"))


def squeezed(text: str) -> str:
    """Text without white space and typographic variants: where a line breaks says nothing."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def text_of(file: bytes) -> str:
    """The squeezed text of all pages."""
    pages = [squeezed(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(file)).pages]
    return "".join(pages)


@pytest.fixture
def sealed(told: Story) -> Sealed:
    told.release()
    printed = told.printed()
    file = blobs.load(printed.sha256)
    with pikepdf.open(io.BytesIO(file)) as pdf:
        [name] = set(pdf.attachments) - {"seal.json"}
        attached = pdf.attachments[name].get_file().read_bytes()
    return Sealed(told, printed, file, text_of(file), json.loads(attached))


def parts_tell_the_same(sealed: Sealed) -> None:
    """What pages and guards read in parts is what the whole record says."""
    record = sealed.story.record
    content, (recorded, exceptions) = content_of(record), recorded_in(record)
    assert vars(content.statement) == {**vars(recorded), **vars(standing_of(record))}
    assert exceptions == list(content.exceptions)
    deed = Deed(actor=sealed.story.reviewer)
    operations = [facts.operation for facts in content.operations]
    signed = signatures_of_record(
        record,
        operations=operations,
        about=nonconformances_within(sealed.story.lot, deed),
        holds=holds_within(sealed.story.lot, deed),
    )
    assert {state.signature.pk for state in signed} == {state.signature.pk for state in content.signatures}
    assert len(signed) == len(content.signatures) > 5


def plain(number: Any) -> str:
    return f"{number.normalize():f}"


def tells_what_happened(sealed: Sealed) -> None:
    story, order = sealed.story, sealed.story.order
    sealed.says(sealed.printed.number, "Released", order.number, story.lot.number, order.material, order.routing_hash)
    values = list(DataRecord.objects.select_related("actor", "unit"))
    assert {value.judgement for value in values} == {"in", "warning", "out"}
    for value in values:
        sealed.says(value.label, value.value, value.unit, value.get_judgement_display(), value.actor)
        sealed.says(f"{plain(value.lower_limit)} … {plain(value.upper_limit)}", sealed.at(value.stamped_at))
        if value.judgement != "in":
            sealed.says(value.judgement_text)
    corrected = DataRecord.objects.get(supersedes__isnull=False)
    assert corrected.supersedes is not None
    sealed.says(
        f"Corrected from {corrected.supersedes.value}", f"Reason: {corrected.reason}", "Replaced by a later entry"
    )
    for used in Consumption.objects.select_related("material", "lot", "unit", "into_unit"):
        sealed.says(used.material, used.unit or used.lot, used.into_unit, sealed.at(used.stamped_at))
    for output in Output.objects.select_related("scrap_reason"):
        sealed.says(output.explanation, output.reason, output.scrap_reason or "")
    explained = [operation.material_explanation for operation in order.operations.all()]
    assert any(explained)
    sealed.says(*explained)
    assert Output.objects.filter(reverses__isnull=False).exists() and Output.objects.filter(scrap__gt=0).exists()
    for entry in LaborEntry.objects.select_related("run__operator", "run__terminal"):
        sealed.says(entry.run.operator, entry.run.terminal or "", entry.get_kind_display(), entry.note)
    assert LaborEntry.objects.filter(run__terminal__isnull=False).exists()


def tells_what_was_decided(sealed: Sealed) -> None:
    for one in RecordException.objects.all():
        sealed.says(one.text)
    assert {"out_of_limits", "warning", "corrected", "taken_back", "scrap", "explained", "nonconformance"} == set(
        RecordException.objects.values_list("kind", flat=True)
    )
    kinds = set()
    for found in NonConformance.objects.all():
        kinds.add(found.kind)
        sealed.says(
            found.number, found.title, found.get_kind_display(), found.cause, "Closed", sealed.at(found.reported_at)
        )
    assert kinds == {"nonconformance", "deviation"}
    for disposition in Disposition.objects.all():
        sealed.says(disposition.get_kind_display(), disposition.justification, disposition.proposed_by)
    for hold in Hold.objects.select_related("lot", "unit"):
        lifted = Transition.objects.get(subject_id=hold.pk, subject_type__model="hold", to_status="released")
        sealed.says(hold.unit or hold.lot, hold.reason, sealed.at(hold.placed_at), lifted.actor, lifted.reason)
    assert Hold.objects.filter(reason="Supplier certificate missing").count() == 1


def shows_signatures(sealed: Sealed) -> None:
    signatures = list(Signature.objects.select_related("signer"))
    assert {s.meaning for s in signatures} == {
        "authored", "approved", "performed", "dispositioned", "closed", "hold_released", "released",
    }  # fmt: skip
    section = sealed.text[sealed.text.rindex("SignaturesAuthored") :]
    for signature in signatures:
        words = (signature.get_meaning_display(), signature.printed_name, signature.time_zone, signature.reason)
        for word in (*words, sealed.at(signature.signed_at), signature.subject_label):
            assert squeezed(word) in section, f"{word!r} of {signature}"


def shows_genealogy_trail_and_code(sealed: Sealed, tmp_path: Path) -> None:
    rows = trace(sealed.story.lot, "backward")
    assert max(row.level for row in rows) >= 3
    for row in rows:
        sealed.says(f"{row.dots}{row.level}{row.number}{row.material}")
    trail = sealed.text[sealed.text.rindex("TrailWhenWhoWhat") :]
    for moved in Transition.objects.filter(subject_type__model__in=["productionorder", "orderoperation", "lot"]):
        if moved.subject_id in (sealed.story.order.pk, sealed.story.lot.pk) and moved.reason:
            assert squeezed(moved.reason) in trail
    assert squeezed("Torque out of limits") in trail and squeezed("Certificate arrived") in trail
    if shutil.which("pdftoppm"):
        (tmp_path / "record.pdf").write_bytes(sealed.file)
        subprocess.run(
            ["pdftoppm", "-r", "150", "-png", "-l", "2", "record.pdf", "page"], cwd=tmp_path, check=True
        )  # fmt: skip
        pages = sorted(tmp_path.glob("page-*.png"))
        codes = [{found.text for found in zxingcpp.read_barcodes(Image.open(page))} for page in pages]
        assert len(codes) == 2 and all(any(sealed.printed.token in text for text in found) for found in codes)


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every single value of the data with its path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, f"{path}[]")
    else:
        yield path, value


CODES = {
    ".format", ".status", ".lot.status", ".exceptions[].kind", ".operations[].status", ".operations[].work[].what",
    ".operations[].values[].judgement", ".nonconformances[].kind", ".nonconformances[].severity",
    ".nonconformances[].status", ".nonconformances[].dispositions[].kind", ".nonconformances[].dispositions[].status",
    ".holds[].status", ".signatures[].meaning", ".signatures[].scheme", ".operations[].values[].uom",
}  # fmt: skip
"""Words for programs; the PDF says the same in words for people."""

NUMBERED = re.compile(r"\.(id|supersedes|reverses)$")
"""How rows point to each other within the data; the PDF puts them side by side instead."""


def agrees_with_its_data(sealed: Sealed) -> None:
    said = []
    for path, value in leaves(sealed.data):
        if path in CODES or NUMBERED.search(path) or isinstance(value, bool) or value in (None, ""):
            continue
        if re.search(r"(\.at|_at)$", path):
            value = sealed.at(dt.datetime.fromisoformat(value))
        if path == ".signatures[].digest":
            value = value[:16]
        said.append(path)
        sealed.says(value)
    assert len(said) > 300
    assert {path.split(".")[1].rstrip("[]") for path in said} >= {
        "operations", "exceptions", "nonconformances", "holds", "genealogy", "signatures", "trail", "statement",
    }  # fmt: skip


def has_data_of_a_fixed_form(sealed: Sealed) -> None:
    data = sealed.data
    assert data["format"] == "trueline-production-record-1" and data["status"] == "released"
    assert set(data) == {
        "format", "number", "status", "order", "lot", "statement", "exceptions", "operations", "nonconformances",
        "holds", "genealogy", "signatures", "trail",
    }  # fmt: skip
    first, second = data["operations"]
    assert [entry["what"] for entry in first["work"]] == ["start", "pause", "resume", "end"]
    assert [(row["good"], row["scrap"], row["reverses"]) for row in first["outputs"]] == [
        ("1", "0", None), ("1", "0", first["outputs"][0]["id"]), ("2", "1", None),
    ]  # fmt: skip
    values = {row["id"]: row for row in second["values"]}
    [corrected] = [row for row in values.values() if row["supersedes"]]
    assert (corrected["value"], values[corrected["supersedes"]]["value"]) == ("11", "12.5")
    assert corrected["reason"] == "Gauge was not zeroed"
    assert [(row["lower_limit"], row["upper_limit"], row["upper_warning"]) for row in values.values()] == [
        ("10", "12", "11.5")
    ] * 3
    assert all(signature["intact"] for signature in data["signatures"])
    assert data["statement"]["signatures"] == len(data["signatures"])
    assert data["trail"] == sorted(data["trail"], key=lambda entry: dt.datetime.fromisoformat(entry["at"]))
    assert sealed.printed.content_sha256 == hashlib.sha256(attached_bytes(sealed.file)).hexdigest()


def attached_bytes(file: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(file)) as pdf:
        return bytes(pdf.attachments["record.json"].get_file().read_bytes())


def names_itself_on_every_page(sealed: Sealed) -> None:
    pages = [squeezed(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(sealed.file)).pages]
    assert len(pages) == sealed.printed.pages > 2
    for number, page in enumerate(pages, start=1):
        assert squeezed(f"Production record · Released{sealed.printed.number}") in page
        assert f"{number}/{len(pages)}" in page


def test_the_sealed_record_tells_everything_to_people_and_to_programs(sealed: Sealed, tmp_path: Path) -> None:
    tells_what_happened(sealed)
    parts_tell_the_same(sealed)
    tells_what_was_decided(sealed)
    shows_signatures(sealed)
    shows_genealogy_trail_and_code(sealed, tmp_path)
    names_itself_on_every_page(sealed)
    has_data_of_a_fixed_form(sealed)
    agrees_with_its_data(sealed)


@needs_poppler
def test_the_seal_is_accepted_and_every_change_refused(sealed: Sealed, settings: Settings, tmp_path: Path) -> None:
    path, certificate = tmp_path / "record.pdf", Path(settings.TRUELINE_KEY_DIR) / "seal.pem"

    def verdict(file: bytes) -> str:
        """What the command says, without a database: empty when it accepts."""
        path.write_bytes(file)
        try:
            call_command("verify_pdf", str(path), certificate=certificate, stdout=io.StringIO())
        except (CommandError, SystemExit) as refused:
            return str(refused) or "refused"
        return ""

    def poppler(file: bytes) -> str:
        path.write_bytes(file)
        return subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False).stdout

    assert verdict(sealed.file) == ""
    assert "Signature is Valid" in poppler(sealed.file) and "Total document signed" in poppler(sealed.file)
    [signature] = PdfFileReader(io.BytesIO(sealed.file)).embedded_signatures
    start, end = int(signature.byte_range[1]), int(signature.byte_range[2])
    chance = random.Random(211)
    for place in sorted(chance.sample(range(len(sealed.file)), 8)):
        changed = bytearray(sealed.file)
        changed[place] ^= 0x01
        assert verdict(bytes(changed)), f"byte {place} of {len(changed)}"
        if not start <= place < end:  # the seal's own place, which only our command compares byte by byte
            assert "Signature is Valid" not in poppler(bytes(changed)), f"byte {place}"
    for tail in (b"\n", b"%%EOF\n", b"\0" * 100):
        assert verdict(sealed.file + tail)
    with pikepdf.open(io.BytesIO(sealed.file)) as pdf:
        pdf.attachments["record.json"] = pikepdf.AttachedFileSpec(
            pdf, b'{"number":"forged"}', filename="record.json", description="", mime_type="application/json",
            creation_date="", mod_date="",
        )  # fmt: skip
        forged = io.BytesIO()
        pdf.save(forged)
    assert attached_bytes(forged.getvalue()) == b'{"number":"forged"}'
    assert verdict(forged.getvalue()) and "Signature is Valid" not in poppler(forged.getvalue())
