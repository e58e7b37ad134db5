"""Every check between an operator and Start, Record, Consume, Report, Complete, Sign and Undo.

One small function per check; each names the clause that asks for it and yields a Blocker in plain words per violation.
They are pure reads. All checks of an action run even after one refused, so people see every reason at once; the
decision, allowed or denied, is stored as a GateDecision. The same functions answer "Why can't this person start this
operation?" (`queries.gate`).

===================  ====================================================================================
module               checks
===================  ====================================================================================
`order`              order released · no hold on the lot · operation running · release and closing of orders
`people`             right · clocked on here · work center of the terminal · qualified · trained · equipment present
`sequence`           earlier operations done
`instruction`        instruction in force, or the one the order was released with
`changes`            change approved in time · what the floor asks of a change
`material`           component belongs to the operation · usable · identified · not more than planned
`gauges`             a gauge in calibration is at hand · the scanned one is of the right class and in calibration
`deviations`         right to use a planned deviation · it covers this value, now, with quota left
`recording`          the value belongs to the instruction and the unit to the order · a defect is put in words
`rework`             reworked and passed before its decision is done · nothing passes out of limits · takes no stock
`output`             quantity explained · scrap has its reason · serial number is free
`completion`         data recorded · steps confirmed · values in limits or dispositioned · material · signatures
`correction`         whose entry, until when, not twice, not after completion
===================  ====================================================================================
"""

from mes.execution.guards import (
    changes,
    completion,
    correction,
    deviations,
    gauges,
    instruction,
    material,
    order,
    output,
    people,
    recording,
    rework,
    sequence,
)

__all__ = [
    "changes",
    "completion",
    "correction",
    "deviations",
    "gauges",
    "instruction",
    "material",
    "order",
    "output",
    "people",
    "recording",
    "rework",
    "sequence",
]
