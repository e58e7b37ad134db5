"""The seal: accepted when every byte is as sealed, refused otherwise; poppler's pdfsig as independent judge."""

from __future__ import annotations

import io
import json
import random
import re
import shutil
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from core.kernel.clock import now
from core.printing.seal import (
    KeyTrouble,
    SealKey,
    known_chains,
    load_chain,
    outside_event_loop,
    retire_key,
    seal_key,
    seal_pdf,
)
from core.printing.verify import verify_pdf

pytestmark = pytest.mark.requirement("ORD-11")
needs_pdfsig = pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler-utils is not installed")


def gap(pdf: bytes) -> tuple[int, int]:
    """Where the seal itself stands in the file."""
    [signature] = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return int(signature.byte_range[1]), int(signature.byte_range[2])


def pdfsig(path: Path) -> str:
    """What poppler finds, without asking its certificate store."""
    return subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False).stdout


def test_a_sealed_file_is_accepted_and_says_when_and_by_what(sealed: bytes, key: SealKey) -> None:
    verdict = verify_pdf(sealed, [key.chain])
    assert verdict.problems == ()
    assert verdict.sealed_at is not None
    assert abs((now() - verdict.sealed_at).total_seconds()) < 3600
    assert "Test plant" in verdict.signer
    assert verdict.fingerprint == key.chain.fingerprint


def test_every_changed_byte_is_found(sealed: bytes, key: SealKey) -> None:
    chance, (start, end) = random.Random(20261122), gap(sealed)
    container_end = start + len(sealed[start:end].rstrip(b"0>"))
    places = [chance.randrange(len(sealed)) for _n in range(60)]
    places += [chance.randrange(start, container_end) for _n in range(120)]
    places += [0, start, start + 1, end - 2, end - 1, len(sealed) - 1]
    for place in places:
        changed = bytearray(sealed)
        changed[place] ^= chance.choice((0x01, 0x20, 0x80))
        assert not verify_pdf(bytes(changed), [key.chain]).is_good, f"byte {place} of {len(sealed)}"


def test_of_a_changed_content_only_that_is_said(sealed: bytes, key: SealKey) -> None:
    """The certificate is as good as before: to doubt it too would send the reader after the wrong thing."""
    place = sealed.index(b"stream") + 40
    changed = bytearray(sealed)
    changed[place] ^= 0x01
    assert verify_pdf(bytes(changed), [key.chain]).problems == ("The content of the file was changed after sealing.",)


def test_the_unsigned_gap_may_not_hold_anything_else(sealed: bytes, key: SealKey) -> None:
    start, end = gap(sealed)
    lower = sealed[:start] + sealed[start:end].lower() + sealed[end:]
    assert lower != sealed
    filled = sealed[: end - 9] + b"DEADBEEF" + sealed[end - 1 :]
    for changed in (lower, filled):
        assert verify_pdf(changed, [key.chain]).problems == (
            "The seal itself was altered: it is not written the way Trueline writes it.",
        )


@pytest.mark.parametrize("tail", [b"\n", b"%%EOF\n", b"\n5 0 obj\n<< >>\nendobj\n"])
def test_appended_bytes_are_refused(sealed: bytes, key: SealKey, tail: bytes) -> None:
    [problem, *_others] = verify_pdf(sealed + tail, [key.chain]).problems
    assert "whole file" in problem or "cannot be read as a sealed PDF" in problem


def test_a_later_revision_is_refused_even_if_it_is_signed_by_us(sealed: bytes, key: SealKey) -> None:
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(sealed))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    revised = io.BytesIO()
    writer.write(revised)
    assert not verify_pdf(revised.getvalue(), [key.chain]).is_good


def test_cut_files_other_files_and_unsealed_files_are_refused_in_words(
    plain: bytes, sealed: bytes, key: SealKey
) -> None:
    assert verify_pdf(plain, [key.chain]).problems == ("The file carries no seal.",)
    assert verify_pdf(b"hello", [key.chain]).problems == ("This is not a PDF file.",)
    assert verify_pdf(b"", [key.chain]).problems == ("This is not a PDF file.",)
    assert verify_pdf(sealed, []).problems == ("There is no certificate to verify against.",)
    for length in (10, 500, len(sealed) // 2, len(sealed) - 1):
        assert not verify_pdf(sealed[:length], [key.chain]).is_good


def test_another_installations_seal_is_not_ours(sealed: bytes, key: SealKey, plain: bytes, tmp_path: Path) -> None:
    other = seal_key(tmp_path / "other", at=now(), organization="Test plant")
    for file, chain in ((sealed, other.chain), (seal_pdf(plain, other), key.chain)):
        assert verify_pdf(file, [chain]).problems == (
            "The file was sealed with a certificate that is not one of those given.",
        )


def test_a_key_that_claims_our_name_under_its_own_root_is_refused(plain: bytes, key: SealKey, tmp_path: Path) -> None:
    """The certificate is compared as a whole, so a look-alike does not pass even with our root beside it."""
    other = seal_key(tmp_path / "other", at=now(), organization="Test plant")
    mixed = SealKey(other.private, type(key.chain)((other.chain.certificates[0], key.chain.anchor)))
    assert not verify_pdf(seal_pdf(plain, mixed), [key.chain]).is_good
    assert not verify_pdf(seal_pdf(plain, mixed), [mixed.chain]).is_good


def test_a_signature_that_is_no_seal_is_refused(plain: bytes, key: SealKey) -> None:
    """Our key in another field, not certifying: whoever holds the key did not make a sealed record."""
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(key.chain.asn1()[1:])
    from asn1crypto.keys import PrivateKeyInfo
    from cryptography.hazmat.primitives import serialization as form

    private = key.private.private_bytes(form.Encoding.DER, form.PrivateFormat.PKCS8, form.NoEncryption())
    signer = SimpleSigner(key.chain.asn1()[0], PrivateKeyInfo.load(private), store)
    target = io.BytesIO()
    pdf_signer = PdfSigner(
        PdfSignatureMetadata(field_name="Other"), signer=signer, new_field_spec=SigFieldSpec("Other")
    )
    outside_event_loop(lambda: pdf_signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(plain)), output=target))
    problems = verify_pdf(target.getvalue(), [key.chain]).problems
    assert "The signature in the file is not a Trueline seal." in problems


def test_a_seal_stays_good_after_its_certificate_has_expired(sealed: bytes, key: SealKey) -> None:
    with time_machine.travel("2060-01-01T00:00:00+00:00"):
        assert verify_pdf(sealed, [key.chain]).is_good


def test_a_seal_from_the_future_is_refused(sealed: bytes, key: SealKey) -> None:
    with time_machine.travel("2020-01-01T00:00:00+00:00"):
        assert "The seal says it was made in the future." in verify_pdf(sealed, [key.chain]).problems


@needs_pdfsig
def test_poppler_agrees(sealed: bytes, sealed_file: Path, key: SealKey, tmp_path: Path) -> None:
    found = pdfsig(sealed_file)
    assert "Signature is Valid." in found
    assert "Total document signed" in found
    assert "ETSI.CAdES.detached" in found
    chance, (start, end) = random.Random(7), gap(sealed)
    signed = [n for n in range(len(sealed)) if n < start or n >= end]
    refused = tmp_path / "changed.pdf"
    for place in chance.sample(signed, 25):
        changed = bytearray(sealed)
        changed[place] ^= 0x01
        refused.write_bytes(changed)
        assert "Signature is Valid." not in (pdfsig(refused)), place
        assert not verify_pdf(bytes(changed), [key.chain]).is_good
    refused.write_bytes(sealed + b"\n% more\n")
    assert "Total document signed" not in pdfsig(refused)


def test_the_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _n: seal_key(tmp_path / "keys", at=now()), range(8)))
    assert len({key.chain.fingerprint for key in keys}) == 1
    assert stat.S_IMODE((tmp_path / "keys" / "seal.key").stat().st_mode) == 0o600
    assert len(keys[0].chain.certificates) == 2


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    seal_key(tmp_path, at=now())
    (tmp_path / "seal.key").chmod(0o644)
    with pytest.raises(KeyTrouble, match="0600"):
        seal_key(tmp_path, at=now())


def test_half_a_key_is_not_replaced_silently(tmp_path: Path) -> None:
    seal_key(tmp_path, at=now())
    (tmp_path / "seal.key").unlink()
    with pytest.raises(KeyTrouble, match="both"):
        seal_key(tmp_path, at=now())
    with pytest.raises(KeyTrouble, match="not a certificate"):
        load_chain(b"nonsense")


def test_a_key_and_a_foreign_certificate_are_refused(tmp_path: Path) -> None:
    seal_key(tmp_path / "a", at=now())
    other = seal_key(tmp_path / "b", at=now())
    (tmp_path / "a" / "seal.pem").write_bytes(other.chain.pem())
    with pytest.raises(KeyTrouble, match="does not belong"):
        seal_key(tmp_path / "a", at=now())


def test_what_a_retired_key_sealed_stays_good(plain: bytes, tmp_path: Path) -> None:
    old = seal_key(tmp_path, at=now())
    file = seal_pdf(plain, old)
    new = retire_key(tmp_path, at=now())
    assert new.chain.fingerprint != old.chain.fingerprint
    assert verify_pdf(file, known_chains(tmp_path)).is_good
    assert verify_pdf(seal_pdf(plain, new), known_chains(tmp_path)).is_good
    assert not verify_pdf(file, [new.chain]).is_good


def test_verify_pdf_command(
    sealed: bytes, sealed_file: Path, key: SealKey, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    certificate = tmp_path / "seal.pem"
    certificate.write_bytes(key.chain.pem())
    call_command("verify_pdf", str(sealed_file), certificate=certificate)
    assert re.search(r"GOOD, sealed 20\d\d-", capsys.readouterr().out)
    call_command("verify_pdf", str(sealed_file), certificate=certificate, json=True)
    assert json.loads(capsys.readouterr().out)["good"] is True
    sealed_file.write_bytes(sealed + b" ")
    with pytest.raises(SystemExit) as ended:
        call_command("verify_pdf", str(sealed_file), certificate=certificate, json=True)
    assert ended.value.code == 1
    verdict = json.loads(capsys.readouterr().out)
    assert verdict["good"] is False
    assert verdict["problems"]
