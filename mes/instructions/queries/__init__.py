"""Every read of work instructions."""

from mes.instructions.queries.judging import Judgement, Verdict, judge, limits_text, parse_number, shown
from mes.instructions.queries.reading import (
    builder_ids,
    counted,
    instruction_for,
    signed_contents,
    steps_of,
)

__all__ = [
    "Judgement",
    "Verdict",
    "builder_ids",
    "counted",
    "instruction_for",
    "judge",
    "limits_text",
    "parse_number",
    "shown",
    "signed_contents",
    "steps_of",
]
