"""Is this PDF exactly what Trueline sealed? Accepts only a file in which every byte is accounted for.

A PDF signature leaves a gap in the file for itself, and viewers accept files with bytes appended or with
unsigned parts of the signature container changed. None of that is harmless in evidence, so the gap is compared
with the one encoding Trueline writes, and the seal must reach to the last byte.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext

from core.kernel.clock import now
from core.printing.seal import FIELD_NAME, Chain, outside_event_loop

# pyHanko reports every finding to the log as well; the verdict carries them to the person who asked.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)

STUMBLES = (
    PdfError, SignatureValidationError, ValueError, LookupError, TypeError, AttributeError,
    RecursionError, AssertionError, NotImplementedError, ArithmeticError,
)  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """What was found: `problems` in words, empty when the file is exactly what was sealed."""

    problems: tuple[str, ...] = ()
    sealed_at: datetime | None = None
    signer: str = ""
    fingerprint: str = ""
    details: dict[str, str] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether the file may be relied upon."""
        return not self.problems


def verify_pdf(pdf: bytes, chains: Sequence[Chain], *, at: datetime | None = None) -> Verdict:
    """Judge a file against the certificates given; never raises for what the file contains."""
    try:
        return _judge(pdf, chains, at or now())
    except STUMBLES as error:
        # The bytes are an attacker's: a parser that stumbles is a refusal, and says where it stumbled.
        told = f"{type(error).__name__}: {error}"[:200]
        return Verdict((_("The file cannot be read as a sealed PDF ({error}).").format(error=told),))


def _judge(pdf: bytes, chains: Sequence[Chain], at: datetime) -> Verdict:
    if not pdf.startswith(b"%PDF-"):
        return Verdict((_("This is not a PDF file."),))
    if not chains:
        return Verdict((_("There is no certificate to verify against."),))
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    signatures = list(reader.embedded_signatures)
    if not signatures:
        return Verdict((_("The file carries no seal."),))
    if len(signatures) > 1:
        return Verdict((_("The file carries {count} signatures; Trueline seals once.").format(count=len(signatures)),))
    [signature] = signatures
    problems = list(_shape_problems(pdf, signature))
    chain = next((each for each in chains if _is_signed_by(signature, each)), None)
    if chain is None:
        problems.append(_("The file was sealed with a certificate that is not one of those given."))
        return Verdict(tuple(problems), signer=_signer(signature))
    problems += _container_problems(pdf, signature, chain)
    sealed_at = signature.self_reported_timestamp
    problems += _signature_problems(signature, chain, sealed_at, at, told=bool(problems))
    return Verdict(tuple(problems), sealed_at, _signer(signature), chain.fingerprint)


def _shape_problems(pdf: bytes, signature: EmbeddedPdfSignature) -> list[str]:
    start, gap_start, gap_end, rest = (int(part) for part in signature.byte_range)
    problems = []
    if signature.field_name != FIELD_NAME or signature.sig_object_type != "/Sig":
        problems.append(_("The signature in the file is not a Trueline seal."))
    if start != 0 or gap_end + rest != len(pdf):
        problems.append(_("The seal does not cover the whole file: something was added or removed after sealing."))
    return problems


def _container_problems(pdf: bytes, signature: EmbeddedPdfSignature, chain: Chain) -> list[str]:
    """Compare the unsigned gap, byte by byte, with the only way Trueline writes it."""
    gap = pdf[int(signature.byte_range[1]) : int(signature.byte_range[2])]
    expected = canonical_container(signature.signed_data, chain).hex().upper().encode()
    size = len(gap) - 2
    if gap != b"<" + expected + b"0" * (size - len(expected)) + b">":
        return [_("The seal itself was altered: it is not written the way Trueline writes it.")]
    return []


def canonical_container(signed_data: cms.SignedData, chain: Chain) -> bytes:
    """The CMS container rebuilt from its signed parts and the known certificates: everything else is fixed."""
    [info] = signed_data["signer_infos"]
    leaf = chain.asn1()[0]
    digest = cms.DigestAlgorithm({"algorithm": "sha256"})
    rebuilt = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": leaf.issuer, "serial_number": leaf.serial_number}
                    )
                }
            ),
            "digest_algorithm": digest,
            "signature_algorithm": cms.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            "signed_attrs": info["signed_attrs"],
            "signature": info["signature"],
        }
    )
    container = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": cms.DigestAlgorithms((digest,)),
            "encap_content_info": {"content_type": "data"},
            "certificates": chain.asn1(),
            "signer_infos": [rebuilt],
        }
    )
    dumped: bytes = cms.ContentInfo({"content_type": "signed_data", "content": container}).dump()
    return dumped


def _signature_problems(
    signature: EmbeddedPdfSignature, chain: Chain, sealed_at: datetime | None, at: datetime, *, told: bool
) -> list[str]:
    if sealed_at is None:
        return [_("The seal does not say when it was made.")]
    if sealed_at > at + timedelta(minutes=5):
        return [_("The seal says it was made in the future.")]
    anchor = chain.asn1()[-1]
    # The certificate is pinned, so it is judged at the time of sealing: a record outlives the certificate's term.
    context = ValidationContext(
        trust_roots=[anchor], other_certs=chain.asn1()[:-1], moment=sealed_at, allow_fetching=False,
        best_signature_time=sealed_at,
    )  # fmt: skip
    status = outside_event_loop(lambda: validate_pdf_signature(signature, signer_validation_context=context))
    problems = []
    # One thing follows from the other: of a changed content the signature is never right, and of a wrong signature
    # nobody asks whose it is. Only the first is what is wrong with the file.
    if not status.intact:
        problems.append(_("The content of the file was changed after sealing."))
    elif not status.valid:
        problems.append(_("The seal's signature is wrong."))
    elif not status.trusted:
        problems.append(_("The seal's certificate is not trusted, or was not valid when it sealed."))
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE and not told:
        problems.append(_("The seal does not cover the entire file."))
    if not problems and not told and not status.bottom_line:
        problems.append(_("The seal does not satisfy its own rules."))
    return problems


def _is_signed_by(signature: EmbeddedPdfSignature, chain: Chain) -> bool:
    leaf: asn1_x509.Certificate = chain.asn1()[0]
    return bool(signature.signer_cert.dump() == leaf.dump())


def _signer(signature: EmbeddedPdfSignature) -> str:
    return str(signature.signer_cert.subject.human_friendly)
