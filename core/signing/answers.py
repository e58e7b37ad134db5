"""What the pages ask about signatures."""

from __future__ import annotations

from collections.abc import Iterator

from core.kernel.wiring import answers
from core.signing.lifecycle import MEANINGS
from core.signing.queries import digest_of, manifest
from core.web.questions import DigestOf, SignatureLine, SignaturesOf


@answers(SignaturesOf)
def signatures_of_record(question: SignaturesOf) -> Iterator[SignatureLine]:
    """Every signature of the record, and whether the record still is what was signed."""
    if getattr(question.record, "closure", None) is None:
        return
    for state in manifest(question.record):
        signature = state.signature
        yield SignatureLine(
            name=signature.printed_name,
            meaning=MEANINGS[signature.meaning],
            at=signature.signed_at,
            zone=signature.time_zone,
            reason=signature.reason,
            intact=state.intact,
            digest=signature.digest,
        )


@answers(DigestOf)
def digest_of_record(question: DigestOf) -> Iterator[str]:
    """The digest that a signature given now would carry."""
    if getattr(question.record, "closure", None) is not None:
        yield digest_of(question.record)
