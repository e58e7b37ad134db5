"""What a signature covers, its digest, and whether a signature still fits its record."""

from core.signing.queries.closures import (
    SCHEME,
    canonical_json,
    closures_of,
    contents_under,
    digest_of,
    digest_of_content,
    digests_of,
    digests_read_once,
)
from core.signing.queries.signatures import (
    SignatureState,
    is_intact,
    manifest,
    manifests,
    signatures_of,
)

__all__ = [
    "SCHEME",
    "SignatureState",
    "canonical_json",
    "closures_of",
    "contents_under",
    "digest_of",
    "digest_of_content",
    "digests_of",
    "digests_read_once",
    "is_intact",
    "manifest",
    "manifests",
    "signatures_of",
]
