"""Heads stamped by an authority of our own on the loopback address."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import keys, tsp, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper, TimestampRequestError

from core.trail.models import TimeStamp
from core.trail.queries.exporting import exported_lines
from core.trail.services.authority import Authority
from core.trail.services.stamping import StampRefused, stamp_head, stamp_newest_head
from tests.support import seals

pytestmark = pytest.mark.requirement("SEAL-07")


@pytest.fixture(scope="module")
def authority() -> DummyTimeStamper:
    """An authority with a self-made certificate."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = certificates.Name([certificates.NameAttribute(NameOID.COMMON_NAME, "Authority of a test")])
    moment = dt.datetime.now(dt.UTC)
    certificate = (
        certificates.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(moment - dt.timedelta(days=1))
        .not_valid_after(moment + dt.timedelta(days=1))
        .add_extension(certificates.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return DummyTimeStamper(
        x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)), keys.PrivateKeyInfo.load(der)
    )


@contextlib.contextmanager
def listening(handler: type[BaseHTTPRequestHandler], context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server on the loopback address; its port."""
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def address(authority: DummyTimeStamper) -> Iterator[str]:
    """The authority served by HTTP."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            answer: Any = asyncio.run(authority.async_request_tsa_response(request))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer.dump())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with listening(Handler) as port:
        yield f"http://127.0.0.1:{port}/"


def test_the_newest_head_is_stamped_once(plant: str, address: str, settings: Any) -> None:
    with seals.role("trueline_sealer"):
        assert stamp_newest_head() is None
    seals.write(1)
    sealed = seals.seal()
    assert sealed is not None
    settings.TRUELINE_TSA_URL = address
    with seals.role("trueline_sealer"):
        stamp = stamp_newest_head()
        assert stamp is not None and stamp_newest_head() is None
    kept = TimeStamp.objects.get()
    assert kept.seal == sealed and kept.authority == address
    assert abs(kept.stamped_at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=2)
    assert "time_stamps" in next(exported_lines()) and address in next(exported_lines())


class Elsewhere(DummyTimeStamper):
    """Stamps something else than it was asked for."""

    def request_cms(self, message_digest: bytes, md_algorithm: str) -> Any:
        return super().request_cms(b"\x00" * 32, md_algorithm)  # type: ignore[no-untyped-call]


class Refusing(DummyTimeStamper):
    """Refuses whatever it is asked."""

    async def async_request_tsa_response(self, req: Any) -> Any:
        return tsp.TimeStampResp({"status": tsp.PKIStatusInfo({"status": tsp.PKIStatus("rejection")})})


@pytest.mark.parametrize(("kind", "error"), [(Elsewhere, StampRefused), (Refusing, TimestampRequestError)])
def test_what_is_no_stamp_of_the_head_is_not_kept(
    plant: str, authority: DummyTimeStamper, kind: type[DummyTimeStamper], error: type[Exception]
) -> None:
    seals.write(1)
    sealed = seals.seal()
    assert sealed is not None
    with seals.role("trueline_sealer"), pytest.raises(error):
        stamp_head(sealed, kind(authority.tsa_cert, authority.tsa_key), "test")
    assert not TimeStamp.objects.exists()


class LeadsElsewhere(BaseHTTPRequestHandler):
    """Sends whoever asks to another address, and says who came there."""

    asked: list[str] = []

    def do_POST(self) -> None:
        self.asked.append(self.path)
        self.send_response(307)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


def test_an_authority_is_not_followed_elsewhere() -> None:
    LeadsElsewhere.asked.clear()
    with listening(LeadsElsewhere) as port, pytest.raises(TimestampRequestError, match="answers 307"):
        asyncio.run(Authority(f"http://127.0.0.1:{port}/").async_timestamp(b"\0" * 32, "sha256"))  # type: ignore[no-untyped-call]
    assert LeadsElsewhere.asked == ["/"]


def test_an_authority_with_an_unknown_certificate_is_not_asked(authority: DummyTimeStamper, tmp_path: Path) -> None:
    LeadsElsewhere.asked.clear()
    files = tmp_path / "certificate.pem", tmp_path / "key.pem"
    key = serialization.load_der_private_key(authority.tsa_key.dump(), None)
    files[0].write_text(ssl.DER_cert_to_PEM_cert(authority.tsa_cert.dump()))
    shape = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    files[1].write_bytes(key.private_bytes(*shape))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    with listening(LeadsElsewhere, context) as port, pytest.raises(TimestampRequestError, match="SSLError"):
        asyncio.run(Authority(f"https://127.0.0.1:{port}/").async_timestamp(b"\0" * 32, "sha256"))  # type: ignore[no-untyped-call]
    assert LeadsElsewhere.asked == []
