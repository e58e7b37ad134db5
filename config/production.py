"""What a process of a production installation refuses to start with."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from django.core.exceptions import ImproperlyConfigured

SHORTEST_KEY = 50
FEWEST_CHARACTERS = 10
KNOWN_KEYS = ("django-insecure", "tests-only", "change", "secret", "example")
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})

Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class Installation:
    """The settings that decide whether real records are safe here."""

    debug: bool
    demo: bool
    https: bool
    secret_key: str
    hosts: Sequence[str]
    public_url: str
    has_database: bool
    has_broker: bool


def problems(installation: Installation) -> Iterator[str]:
    """Everything that forbids real records, each with what to do."""
    if installation.debug:
        yield "DEBUG is on and would show internals to everybody: unset it."
    if installation.demo:
        yield "DEMO is on, with published sign-ins: unset it."
    if not _is_secret(installation.secret_key):
        yield (
            f"SECRET_KEY is missing, known or weak: set at least {SHORTEST_KEY} random characters "
            "(python -c 'import secrets; print(secrets.token_urlsafe(64))'), or name a file in SECRET_KEY_FILE."
        )
    if "*" in installation.hosts or not set(installation.hosts) - LOCAL_NAMES:
        yield "ALLOWED_HOSTS does not name the server: set the names by which people reach it."
    if not installation.https:
        yield "TRUELINE_HTTPS is off: put a proxy with a certificate in front and set it to 1."
    if not installation.public_url.startswith("https://"):
        yield "TRUELINE_PUBLIC_URL, which is printed on every sealed record, must begin with https://."
    if not installation.has_database:
        yield "No database is named: set the URL of this process's role (DATABASE_URL for web and worker)."
    if not installation.has_broker:
        yield "REDIS_URL is not set."


def _is_secret(key: str) -> bool:
    known = any(word in key.lower()[:20] for word in KNOWN_KEYS)
    return len(key) >= SHORTEST_KEY and len(set(key)) >= FEWEST_CHARACTERS and not known


def refuse_unsafe(installation: Installation) -> None:
    """Raise ImproperlyConfigured with every problem in words, so that nothing starts before all are solved."""
    found = list(problems(installation))
    if found:
        raise ImproperlyConfigured(
            "Trueline does not start with TRUELINE_PRODUCTION=1 (see docs/deployment.md):\n- " + "\n- ".join(found)
        )


def networks(texts: Sequence[str]) -> list[Network]:
    """Networks in CIDR notation; raises ImproperlyConfigured for anything else."""
    try:
        return [ip_network(text) for text in texts]
    except ValueError as error:
        raise ImproperlyConfigured(f"TRUELINE_PROBE_NETWORKS: {error}") from error
