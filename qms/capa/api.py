"""The API of CAPAs."""

from __future__ import annotations

from typing import Any

from core.jobs.models import BackgroundJob
from core.web.api import Reading, deed, moves, reading, records
from qms.capa.models import (
    Capa,
    CapaAction,
    CapaClosing,
    CapaDecision,
    CapaMember,
    CapaPlan,
    CapaReopening,
    CapaSource,
    CapaVerification,
    EffectivenessCheck,
    EffectivenessResult,
    Extension,
    ReadAcross,
    RootCause,
)
from qms.capa.serializers import (
    CapaActionShape,
    CapaClosingShape,
    CapaDecisionShape,
    CapaMemberShape,
    CapaPlanShape,
    CapaReopeningShape,
    CapaSourceShape,
    CapaVerificationShape,
    EffectivenessCheckShape,
    EffectivenessResultShape,
    ExtensionShape,
    ReadAcrossShape,
    RootCauseShape,
)
from qms.capa.views import across, deeds, plan
from qms.capa.views import records as pages


class Sources(Reading):
    """Where it comes from."""

    page, shape = pages.CapaDetail, CapaSourceShape

    def read(self, page: Any) -> list[CapaSource]:
        return list(page.record.sources.order_by("pk"))


class Team(Reading):
    """Who works on it."""

    page, shape = pages.CapaDetail, CapaMemberShape

    def read(self, page: Any) -> list[CapaMember]:
        return list(page.record.members.order_by("pk"))


class Causes(Reading):
    """The causes of every cycle."""

    page, shape = pages.CapaDetail, RootCauseShape

    def read(self, page: Any) -> list[RootCause]:
        return list(page.record.causes.order_by("pk"))


class Across(Reading):
    """Where else the same may be, and whether it is, in every cycle."""

    page, shape = pages.CapaDetail, ReadAcrossShape

    def read(self, page: Any) -> list[ReadAcross]:
        return list(page.record.across.order_by("pk"))


class Checks(Reading):
    """How the effect is judged, in each cycle."""

    page, shape = pages.CapaDetail, EffectivenessCheckShape

    def read(self, page: Any) -> list[EffectivenessCheck]:
        return list(page.record.checks.order_by("pk"))


class Results(Reading):
    """What was counted, and what that says."""

    page, shape = pages.CapaDetail, EffectivenessResultShape

    def read(self, page: Any) -> list[EffectivenessResult]:
        return list(page.record.results.order_by("pk"))


class Decisions(Reading):
    """The triage."""

    page, shape = pages.CapaDetail, CapaDecisionShape

    def read(self, page: Any) -> list[CapaDecision]:
        return list(page.record.decisions.order_by("pk"))


class Plans(Reading):
    """The plans as they were handed over."""

    page, shape = pages.CapaDetail, CapaPlanShape

    def read(self, page: Any) -> list[CapaPlan]:
        return list(page.record.plans.order_by("pk"))


class Verifications(Reading):
    """What was verified."""

    page, shape = pages.CapaDetail, CapaVerificationShape

    def read(self, page: Any) -> list[CapaVerification]:
        return list(page.record.verifications.order_by("pk"))


class Closings(Reading):
    """The ends of its cycles."""

    page, shape = pages.CapaDetail, CapaClosingShape

    def read(self, page: Any) -> list[CapaClosing]:
        return list(page.record.closings.order_by("pk"))


class Reopenings(Reading):
    """What was new."""

    page, shape = pages.CapaDetail, CapaReopeningShape

    def read(self, page: Any) -> list[CapaReopening]:
        return list(page.record.reopenings.order_by("pk"))


class Extensions(Reading):
    """What was asked for later."""

    page, shape = pages.CapaDetail, ExtensionShape

    def read(self, page: Any) -> list[Extension]:
        return list(page.record.extensions.order_by("pk"))


class Actions(Reading):
    """What is done, in every cycle."""

    page, shape = pages.CapaDetail, CapaActionShape

    def read(self, page: Any) -> list[CapaAction]:
        return list(page.record.actions.order_by("pk"))


ONE, ACTION, CAUSE = "capas/<int:pk>/", "actions/<int:pk>/", "causes/<int:pk>/"
urlpatterns = [
    *records(
        "capas",
        name="capa",
        list=pages.CapaList,
        create=pages.CapaRaise,
        detail=pages.CapaDetail,
        change=pages.CapaChange,
    ),
    reading(f"{ONE}sources/", Sources, name="capasource_list"),
    reading(f"{ONE}team/", Team, name="capamember_list"),
    reading(f"{ONE}causes/", Causes, name="rootcause_list"),
    reading(f"{ONE}across/", Across, name="readacross_list"),
    reading(f"{ONE}checks/", Checks, name="effectivenesscheck_list"),
    reading(f"{ONE}results/", Results, name="effectivenessresult_list"),
    reading(f"{ONE}decisions/", Decisions, name="capadecision_list"),
    reading(f"{ONE}plans/", Plans, name="capaplan_list"),
    reading(f"{ONE}verifications/", Verifications, name="capaverification_list"),
    reading(f"{ONE}closings/", Closings, name="capaclosing_list"),
    reading(f"{ONE}reopenings/", Reopenings, name="capareopening_list"),
    reading(f"{ONE}extensions/", Extensions, name="extension_list"),
    reading(f"{ONE}actions/", Actions, name="capa_actions"),
    deed(f"{ONE}open/", deeds.CapaOpen, name="capa_open"),
    deed(f"{ONE}decline/", deeds.CapaDecline, name="capa_decline"),
    deed(f"{ONE}hand_over/", deeds.CapaHandOver, name="capa_hand_over"),
    deed(f"{ONE}approve_plan/", deeds.CapaApprove, name="capa_approve_plan"),
    deed(f"{ONE}verify/", deeds.CapaVerify, name="capa_verify"),
    deed(f"{ONE}evaluate/", deeds.CapaEvaluate, name="capa_evaluate"),
    deed(f"{ONE}judge/", deeds.CapaJudge, name="capa_judge"),
    deed(f"{ONE}close/", deeds.CapaClose, name="capa_close"),
    deed(f"{ONE}reopen/", deeds.CapaReopen, name="capa_reopen"),
    deed(f"{ONE}print/", deeds.CapaPrint, name="capa_print", returns=BackgroundJob),
    deed(f"{ONE}owner/", deeds.CapaOwner, name="capa_owner"),
    deed(f"{ONE}method/", plan.CapaMethod, name="capa_method"),
    deed(f"{ONE}check/", plan.CapaCheck, name="capa_check", returns=EffectivenessCheck),
    deed(f"{ONE}extensions/new/", deeds.ExtensionAsk, name="extension_create", returns=Extension, status=201),
    deed(f"{ONE}sources/new/", deeds.SourceAdd, name="capasource_create", returns=CapaSource, status=201),
    deed(f"{ONE}team/new/", deeds.MemberAdd, name="capamember_create", returns=CapaMember, status=201),
    deed(f"{ONE}causes/new/", plan.CauseAdd, name="rootcause_create", returns=RootCause, status=201),
    deed(f"{ONE}look_across/", across.LookAcross, name="capa_look_across"),
    deed(f"{ONE}across/new/", across.AcrossAdd, name="readacross_create", returns=ReadAcross, status=201),
    deed(f"{ONE}actions/new/", plan.ActionAdd, name="capaaction_create", returns=CapaAction, status=201),
    *moves(
        ONE,
        deeds.CapaMove,
        name="capa",
        without=("open", "decline", "hand_over", "approve_plan", "verify", "close", "reopen"),
    ),
    deed("sources/<int:pk>/remove/", deeds.SourceRemove, name="capasource_remove", returns=Capa),
    deed("team/<int:pk>/remove/", deeds.MemberRemove, name="capamember_remove", returns=Capa),
    *moves("extensions/<int:pk>/", deeds.ExtensionMove, name="extension"),
    deed("across/<int:pk>/answer/", across.AcrossAnswer, name="readacross_answer"),
    deed(f"{CAUSE}change/", plan.CauseChange, name="rootcause_change"),
    deed(f"{CAUSE}judge/", plan.CauseJudge, name="rootcause_judge"),
    deed(f"{CAUSE}remove/", plan.CauseRemove, name="rootcause_remove", returns=Capa),
    *records("actions", name="capaaction", list=plan.ActionList, detail=plan.ActionDetail, change=plan.ActionChange),
    *moves(ACTION, plan.ActionMove, name="capaaction"),
]
