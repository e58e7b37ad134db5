"""Pages of label templates: written with a live picture, approved by a second person."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms as django_forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.organization.queries import sites_of
from core.printing.labels import Code, LayoutProblem, Text, place, svg
from core.printing.labels.layout import read_element
from core.web.access import may
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage, Related
from core.web.views.record import RecordPage
from traceability import services
from traceability.filters import LabelTemplateFilters
from traceability.forms import labels as forms
from traceability.models import LabelTemplate
from traceability.queries.label_texts import layout_of, sample_of, tried, vocabulary
from traceability.queries.printed_labels import versions_of
from traceability.tables import LabelTemplateTable

SEE, WRITE = "traceability.view_labeltemplate", "traceability.change_labeltemplate"
FORMS: dict[str, type[forms.ElementForm]] = {
    "text": forms.TextElementForm,
    "code": forms.CodeElementForm,
    "box": forms.BoxElementForm,
}


def drawn(template: LabelTemplate) -> dict[str, Any]:
    """The picture of a template with sample values, and what does not fit."""
    try:
        placed = tried(template, strict=False)
    except LayoutProblem as problem:
        return {"problems": problem.problems}
    return {
        "drawing": svg(placed, title=_("Preview of %(template)s") % {"template": template}),
        "problems": placed.problems,
    }


class TemplateList(ListPage):
    """Label templates, every version."""

    model, permission = LabelTemplate, SEE
    table_class = LabelTemplateTable
    filterset_class = LabelTemplateFilters
    search_fields = ("code", "name")
    order = ("code", "-version")
    create_url_name, create_permission = "traceability:labeltemplate_create", WRITE
    empty_title = gettext_lazy("No label templates yet")
    empty_text = gettext_lazy("Begin with a layout for lots or units, and have a second person approve it.")
    empty_icon = "tag"

    def get_queryset(self) -> QuerySet[LabelTemplate]:
        return LabelTemplate.objects.select_related("site")


class TemplateCreate(FormPage):
    """A new label template."""

    model, permission, form_class = LabelTemplate, WRITE, forms.LabelTemplateForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sites": sites_of(self.request.user, self.permission)}

    def deed(self, form: Any) -> LabelTemplate:
        return services.create_label_template(**form.cleaned_data, actor=self.request.user)


def words_of(template: LabelTemplate) -> list[dict[str, Any]]:
    """The elements of a layout, as the page lists them: what each is and says, where it stands."""
    words, found = vocabulary(template.kind), []
    for position, row in enumerate(template.elements, start=1):
        element = read_element(row, position)
        if isinstance(element, Text):
            word = words.fields.get(element.field)
            said = str(word.label) if word is not None else f"“{element.text}”"
            what = _("Text")
        elif isinstance(element, Code):
            word = words.contents.get(element.content)
            what = {"datamatrix": _("Data Matrix"), "qr": _("QR"), "code128": _("Code 128")}[element.symbology]
            said = str(word.label) if word is not None else ""
        else:
            what, said = _("Line or box"), f"{element.thickness:g} mm"
        where = f"{element.x:g} · {element.y:g}"
        size = f"{element.width:g} × {element.height:g}"
        args = [template.pk, position]
        found.append(
            {
                "position": position, "what": what, "said": said, "where": where, "size": size,
                "change": reverse(f"traceability:labelelement_change_{element.kind}", args=args),
                "remove": reverse("traceability:labelelement_remove", args=args),
            }
        )  # fmt: skip
    return found


class TemplateDetail(DetailPage):
    """One version of a label template: its picture, its elements, who wrote and who approved it."""

    model, permission = LabelTemplate, SEE
    template_name = "traceability/labeltemplate_detail.html"
    timeline_later = True
    stepper_path = ("draft", "effective")

    def get_queryset(self) -> QuerySet[LabelTemplate]:
        return LabelTemplate.objects.select_related("site", "author", "changed_by")

    def page_title(self) -> str:
        return str(self.record.name)

    def facts(self) -> list[Fact]:
        template = self.record
        return [
            Fact(_("For"), template.get_kind_display()),
            Fact(_("Site"), template.site or _("All sites")),
            Fact(_("Size"), f"{template.width_mm:g} × {template.height_mm:g} mm"),
            Fact(_("Resolution"), _("%(dots)s dots in a millimetre") % {"dots": template.dpmm}),
            Fact(_("Author"), template.author),
            Fact(_("Last changed by"), template.changed_by),
        ]

    @cached_property
    def may_write(self) -> bool:
        """Whether the visitor may change this draft."""
        return self.record.status == "draft" and may(self.request.user, WRITE, self.record.site)

    def actions(self) -> list[Action]:
        def to(name: str) -> str:
            return reverse(f"traceability:{name}", args=[self.record.pk])

        if not may(self.request.user, WRITE, self.record.site):
            return []
        if self.record.status != "draft":
            return [Action(_("Next version"), to("labeltemplate_revise"), "plus")]
        return [
            Action(_("Add a text"), to("labelelement_add_text"), "plus"),
            Action(_("Add a symbol"), to("labelelement_add_code"), "qrcode"),
            Action(_("Add a line or box"), to("labelelement_add_box"), "square"),
            Action(_("Change size or name"), to("labeltemplate_change"), "edit"),
        ]

    def related(self) -> list[Related]:
        others = versions_of(self.record).exclude(pk=self.record.pk)[:10]
        return [Related(str(one), one.get_absolute_url(), one.get_status_display()) for one in others]

    def context(self, **more: Any) -> dict[str, Any]:
        elements = words_of(self.record)
        return super().context(elements=elements, may_write=self.may_write, **drawn(self.record), **more)


class TemplateChange(FormPage):
    """Name, size and resolution of a draft."""

    model, permission, view_permission = LabelTemplate, WRITE, SEE
    form_class: ClassVar[type[django_forms.BaseForm]] = forms.LabelTemplateChangeForm
    change_needs_reason = False

    def get_queryset(self) -> QuerySet[LabelTemplate]:
        return LabelTemplate.objects.select_related("site")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.record, name) for name in ("name", "width_mm", "height_mm", "dpmm")}

    def deed(self, form: Any) -> LabelTemplate:
        return services.change_label_template(template=self.record, **form.cleaned_data, actor=self.request.user)


class TemplateRevise(MovePage):
    """Begin the next version."""

    model, permission, deed_permission = LabelTemplate, SEE, WRITE
    label = gettext_lazy("Begin the next version")
    explanation = gettext_lazy(
        "A draft that is like this version. This one stays in force until the draft is approved."
    )

    def get_queryset(self) -> QuerySet[LabelTemplate]:
        return LabelTemplate.objects.select_related("site")

    def deed(self, form: Any) -> LabelTemplate:
        return services.revise_label_template(template=self.record, actor=self.request.user)


class TemplateMove(MovePage):
    """Approve, make obsolete."""

    model, permission = LabelTemplate, SEE
    template_name = "traceability/labeltemplate_move.html"

    def get_queryset(self) -> QuerySet[LabelTemplate]:
        return LabelTemplate.objects.select_related("site", "author", "changed_by")

    def covered(self) -> list[Fact]:
        template = self.record
        return [
            Fact(_("For"), template.get_kind_display()),
            Fact(_("Size"), f"{template.width_mm:g} × {template.height_mm:g} mm"),
            Fact(_("Elements"), len(template.elements)),
            Fact(_("Author"), template.author),
            Fact(_("Last changed by"), template.changed_by),
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**drawn(self.record), **more)


class ElementPage(FormPage):
    """Base: an element of a draft, with a picture that follows what is entered."""

    model, permission, view_permission = LabelTemplate, WRITE, SEE
    template_name = "traceability/labelelement_form.html"
    change_needs_reason = False

    def get_queryset(self) -> QuerySet[LabelTemplate]:
        return LabelTemplate.objects.select_related("site")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "template": self.record}

    def context(self, **more: Any) -> dict[str, Any]:
        position = self.kwargs.get("position", 0)
        preview = reverse("traceability:labeltemplate_preview", args=[self.record.pk, self.form.kind, position])
        return super().context(preview_url=preview, **drawn(self.record), **more)


class ElementAdd(ElementPage):
    """Base: put an element on a draft."""

    submit_label = gettext_lazy("Add")

    def deed(self, form: Any) -> LabelTemplate:
        return services.add_label_element(template=self.record, element=form.element(), actor=self.request.user)


class TextAdd(ElementAdd):
    """Add a text."""

    form_class, title = forms.TextElementForm, gettext_lazy("Add a text")


class CodeAdd(ElementAdd):
    """Add a symbol."""

    form_class, title = forms.CodeElementForm, gettext_lazy("Add a symbol")


class BoxAdd(ElementAdd):
    """Add a line or box."""

    form_class, title = forms.BoxElementForm, gettext_lazy("Add a line or box")


class ElementChange(ElementPage):
    """Base: change an element of a draft."""

    @cached_property
    def present(self) -> dict[str, Any]:
        """The element as it stands; 404 where there is none of this kind at the position."""
        position = self.kwargs["position"]
        rows = self.record.elements
        found: dict[str, Any] = rows[position - 1] if 1 <= position <= len(rows) else {}
        if found.get("kind") != self.form_class.kind:  # type: ignore[attr-defined]
            raise Http404(_("There is no such element on this label."))
        return found

    def get_initial(self) -> dict[str, Any]:
        return dict(self.present)

    def deed(self, form: Any) -> LabelTemplate:
        return services.change_label_element(
            template=self.record, position=self.kwargs["position"], element=form.element(), actor=self.request.user
        )


class TextChange(ElementChange):
    """Change a text."""

    form_class, title = forms.TextElementForm, gettext_lazy("Change the text")


class CodeChange(ElementChange):
    """Change a symbol."""

    form_class, title = forms.CodeElementForm, gettext_lazy("Change the symbol")


class BoxChange(ElementChange):
    """Change a line or box."""

    form_class, title = forms.BoxElementForm, gettext_lazy("Change the line or box")


class ElementRemove(MovePage):
    """Take an element off a draft."""

    model, permission, deed_permission = LabelTemplate, SEE, WRITE
    label = gettext_lazy("Take off")
    title = gettext_lazy("Take the element off")

    def get_queryset(self) -> QuerySet[LabelTemplate]:
        return LabelTemplate.objects.select_related("site")

    def overwritten(self) -> Any:
        return self.record

    def covered(self) -> list[Fact]:
        found = [one for one in words_of(self.record) if one["position"] == self.kwargs["position"]]
        if not found:
            raise Http404(_("There is no such element on this label."))
        return [Fact(found[0]["what"], found[0]["said"])]

    def deed(self, form: Any) -> LabelTemplate:
        return services.remove_label_element(
            template=self.record, position=self.kwargs["position"], actor=self.request.user
        )


class TemplatePreview(RecordPage):
    """The picture of a draft with an element as it is being entered."""

    model, permission = LabelTemplate, SEE
    template_name = "traceability/_label_preview.html"

    def get_queryset(self) -> QuerySet[LabelTemplate]:
        return LabelTemplate.objects.select_related("site")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        template, position = self.record, self.kwargs["position"]
        form_class = FORMS.get(self.kwargs["kind"])
        if form_class is None:
            raise Http404(_("There is no such kind of element."))
        form = form_class(request.GET, template=template)
        if not form.is_valid():
            return self.render(**drawn(template))
        rows = list(template.elements)
        if 1 <= position <= len(rows):
            rows[position - 1] = form.element()
        else:
            rows.append(form.element())
        template.elements = rows
        try:
            placed = place(layout_of(template), sample_of(template.kind), strict=False)
        except LayoutProblem as problem:
            return self.render(problems=problem.problems)
        return self.render(drawing=svg(placed), problems=placed.problems)
