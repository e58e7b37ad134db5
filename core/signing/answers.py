"""What the pages ask about signatures."""

from __future__ import annotations

from collections.abc import Iterator

from core.kernel.wiring import answers, ask
from core.signing.lifecycle import MEANINGS
from core.signing.queries import digest_of, manifests
from core.web.questions import DigestOf, SignatureLine, SignaturesOf, SignedPartsOf


@answers(SignaturesOf)
def signatures_of_record(question: SignaturesOf) -> Iterator[SignatureLine]:
    """Every signature of the record and of its signed parts, and whether each still is what was signed."""
    parts = ask(SignedPartsOf(question.record))
    records = [record for record in (question.record, *parts) if getattr(record, "closure", None) is not None]
    found = manifests(records)
    states = [(state, record) for record in records for state in found[type(record), record.pk]]
    for state, record in sorted(states, key=lambda one: one[0].signature.pk):
        signature = state.signature
        yield SignatureLine(
            name=signature.printed_name,
            meaning=MEANINGS[signature.meaning],
            at=signature.signed_at,
            zone=signature.time_zone,
            reason=signature.reason,
            intact=state.intact,
            digest=signature.digest,
            about="" if record == question.record else signature.subject_label,
        )


@answers(DigestOf)
def digest_of_record(question: DigestOf) -> Iterator[str]:
    """The digest that a signature given now would carry."""
    if getattr(question.record, "closure", None) is not None:
        yield digest_of(question.record)
