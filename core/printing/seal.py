"""The seal: a PAdES B-B signature of this installation over a finished PDF, and the key that makes it.

The key says "this file left this installation and has not changed since". It says nothing about who approved
what: people's signatures are records of their own, printed inside the file.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

T = TypeVar("T")
FIELD_NAME = "TruelineSeal"
KEY_FILE = "seal.key"
CHAIN_FILE = "seal.pem"
RETIRED = "retired"
LIFETIME = timedelta(days=365 * 20)
CONTENTS_BYTES = 8192
"""Room reserved for the signature; a fixed size keeps the verifier's expectation exact."""


class KeyTrouble(Exception):
    """The sealing key cannot be used: readable by others, half of it missing, or not of its certificate."""


@dataclass(frozen=True)
class Chain:
    """A seal's certificates, the signing one first and the trust anchor last."""

    certificates: tuple[x509.Certificate, ...]

    @property
    def anchor(self) -> x509.Certificate:
        """The self-signed certificate others are asked to trust."""
        return self.certificates[-1]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the signing certificate (DER) in hexadecimal digits."""
        return hashlib.sha256(self.certificates[0].public_bytes(serialization.Encoding.DER)).hexdigest()

    def pem(self) -> bytes:
        """All certificates as PEM, to be handed to whoever verifies."""
        return b"".join(each.public_bytes(serialization.Encoding.PEM) for each in self.certificates)

    def asn1(self) -> list[asn1_x509.Certificate]:
        """The certificates in the form pyHanko works with."""
        return [asn1_x509.Certificate.load(each.public_bytes(serialization.Encoding.DER)) for each in self.certificates]


@dataclass(frozen=True)
class SealKey:
    """The private key of the seal with its chain."""

    private: ec.EllipticCurvePrivateKey
    chain: Chain


def load_chain(pem: bytes) -> Chain:
    """Read a PEM file of one or more certificates; raises `KeyTrouble` when it holds none."""
    try:
        return Chain(tuple(x509.load_pem_x509_certificates(pem)))
    except ValueError as error:
        raise KeyTrouble(f"not a certificate in PEM form: {error}") from error


def seal_key(directory: Path, *, at: datetime, organization: str = "Trueline") -> SealKey:
    """The installation's key, made on first use; raises `KeyTrouble` when the stored one is not usable.

    Two processes asking at once get the same key: the directory is locked while it is made.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(directory):
        if not (directory / KEY_FILE).exists() and not (directory / CHAIN_FILE).exists():
            _store(directory, _make(at, organization))
        return _load(directory)


def known_chains(directory: Path) -> list[Chain]:
    """The active chain and every retired one: what this installation has ever sealed with."""
    files = [directory / CHAIN_FILE, *sorted((directory / RETIRED).glob("*.pem"))]
    return [load_chain(file.read_bytes()) for file in files if file.exists()]


def retire_key(directory: Path, *, at: datetime, organization: str = "Trueline") -> SealKey:
    """Replace the key by a new one; the old certificate stays for verification, the old private key is destroyed."""
    with _locked(directory):
        old = _load(directory)
        (directory / RETIRED).mkdir(mode=0o700, exist_ok=True)
        _write(directory / RETIRED / f"{old.chain.fingerprint}.pem", old.chain.pem(), 0o644)
        (directory / KEY_FILE).unlink()
        (directory / CHAIN_FILE).unlink()
        _store(directory, _make(at, organization))
        return _load(directory)


def outside_event_loop(work: Callable[[], T]) -> T:
    """Run a call of pyHanko in a thread of its own: it starts an event loop, which a thread that has one refuses."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(work).result()


def seal_pdf(pdf: bytes, key: SealKey, *, reason: str = "", location: str = "") -> bytes:
    """Sign the whole file as certified, allowing no change; returns the file with the seal appended."""
    # Only what seals needs pyHanko: it takes a third of a second to load.
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter  # noqa: PLC0415
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner  # noqa: PLC0415
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415

    certificates = key.chain.asn1()
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(certificates[1:])
    private = key.private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    signer = SimpleSigner(
        signing_cert=certificates[0],
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=store,
    )
    metadata = PdfSignatureMetadata(
        field_name=FIELD_NAME,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        name=str(key.chain.certificates[0].subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value),
        reason=reason or None,
        location=location or None,
    )
    pdf_signer = PdfSigner(metadata, signer=signer, new_field_spec=SigFieldSpec(FIELD_NAME))
    target = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    outside_event_loop(lambda: pdf_signer.sign_pdf(writer, output=target, bytes_reserved=2 * CONTENTS_BYTES))
    return target.getvalue()


def _make(at: datetime, organization: str) -> SealKey:
    """A root that signs one certificate and whose private key is then forgotten: nobody can issue a second one."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    start = at.replace(microsecond=0) - timedelta(minutes=5)
    root_name = _name(organization, "Trueline Seal Root")
    root = (
        _builder(root_name, root_name, root_key.public_key(), start)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(sign=False), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _builder(_name(organization, "Trueline Seal"), root_name, key.public_key(), start)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(sign=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    return SealKey(key, Chain((leaf, root)))


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, start: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=sign, content_commitment=sign, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=not sign, crl_sign=not sign, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _name(organization: str, common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _store(directory: Path, key: SealKey) -> None:
    private = key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(directory / KEY_FILE, private, 0o600)
    _write(directory / CHAIN_FILE, key.chain.pem(), 0o644)


def _write(path: Path, content: bytes, mode: int) -> None:
    temporary = path.with_suffix(".new")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _load(directory: Path) -> SealKey:
    path = directory / KEY_FILE
    if not path.exists() or not (directory / CHAIN_FILE).exists():
        raise KeyTrouble(f"{directory}: {KEY_FILE} and {CHAIN_FILE} must both be there")
    if path.stat().st_mode & 0o077:
        raise KeyTrouble(f"{path} can be read by others; its mode must be 0600")
    private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    chain = load_chain((directory / CHAIN_FILE).read_bytes())
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise KeyTrouble(f"{path} is not an elliptic-curve key")
    if private.public_key() != chain.certificates[0].public_key():
        raise KeyTrouble(f"{path} does not belong to the first certificate of {CHAIN_FILE}")
    return SealKey(private, chain)


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    handle = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
