"""A real directory for tests: Debian's slapd on ports of the loopback address, with TLS of its own authority."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tools import processes

BASE = "dc=plant,dc=example"
ROOT, READER = f"cn=root,{BASE}", f"cn=trueline,{BASE}"
SECRET = "the reader's own secret"
SCHEMAS = Path("/etc/ldap/schema")
MODULES = Path("/usr/lib/ldap")


def program() -> str | None:
    """Where slapd is."""
    return shutil.which("slapd", path="/usr/sbin:/usr/local/sbin:/usr/bin")


def is_here() -> bool:
    """Whether this machine can run these tests: the server, and the library of the extra `ldap`."""
    return program() is not None and SCHEMAS.is_dir() and find_spec("ldap") is not None


CONFIGURATION = """
include {schemas}/core.schema
include {schemas}/cosine.schema
include {schemas}/inetorgperson.schema
modulepath {modules}
moduleload back_mdb
allow bind_anon_dn
TLSCACertificateFile {folder}/authority.pem
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
database mdb
suffix "{base}"
rootdn "{root}"
rootpw root
directory {folder}/data
access to attrs=userPassword by anonymous auth by * none
access to * by dn="{reader}" read by * auth
"""
"""A bind with a name and no password succeeds, as nobody: so do other servers by default."""
ENTRIES = f"""
dn: {BASE}
objectClass: dcObject
objectClass: organization
dc: plant
o: Plant

dn: {READER}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: trueline
userPassword: {SECRET}

dn: ou=people,{BASE}
objectClass: organizationalUnit
ou: people
"""


@dataclass(frozen=True)
class Directory:
    """A served directory: the ports of its plain and its encrypted address, and the certificate of its authority."""

    plain: int
    encrypted: int
    authority: Path
    process: Any

    def root(self) -> Any:
        """A connection that may do everything."""
        import ldap

        link = ldap.initialize(f"ldap://127.0.0.1:{self.plain}")
        link.simple_bind_s(ROOT, "root")
        return link

    def add(self, uid: str, password: str, full_name: str = "Petra P") -> str:
        """A person; the name of their entry."""
        import ldap.dn

        dn = f"uid={ldap.dn.escape_dn_chars(uid)},ou=people,{BASE}"
        said = {
            "objectClass": [b"inetOrgPerson"], "uid": [uid.encode()], "cn": [full_name.encode()], "sn": [b"P"],
            "userPassword": [password.encode()],
        }  # fmt: skip
        self.root().add_s(dn, list(said.items()))
        return dn

    def empty(self) -> None:
        """Remove every person."""
        import ldap

        link = self.root()
        for dn, _more in link.search_s(f"ou=people,{BASE}", ldap.SCOPE_ONELEVEL):
            link.delete_s(dn)


def _certificates(folder: Path) -> None:
    """An authority, and a server's certificate of it for 127.0.0.1 alone."""
    start = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    keys = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _number in range(2)]
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("Plant authority", "Directory")]

    def made(subject: x509.Name, key: rsa.RSAPrivateKey, further: x509.ExtensionType) -> bytes:
        return (
            x509.CertificateBuilder().subject_name(subject).issuer_name(names[0]).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(start)
            .not_valid_after(start + dt.timedelta(days=30)).add_extension(further, critical=False)
            .sign(keys[0], hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        )  # fmt: skip

    alone = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    (folder / "authority.pem").write_bytes(made(names[0], keys[0], x509.BasicConstraints(ca=True, path_length=None)))
    (folder / "server.pem").write_bytes(made(names[1], keys[1], alone))
    (folder / "server.key").write_bytes(
        keys[1].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )


def _free_ports() -> list[int]:
    with socket.socket() as one, socket.socket() as other:
        for listener in (one, other):
            listener.bind(("127.0.0.1", 0))
        return [listener.getsockname()[1] for listener in (one, other)]


@contextlib.contextmanager
def served(folder: Path) -> Iterator[Directory]:
    """Start slapd on a new data directory, and stop it again."""
    (folder / "data").mkdir()
    _certificates(folder)
    said = CONFIGURATION.format(
        schemas=SCHEMAS, modules=MODULES, folder=folder, base=BASE, root=ROOT, reader=READER
    )  # fmt: skip
    (folder / "slapd.conf").write_text(said)
    slapd, configuration = program() or "slapd", str(folder / "slapd.conf")
    subprocess.run([slapd, "-T", "add", "-f", configuration], input=ENTRIES, text=True, check=True, capture_output=True)
    plain, encrypted = _free_ports()
    addresses = f"ldap://127.0.0.1:{plain} ldaps://127.0.0.1:{encrypted}"
    with (folder / "slapd.log").open("ab") as output:
        process = processes.start([slapd, "-d", "0", "-f", configuration, "-h", addresses], output=output)
    try:
        processes.wait_until(
            lambda: _listens(plain), seconds=20, what=f"slapd (log: {folder}/slapd.log)",
            alive=lambda: process.poll() is None,
        )  # fmt: skip
        yield Directory(plain, encrypted, folder / "authority.pem", process)
    finally:
        processes.stop(process, [(15, 3)])


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
