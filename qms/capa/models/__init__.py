"""Corrective and preventive actions, why they are taken, what is done, and whether it helped."""

from qms.capa.models.across import ReadAcross
from qms.capa.models.causes import RootCause
from qms.capa.models.effectiveness import EffectivenessCheck, EffectivenessResult
from qms.capa.models.facts import CapaClosing, CapaDecision, CapaPlan, CapaReopening, CapaVerification, PlanApproval
from qms.capa.models.plan import ActionCause, CapaAction, Extension
from qms.capa.models.records import Capa, CapaMember, CapaSource

__all__ = [
    "ActionCause",
    "Capa",
    "CapaAction",
    "CapaClosing",
    "CapaDecision",
    "CapaMember",
    "CapaPlan",
    "CapaReopening",
    "CapaSource",
    "CapaVerification",
    "EffectivenessCheck",
    "EffectivenessResult",
    "Extension",
    "PlanApproval",
    "ReadAcross",
    "RootCause",
]
