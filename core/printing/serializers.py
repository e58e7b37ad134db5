"""How sealed records, printers and prints look in the API."""

from __future__ import annotations

from core.printing.models import PrintedRecord, Printer, PrinterDefault, PrintJob
from core.web.api import FactShape, Shape


class PrintedRecordShape(FactShape):
    class Meta:
        model = PrintedRecord
        fields = (
            "id", "site", "kind", "edition", "number", "title", "state", "subject_label", "sealed_at", "actor", "pages",
            "size", "sha256", "content_sha256", "certificate_fingerprint",
        )  # fmt: skip


class PrinterShape(Shape):
    class Meta:
        model = Printer
        fields = ("id", "site", "code", "name", "address", "port", "dpmm", "is_active", "version")


class PrinterDefaultShape(Shape):
    class Meta:
        model = PrinterDefault
        fields = ("id", "site", "work_center", "terminal", "printer", "version")


class PrintJobShape(Shape):
    class Meta:
        model = PrintJob
        fields = (
            "id", "site", "printer", "title", "subject_label", "labels", "media_type", "size", "sha256", "status",
            "problem", "may_have_printed", "asked_by", "asked_at", "version",
        )  # fmt: skip
