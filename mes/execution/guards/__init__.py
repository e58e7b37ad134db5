"""Every check between an operator and Start, Record, Consume, Report, Complete, Sign and Undo.

One small function per check; each names the clause that asks for it and yields a Blocker in plain words per violation.
They are pure reads. All checks of an action run even after one refused, so people see every reason at once; the
decision, allowed or denied, is stored as a GateDecision. The same functions answer "Why can't this person start this
operation?" (`queries.gate`).

===================  ====================================================================================
module               checks
===================  ====================================================================================
`order`              order released · no hold on the lot · operation running · release and closing of orders
`people`             right · clocked on here · work center of the terminal · qualified · equipment present
`sequence`           earlier operations done
`instruction`        instruction in force, or the one the order was released with
`material`           component belongs to the operation · usable · identified · not more than planned
`recording`          the value belongs to the instruction and the unit to the order · a defect is put in words
`output`             quantity explained · scrap has its reason · serial number is free
`completion`         data recorded · steps confirmed · values in limits or dispositioned · material · signatures
`correction`         whose entry, until when, not twice, not after completion
===================  ====================================================================================
"""

from mes.execution.guards import (
    completion,
    correction,
    instruction,
    material,
    order,
    output,
    people,
    recording,
    sequence,
)

__all__ = [
    "completion",
    "correction",
    "instruction",
    "material",
    "order",
    "output",
    "people",
    "recording",
    "sequence",
]
