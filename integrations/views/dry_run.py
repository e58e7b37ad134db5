"""The way of an import: upload, which column feeds which field, what would become of every row, signature."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.files import blobs, waiting
from core.jobs.models import BackgroundJob, JobStatus
from core.kernel.errors import Blocked
from core.organization.queries import sites_of
from core.web.markup import url_of
from core.web.views import Fact, MovePage
from core.web.views.record import Page
from integrations.forms import ApplyForm, FormatForm, ImportForm
from integrations.forms.mapping import MappingForm
from integrations.models import ImportBatch
from integrations.services import IMPORT_JOB, allowed_kind, folders, workbooks
from integrations.services.approving import MEANING, apply_import
from integrations.services.dry_runs import DryRun, find, try_file
from integrations.services.kinds import KINDS, kind_label
from integrations.services.looking import Look, look_at, proposed_format
from integrations.services.mapping import MappingError, parse_mapping
from integrations.services.reading import MAX_BYTES, Issue
from integrations.services.remembered import remember_mapping, remembered_for
from integrations.services.report import ImportReport, Verdict
from integrations.views.records import APPLY, mapping_lines

SHOWN = 100
VERDICT_WORDS = {
    "created": (_("new"), "good", "plus"),
    "changed": (_("changed"), "info", "pencil"),
    "unchanged": (_("unchanged"), "neutral", "check"),
    "skipped": (_("left out by the mapping"), "neutral", "ban"),
    "wrong": (_("wrong"), "bad", "alert"),
}


def at(name: str, **query: Any) -> str:
    """The address of a step, with what it is about."""
    return f"{reverse(f'integrations:{name}')}?{urlencode(query)}"


class Step(Page):
    """A page of the way. `word` names the upload or the dry run that it is about; without one there is nothing."""

    permission = APPLY
    word_name = "check"

    def word(self) -> str:
        """What the address says."""
        return str(self.request.GET.get(self.word_name, ""))

    @cached_property
    def run(self) -> DryRun:
        """The upload or dry run of the address, the visitor's own. Raises `Blocked` when there is none."""
        return find(self.word(), self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refusal = self.refusal(request)
        if refusal is not None:
            return refusal
        if not hasattr(self, str(request.method).lower()):
            return self.http_method_not_allowed(request)
        if not self.word():
            return self.nothing(409 if request.method == "POST" else 200)
        try:
            return super().dispatch(request, *args, **kwargs)
        except Blocked as refused:  # the upload is over, or was never this visitor's
            return self.nothing(410, refused.blockers)

    def nothing(self, status: int, blockers: Any = ()) -> HttpResponseBase:
        """The page that leads back to the beginning."""
        found = {**Page.context(self), "blockers": blockers}
        return render(self.request, "integrations/importbatch_nothing.html", found, status=status)

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Imports"), reverse("integrations:importbatch_list")), (self.page_title(), "")]


def tried(run: DryRun, mapping: str, user: Any) -> str:
    """Try a file by a mapping; returns where its result is seen: at once, or when a worker has found it."""
    found = try_file(run=run, mapping=mapping, actor=user)
    return at("importbatch_check", check=found.word) if isinstance(found, DryRun) else found.get_absolute_url()


class ImportBatchCreate(Page):
    """Choose what is imported and the file; the next page asks which column feeds which field."""

    permission = APPLY
    template_name = "integrations/importbatch_create.html"
    title = _("Import")

    def _form(self) -> ImportForm:
        bound = self.request.method == "POST"
        return ImportForm(
            self.request.POST if bound else None,
            self.request.FILES if bound else None,
            sites=sites_of(self.request.user, APPLY),
            initial={"kind": self.request.GET.get("kind", "")},
        )

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Imports"), reverse("integrations:importbatch_list")), (self.page_title(), "")]

    def context(self, **more: Any) -> dict[str, Any]:
        limits = {"mb": MAX_BYTES // 1024 // 1024, "rows": f"{workbooks.MAX_ROWS:,}", "columns": workbooks.MAX_COLUMNS}
        return super().context(limits=limits, **more)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.render(form=self._form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self._form()
        if not form.is_valid():
            return self.render(form=form, status=422)
        kind, site, file = (form.cleaned_data[name] for name in ("kind", "site", "file"))
        try:
            sha256 = waiting.keep(file.chunks(), limit=MAX_BYTES)
        except blobs.TooLarge:
            form.add_error("file", _t("The file is larger than %(size)s MB.") % {"size": MAX_BYTES // 1024 // 1024})
            return self.render(form=form, status=422)
        run = DryRun(request.user.pk, kind, site.pk if site else None, file.name, sha256)
        try:
            allowed_kind(kind, site, request.user)
            if form.cleaned_data["mapping"].strip():
                return HttpResponseRedirect(tried(run, form.cleaned_data["mapping"], request.user))
        except MappingError as problem:
            form.add_error("mapping", str(problem))
            return self.render(form=form, status=422)
        except Blocked as refused:
            return self.render(form=form, blockers=refused.blockers, status=409)
        data = run.data()
        look = look_at(data, proposed_format(data))
        wrong = [issue.message for issue in look.issues] or ([] if look.columns else [_t("The file has no rows.")])
        if wrong:
            form.add_error("file", _t("%(file)s: %(problem)s") % {"file": file.name, "problem": wrong[0]})
            return self.render(form=form, status=422)
        return HttpResponseRedirect(at("importbatch_map", draft=run.word))


class ImportBatchMap(Step):
    """Say which column feeds which field. What is proposed is marked so; what is needed and not said is an error."""

    template_name = "integrations/importbatch_map.html"
    title = _("Which column is what?")
    word_name = "draft"

    @cached_property
    def given(self) -> dict[str, Any]:
        """The mapping that the page begins with: the one that was tried, or the one remembered for these columns."""
        text = self.run.mapping_text()
        if text:
            return dict(parse_mapping(text, KINDS[self.run.kind].fields).raw)
        return dict(self.remembered.mapping) if self.remembered is not None else {}

    @cached_property
    def look(self) -> Look:
        """The columns of the file, by the format that the address, the mapping or the looks of the file say."""
        data, query = self.run.data(), self.request.GET
        if "read" in query:
            form = self.format_form(data, query)
            if form.is_valid():
                return look_at(data, {name: value for name, value in form.cleaned_data.items() if value != ""})
        text = self.run.mapping_text()
        if text:
            told = parse_mapping(text, KINDS[self.run.kind].fields).raw.get("format") or {}
            return look_at(data, {**told, "header": told.get("header", True)})
        return look_at(data, proposed_format(data))

    @cached_property
    def remembered(self) -> Any:
        """The mapping that was used for these columns before."""
        return remembered_for(self.run.kind, self.run.site_record(), self.look)

    def format_form(self, data: bytes, query: Any = None, **kwargs: Any) -> FormatForm:
        """How the file is written."""
        is_workbook = workbooks.is_workbook(data)
        sheets = workbooks.sheets_of(data) if is_workbook and not folders.is_folder(data) else ()
        return FormatForm(query, sheets=sheets, is_workbook=is_workbook, **kwargs)

    def _form(self) -> MappingForm:
        name = self.remembered.name if self.remembered is not None else self.proposed_name()
        return MappingForm(
            self.request.POST if self.request.method == "POST" else None,
            kind=KINDS[self.run.kind],
            look=self.look,
            mapping=self.given,
            initial={"name": name},
        )

    def proposed_name(self) -> str:
        """What the mapping is called as long as nobody says otherwise."""
        return _t("%(kind)s from %(file)s") % {"kind": kind_label(self.run.kind), "file": self.run.name}

    def context(self, **more: Any) -> dict[str, Any]:
        data = self.run.data()
        return super().context(
            run=self.run,
            look=self.look,
            kind_label=kind_label(self.run.kind),
            samples=list(zip(*(column.samples for column in self.look.columns), strict=True)),
            format_form=self.format_form(data, initial=dict(self.look.form)),
            remembered=self.remembered,
            is_tried=bool(self.run.mapping),
            **more,
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.render(form=self._form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self._form()
        if not form.is_valid():
            return self.render(form=form, status=422)
        text, site = form.cleaned_data["mapping"], self.run.site_record()
        try:
            address = tried(self.run, text, request.user)
            remember_mapping(
                kind=self.run.kind,
                site=site,
                look=self.look,
                name=form.cleaned_data["name"],
                mapping=text,
                actor=request.user,
            )
        except Blocked as refused:
            return self.render(form=form, blockers=refused.blockers, status=409)
        return HttpResponseRedirect(address)


class ImportBatchCheck(Step):
    """What would become of every row: new, changed with old and new values, unchanged, or wrong and why."""

    template_name = "integrations/importbatch_check.html"
    title = _("Dry run")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refusal = self.refusal(request)
        if refusal is None and "job" in request.GET:
            return HttpResponseRedirect(at("importbatch_check", check=self._of_the_worker().word))
        return super().dispatch(request, *args, **kwargs)

    def _of_the_worker(self) -> DryRun:
        """The dry run that a worker made for this visitor."""
        pk = self.request.GET["job"]
        mine = BackgroundJob.objects.filter(actor=self.request.user.pk, handler=IMPORT_JOB, status=JobStatus.DONE)
        job = mine.filter(pk=pk if pk.isascii() and pk.isdecimal() and len(pk) < 10 else 0).first()
        if job is None or job.result_url != self.request.get_full_path():
            raise Http404(_t("There is no such dry run here."))
        asked = job.arguments
        run = DryRun(job.actor_id, asked["kind"], asked["site_id"], asked["file_name"], asked["sha256"])
        return DryRun(**{**vars(run.with_mapping(asked["mapping"])), "report": self.request.GET.get("report", "")})

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        report = ImportReport.of_dry_run(self.run.told())
        self.run.data()  # an hour later there may be no file any more to be imported
        lines = _lines(report)
        counts = {name: sum(line.verdict == name for line, _issues in lines) for name in VERDICT_WORDS}
        wanted = request.GET.get("verdict", "")
        if not wanted and report.issues:
            wanted = "wrong"
        if wanted not in VERDICT_WORDS:
            wanted = ""
        chosen = [line for line in lines if not wanted or line[0].verdict == wanted]
        asked = request.GET.get("page", "1")
        last = max(1, -(-len(chosen) // SHOWN))
        page = min(int(asked), last) if asked.isascii() and asked.isdecimal() and 0 < len(asked) < 7 else 1
        labels = {field.name: field.label for field in KINDS[report.kind].fields} | {"origin": _t("origin")}
        rows = [
            (line, VERDICT_WORDS[line.verdict], [(labels.get(f, f), old, new) for f, old, new in line.changes], issues)
            for line, issues in chosen[(page - 1) * SHOWN : page * SHOWN]
        ]
        return self.render(
            report=report,
            run=self.run,
            kind_label=kind_label(report.kind),
            counts=[(name, words, counts[name]) for name, words in VERDICT_WORDS.items()],
            total=len(lines),
            wanted=wanted,
            rows=rows,
            number=page,
            last=last,
            to_write=counts["created"] + counts["changed"],
            map_url=at("importbatch_map", draft=self.run.word),
            apply_url=at("importbatch_apply", check=self.run.word),
        )


def _lines(report: ImportReport) -> list[tuple[Verdict, list[Issue]]]:
    """Every line with what is wrong with it; also those that could not be read far enough for a verdict."""
    wrong: dict[int, list[Issue]] = {}
    for issue in report.issues:
        wrong.setdefault(issue.line, []).append(issue)
    known = {verdict.line for verdict in report.verdicts}
    lines = [*report.verdicts, *(Verdict(line, "", "wrong") for line in wrong if line not in known)]
    return [(line, wrong.get(line.line, [])) for line in sorted(lines, key=lambda one: one.line)]


class ImportBatchApply(Step, MovePage):
    """Sign what the dry run found, and import exactly that; all rows, or none."""

    model = ImportBatch
    form_class = ApplyForm
    label = _("Import these rows")
    meaning = MEANING
    deed_permission = APPLY
    explanation = _("All rows are written, or none. The import can be undone as long as nothing uses its rows.")

    @cached_property
    def report(self) -> ImportReport:
        """What the dry run found."""
        return ImportReport.of_dry_run(self.run.told())

    @cached_property
    def record(self) -> ImportBatch:
        """The import as it would be; it is written by the deed."""
        return ImportBatch(kind=self.run.kind, file_name=self.run.name, site_id=self.run.site)

    def may_do(self) -> bool:
        """The right is asked by the page, and by the service at the site of the rows."""
        return True

    def covered(self) -> list[Fact]:
        kind, totals = KINDS[self.run.kind], self.report.totals
        mapping = parse_mapping(self.run.mapping_text(), kind.fields).raw
        lines = "; ".join(f"{field}: {words}" for field, words in mapping_lines(kind.name, dict(mapping)))
        return [
            Fact(_("What"), kind.label),
            Fact(_("Site"), self.run.site_record() if kind.needs_site else None),
            Fact(_("New rows"), totals["created"]),
            Fact(_("Changed rows"), totals["changed"]),
            Fact(_("Unchanged rows"), totals["unchanged"]),
            Fact(_("Left out"), totals["skipped"]),
            Fact(_("SHA-256 of the file"), self.run.file),
            Fact(_("Mapping"), lines),
        ]

    def number(self) -> str:
        return ""

    def record_name(self) -> str:
        return self.run.name

    def record_url(self) -> str:
        return at("importbatch_check", check=self.word())

    def already_signed(self) -> list[Any]:
        return []

    def digest(self) -> str:
        """None yet: the approval that is signed is written with the signature."""
        return ""

    def deed(self, form: Any) -> Any:
        done = apply_import(
            kind=self.run.kind,
            data=self.run.data(),
            sha256=self.run.file,
            file_name=self.run.name,
            mapping=self.run.mapping_text(),
            report=self.report,
            site=self.run.site_record(),
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            signature=self.proof(),
        )
        return url_of(done)

    def crumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Imports"), reverse("integrations:importbatch_list")),
            (_("Dry run"), self.record_url()),
            (self.page_title(), ""),
        ]
