"""Pages of recalls and recall drills: begin, watch, work through, write to customers, close."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.jobs.models import BackgroundJob
from core.jobs.queries import jobs_of
from core.kernel.wiring import ask
from core.organization.queries import sites_of
from core.printing.models import PrintedRecord
from core.printing.queries import prints_of
from core.web.markup import site_time
from core.web.questions import SignatureLine, SignaturesOf
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage, Part, Related
from core.web.views.record import zone_of
from traceability import services
from traceability.filters import RecallFilters
from traceability.forms import recalls as forms
from traceability.models import Hold, Recall, RecallReport
from traceability.queries.recall_data import joined_as_sets
from traceability.queries.recall_scope import counted
from traceability.queries.recalls import (
    Figures,
    Overview,
    against_closing,
    figures_of,
    holds_of,
    letters_of,
    materials_of,
    overview_of,
    unresolved_lines,
)
from traceability.tables import RecallTable

SEE, CHANGE, DECIDE = "traceability.view_recall", "traceability.change_recall", "traceability.decide_recall"
CLOSE = "traceability.close_recall"
UNRESOLVED_SHOWN, ORDERS_SHOWN, ORIGINS_SHOWN, MATERIALS_SHOWN = 20, 20, 20, 200


def recall_action(record: Any, number: str) -> Action:
    """The button of a lot or unit that begins a recall or drill with it."""
    query = urlencode({"site": record.site_id, "goods": number})
    return Action(_("Recall"), f"{reverse('traceability:recall_create')}?{query}", "route", CHANGE)


def marked(recall: Recall, title: Any) -> str:
    """A title of a page, with the word that nobody may miss in a drill."""
    return f"{_('DRILL')} – {title}" if recall.is_drill else str(title)


def _recalls() -> QuerySet[Recall]:
    return Recall.objects.select_related("site")


class RecallList(ListPage):
    """Recalls and drills, the latest first."""

    model, permission = Recall, SEE
    table_class, filterset_class = RecallTable, RecallFilters
    search_fields = ("number", "title", "scope")
    create_url_name, create_permission = "traceability:recall_create", CHANGE
    create_label = gettext_lazy("Begin a recall or drill")
    lead = gettext_lazy("What went into what, where it is now, and what becomes of it. Practise it with a drill.")
    empty_title = gettext_lazy("No recalls yet")
    empty_text = gettext_lazy("Hold a drill: scan a lot, and see how quickly everything made of it is found.")
    empty_icon = "route"

    def get_queryset(self) -> QuerySet[Recall]:
        return _recalls()


class RecallCreate(FormPage):
    """A new recall as a draft, or a drill that begins at once."""

    model, permission, form_class = Recall, CHANGE, forms.RecallForm
    title = gettext_lazy("Begin a recall or drill")
    submit_label = gettext_lazy("Begin")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sites": sites_of(self.request.user, self.permission)}

    def deed(self, form: Any) -> Recall:
        return services.create_recall(**form.cleaned_data, actor=self.request.user)


class RecallDetail(DetailPage):
    """One recall: how far it is, what it found and where, what is not resolved."""

    model, permission = Recall, SEE
    template_name = "traceability/recall_detail.html"
    timeline_later = signatures_later = True
    stepper_path = ("draft", "tracing", "deciding", "closed")

    def get_queryset(self) -> QuerySet[Recall]:
        return _recalls()

    def page_title(self) -> str:
        return str(self.record.title)

    def number(self) -> str:
        return str(self.record.number)

    def badges(self) -> Sequence[tuple[Any, str, str]]:
        return [(_("Drill"), "info", "school")] if self.record.is_drill else [(_("Recall"), "bad", "alert")]

    @cached_property
    def jobs(self) -> list[BackgroundJob]:
        """The work for it that waits, runs or failed."""
        return jobs_of(self.record)

    @cached_property
    def prints(self) -> list[PrintedRecord]:
        """The sealed report."""
        return prints_of(self.record) if self.record.status == "closed" else []

    @cached_property
    def overview(self) -> Overview | None:
        """How far it is, once it was traced."""
        return overview_of(self.record) if self.record.traced_at is not None else None

    @property
    def figures(self) -> Figures | None:
        """Its figures."""
        return self.overview.figures if self.overview is not None else None

    def facts(self) -> list[Fact]:
        recall, zone = self.record, zone_of(self.request)
        moments = [
            Fact(label, site_time(at, zone, seconds=True))
            for label, at in (
                (_("Started"), recall.started_at),
                (_("Traced"), recall.traced_at),
                (_("Closed"), recall.closed_at),
            )
            if at is not None
        ]
        return [
            Fact(_("Begins with"), recall.scope, wide=True),
            Fact(_("Reason"), recall.reason, wide=True),
            *([Fact(_("Whom customers answer"), recall.contact, wide=True)] if recall.contact else []),
            *moments,
            Fact(_("Site"), recall.site),
        ]

    def actions(self) -> list[Action]:
        pk, status = self.record.pk, self.record.status
        found = []

        def offer(label: str, name: str, icon: str, permission: str, **more: Any) -> None:
            found.append(Action(label, reverse(f"traceability:recall_{name}", args=[pk]), icon, permission, **more))

        if status in ("draft", "tracing", "deciding"):
            offer(_("Add to the scope"), "widen", "plus", CHANGE)
        if status in ("tracing", "deciding"):
            offer(_("Trace anew"), "retrace", "refresh", CHANGE)
        if status in ("deciding", "closed"):
            offer(_("Letters"), "letters", "mail", CHANGE)
        if status == "deciding":
            is_ready = self.figures is not None and not self.figures.open
            offer(_("Close and sign"), "finish", "signature", CLOSE, primary=is_ready)
        if self.prints:
            found.append(Action(_("Signed report"), self.prints[0].get_absolute_url(), "lock", primary=True))
        elif status == "closed" and not any(job.is_active for job in self.jobs):
            offer(_("Seal the report"), "report", "printer", SEE)
        return found

    def preview(self) -> dict[str, Any]:
        """What a draft would reach, in words."""
        lots, units, is_all = counted(self.record)
        words = (
            ngettext("%(count)s lot", "%(count)s lots", lots) % {"count": lots},
            ngettext("%(count)s unit", "%(count)s units", units) % {"count": units},
        )
        return {
            "reached": _("%(lots)s and %(units)s") % dict(zip(("lots", "units"), words, strict=True)),
            "is_all": is_all,
        }

    def related(self) -> list[Related]:
        letters = [
            Related(_("Letter to %(customer)s") % {"customer": one.title}, one.get_absolute_url(), _("Sealed PDF"))
            for one in letters_of(self.record)
        ]
        return [*(Related(str(p), p.get_absolute_url(), _("Sealed PDF")) for p in self.prints), *letters]

    def signatures(self) -> Sequence[SignatureLine]:
        """Those on the recall, and the one on its report."""
        report = RecallReport.objects.filter(recall=self.record).first()
        return [*super().signatures(), *(ask(SignaturesOf(report)) if report is not None else [])]

    def parts(self) -> list[Part]:
        progress = Part(
            "progress",
            _("Work in the background"),
            "traceability/_recall_progress.html",
            lambda: {"jobs": self.jobs, "record": self.record},
            _("Looking how far it is…"),
        )
        preview = Part(
            "preview",
            _("What it would reach"),
            "traceability/_recall_preview.html",
            self.preview,
            _("Counting what it would reach…"),
            is_announced=True,
        )
        quantities = Part(
            "quantities",
            _("Quantities"),
            "traceability/_recall_quantities.html",
            lambda: self.quantities(materials_of(self.record)),
            _("Adding up the quantities…"),
        )
        return [*super().parts(), progress, preview, quantities]

    def quantities(self, materials: Sequence[Any]) -> dict[str, Any]:
        """Those of the first materials; of a plant there may be thousands."""
        return {"materials": materials[:MATERIALS_SHOWN], "left": max(0, len(materials) - MATERIALS_SHOWN)}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page; once the work that the shown page waits for has ended, that page loads itself anew."""
        is_asked = self.wanted_part() == "progress" and bool(request.headers.get("HX-Request"))
        if is_asked and not any(job.is_active for job in self.jobs):
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        return super().get(request, *args, **kwargs)

    def context(self, **more: Any) -> dict[str, Any]:
        recall = self.record
        is_found = recall.traced_at is not None
        figures = self.figures
        return super().context(
            jobs=self.jobs,
            is_working=any(job.is_active for job in self.jobs),
            figures=figures,
            groups=self.overview.groups if self.overview is not None else [],
            customers=self.overview.customers if self.overview is not None else [],
            unresolved=list(unresolved_lines(recall)[:UNRESOLVED_SHOWN]) if figures and figures.unresolved else [],
            orders=list(recall.orders.select_related("lot")[:ORDERS_SHOWN]) if figures and figures.orders else [],
            holds=holds_of(recall).count() if is_found and not recall.is_drill else 0,
            origins=list(recall.origins.select_related("lot__material", "unit__material")[:ORIGINS_SHOWN]),
            may_decide=recall.status == "deciding" and self.is_permitted(Action("", "", permission=DECIDE)),
            **more,
        )


class RecallMove(MovePage):
    """Start, signed; or cancel."""

    model, permission = Recall, SEE

    def get_queryset(self) -> QuerySet[Recall]:
        return _recalls()

    def page_title(self) -> str:
        return marked(self.record, super().page_title())

    def covered(self) -> list[Fact]:
        return facts_signed(self.record)


def facts_signed(recall: Recall) -> list[Fact]:
    """What everybody reads before a signature."""
    return [
        Fact(_("Title"), recall.title),
        Fact(_("Begins with"), recall.scope),
        Fact(_("Reason"), recall.reason),
        *([Fact(_("Whom customers answer"), recall.contact)] if recall.contact else []),
    ]


class RecallDeed(MovePage):
    """Base of the deeds on a recall that are no moves."""

    model, permission, deed_permission = Recall, SEE, CHANGE

    def page_title(self) -> str:
        return marked(self.record, super().page_title())

    def get_queryset(self) -> QuerySet[Recall]:
        return _recalls()


class RecallWiden(RecallDeed):
    """Add lots and units to what it begins with."""

    form_class = forms.WidenForm
    label = gettext_lazy("Add")
    title = gettext_lazy("Add to the scope")
    explanation = gettext_lazy("What is added is traced too. Nothing that was found before goes away.")
    asks_reason = True

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "recall": self.record}

    def deed(self, form: Any) -> Recall:
        return services.widen_recall(recall=self.record, **form.cleaned_data, actor=self.request.user)


class RecallRetrace(RecallDeed):
    """Trace it anew."""

    label = gettext_lazy("Trace anew")
    explanation = gettext_lazy("What came into its scope since is added, and what moved is marked. Nothing goes away.")

    def deed(self, form: Any) -> Recall:
        services.retrace_recall(recall=self.record, actor=self.request.user)
        recall: Recall = self.record
        return recall


class RecallLetters(RecallDeed):
    """Write to each customer."""

    label = gettext_lazy("Make the letters")
    explanation = gettext_lazy("A sealed PDF for each customer who got something of it. Nothing is sent by itself.")

    def deed(self, form: Any) -> Recall:
        services.request_letters(recall=self.record, actor=self.request.user)
        recall: Recall = self.record
        return recall


class RecallReportPrint(RecallDeed):
    """Seal the report where that failed before."""

    deed_permission = SEE
    label = gettext_lazy("Seal the report")
    explanation = gettext_lazy("Rendered once: the same content gives the same file.")

    def deed(self, form: Any) -> Recall:
        services.request_report(recall=self.record, actor=self.request.user)
        recall: Recall = self.record
        return recall


class RecallClose(RecallDeed):
    """Close it by the signed report."""

    deed_permission = CLOSE
    form_class = forms.ConclusionForm
    label = gettext_lazy("Close and sign")
    meaning = "closed"
    explanation = gettext_lazy("You sign the report: its figures, its time and every line with its decision.")

    def is_offered(self) -> bool:
        return bool(self.record.status == "deciding")

    def blockers(self) -> Sequence[Any]:
        return list(against_closing(self.record))

    def digest(self) -> str:
        return ""  # the report is written with the signature

    def covered(self) -> list[Fact]:
        with joined_as_sets(self.record):
            figures = figures_of(self.record, with_materials=False)
        return [
            *facts_signed(self.record),
            Fact(_("Lots and units"), f"{figures.lots} + {figures.units}"),
            Fact(_("Accounted for"), f"{figures.coverage} %"),
            Fact(_("Decided"), f"{figures.decided} %"),
            Fact(_("Not resolved"), figures.unresolved, tone="bad" if figures.unresolved else ""),
        ]

    def deed(self, form: Any) -> RecallReport:
        values = form.cleaned_data
        return services.close_recall(
            recall=self.record,
            conclusion=values["conclusion"],
            reason=values.get("reason", ""),
            signature=self.proof(),
            actor=self.request.user,
        )


def recalls_holding(hold: Hold) -> list[Related]:
    """The recall that placed a hold, as its page shows it."""
    source = hold.source if isinstance(hold.source, Recall) else None
    return [Related(_("Recall %(recall)s") % {"recall": source}, source.get_absolute_url())] if source else []
