"""`manage.py verify_pdf`: is this file exactly what was sealed?"""

from __future__ import annotations

import hashlib
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.printing.queries import chains
from core.printing.seal import Chain, KeyTrouble, load_chain
from core.printing.verify import Verdict, verify_pdf


class Command(BaseCommand):
    """Exit code 0: every byte is as sealed. 1: not, and the output says why. The database is not asked."""

    help = "Check the seal of a PDF; needs no database. Exit code 0 when the file is exactly what was sealed, else 1."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the PDF")
        parser.add_argument(
            "--certificate", type=Path, help="PEM file to trust instead of this installation's certificates"
        )
        parser.add_argument("--json", action="store_true", help="print the verdict as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        content = self._read(options["file"])
        verdict = verify_pdf(content, self._trusted(options["certificate"]))
        sha256 = hashlib.sha256(content).hexdigest()
        if options["json"]:
            self.stdout.write(json.dumps(_as_dict(verdict, sha256), indent=2))
        else:
            self._tell(options["file"], verdict, sha256)
        if not verdict.is_good:
            raise SystemExit(1)

    def _tell(self, file: Path, verdict: Verdict, sha256: str) -> None:
        if verdict.is_good and verdict.sealed_at is not None:
            self.stdout.write(f"{file}: GOOD, sealed {verdict.sealed_at:%Y-%m-%d %H:%M:%S %z} by {verdict.signer}")
        else:
            self.stdout.write(f"{file}: REFUSED")
        for problem in verdict.problems:
            self.stdout.write(f"  {problem}")
        self.stdout.write(f"  SHA-256 {sha256}")

    def _read(self, file: Path) -> bytes:
        try:
            return file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error

    def _trusted(self, certificate: Path | None) -> list[Chain]:
        if certificate is None:
            return chains()
        try:
            return [load_chain(self._read(certificate))]
        except KeyTrouble as trouble:
            raise CommandError(f"{certificate}: {trouble}") from trouble


def _as_dict(verdict: Verdict, sha256: str) -> dict[str, Any]:
    return {
        "good": verdict.is_good,
        "problems": list(verdict.problems),
        "sealed_at": verdict.sealed_at.isoformat() if verdict.sealed_at else None,
        "signer": verdict.signer,
        "certificate": verdict.fingerprint,
        "sha256": sha256,
    }
