"""Label templates: written as drafts, approved by a second person, changed only as the next version."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import effect, publish
from core.lifecycle.services import begin, perform
from core.organization.events import ConfigurationChanged
from core.organization.models import Site
from core.organization.services import require
from core.organization.services.configuration import values_of
from core.printing.labels import Layout, LayoutProblem, as_data, place, read_layout
from core.printing.labels.layout import read_element
from traceability.models import LabelTemplate
from traceability.queries.label_texts import STANDARDS, sample_of, vocabulary
from traceability.services.movements import refuse

WRITE = "traceability.change_labeltemplate"


def _refuse_layout(problem: LayoutProblem, template: LabelTemplate | None = None) -> Blocked:
    remedy = _("Change the place, the size or the content of the element.")
    record = template if template is not None and template.pk else None
    return Blocked([Blocker("layout", text, record=record, remedy=remedy) for text in problem.problems])


def _written(template: LabelTemplate) -> Layout:
    """The layout of a draft, or the refusal of what is none."""
    words = vocabulary(template.kind)
    try:
        return read_layout(template.width_mm, template.height_mm, template.dpmm, template.elements, words)
    except LayoutProblem as problem:
        raise _refuse_layout(problem, template) from problem


@service
def create_label_template(
    *, site: Site | None, code: str, name: str, standard: str, actor: Any, dpmm: int = 8
) -> LabelTemplate:
    """Begin a template as a draft, from one of the layouts that the product brings (`STANDARDS`).

    Raises `Blocked` for a code that is taken at the site, and a layout that this print head cannot print.
    """
    require(actor, WRITE, site)
    code = code.strip()
    if LabelTemplate.objects.filter(site=site, code=code).exists():
        raise refuse(
            "taken",
            _("There is a label template %(code)s already.") % {"code": code},
            _("Open it and begin its next version, or choose another code."),
        )
    begun = STANDARDS[standard]
    template = LabelTemplate(
        site=site, code=code, name=name, kind=begun.kind, width_mm=begun.width, height_mm=begun.height, dpmm=dpmm,
        elements=begun.data(), author=actor, changed_by=actor,
    )  # fmt: skip
    _written(template)
    return begin(template, actor=actor)


@service
def revise_label_template(*, template: LabelTemplate, actor: Any) -> LabelTemplate:
    """Begin the next version as a draft that is like this one. Raises `Blocked` while there is a draft."""
    require(actor, WRITE, template.site)
    versions = LabelTemplate.objects.select_for_update(of=("self",)).filter(site=template.site_id, code=template.code)
    known = list(versions.order_by("-version"))
    draft = next((one for one in known if one.status == "draft"), None)
    if draft is not None:
        raise Blocked(
            Blocker(
                "draft_exists",
                _("Version %(version)s of %(code)s is a draft.") % {"version": draft.version, "code": draft.code},
                record=draft,
                remedy=_("Change that draft, or make it obsolete."),
                remedy_url=draft.get_absolute_url(),
            )
        )
    following = LabelTemplate(
        site=template.site, code=template.code, version=known[0].version + 1, name=template.name, kind=template.kind,
        width_mm=template.width_mm, height_mm=template.height_mm, dpmm=template.dpmm, elements=template.elements,
        author=actor, changed_by=actor,
    )  # fmt: skip
    return begin(following, actor=actor)


def _draft(template: LabelTemplate, actor: Any) -> LabelTemplate:
    """The template under its lock, if it may still be written."""
    require(actor, WRITE, template.site)
    rows = LabelTemplate.objects.select_for_update(of=("self",)).select_related("site")
    locked = rows.get(pk=template.pk)
    if locked.status != "draft":
        raise refuse(
            "template_status",
            _("Version %(template)s is “%(state)s”; only a draft changes.")
            % {"template": locked, "state": locked.get_status_display()},
            _("Begin the next version."),
            locked,
        )
    return locked


def _save(template: LabelTemplate, actor: Any) -> LabelTemplate:
    _written(template)
    template.changed_by = actor
    template.save()
    return template


@service
def change_label_template(
    *, template: LabelTemplate, name: str, width_mm: Decimal, height_mm: Decimal, dpmm: int, actor: Any
) -> LabelTemplate:
    """Change name, size and resolution of a draft. Raises `Blocked` where an element would no longer lie on it."""
    draft = _draft(template, actor)
    draft.name, draft.width_mm, draft.height_mm, draft.dpmm = name, width_mm, height_mm, dpmm
    return _save(draft, actor)


def _fitting(draft: LabelTemplate, position: int, element: Mapping[str, Any]) -> dict[str, Any]:
    """The element as it is kept, if it goes into its place with values of usual length."""
    words = vocabulary(draft.kind)
    try:
        read = read_element(dict(element), position)
        alone = read_layout(draft.width_mm, draft.height_mm, draft.dpmm, as_data([read]), words)
        place(alone, sample_of(draft.kind))
    except LayoutProblem as problem:
        raise _refuse_layout(problem, draft) from problem
    return as_data([read])[0]


def _require_position(draft: LabelTemplate, position: int) -> None:
    if not 1 <= position <= len(draft.elements):
        raise refuse("element", _("There is no such element on this label."), _("Open the template again."), draft)


@service
def add_label_element(*, template: LabelTemplate, element: Mapping[str, Any], actor: Any) -> LabelTemplate:
    """Put an element on a draft, above the others.

    Raises `Blocked` for what is no element, what does not lie on the label, a text that does not go into its place, and
    a symbol below the smallest X-dimension.
    """
    draft = _draft(template, actor)
    draft.elements = [*draft.elements, _fitting(draft, len(draft.elements) + 1, element)]
    return _save(draft, actor)


@service
def change_label_element(
    *, template: LabelTemplate, position: int, element: Mapping[str, Any], actor: Any
) -> LabelTemplate:
    """Change the element at this position (from 1) of a draft. Raises `Blocked` as `add_label_element`."""
    draft = _draft(template, actor)
    _require_position(draft, position)
    changed = list(draft.elements)
    changed[position - 1] = _fitting(draft, position, element)
    draft.elements = changed
    return _save(draft, actor)


@service
def remove_label_element(*, template: LabelTemplate, position: int, actor: Any) -> LabelTemplate:
    """Take the element at this position (from 1) off a draft."""
    draft = _draft(template, actor)
    _require_position(draft, position)
    draft.elements = [one for number, one in enumerate(draft.elements, start=1) if number != position]
    return _save(draft, actor)


@effect("traceability.LabelTemplate", "make_effective", before_save=True)
def supersede_the_version_before(record: LabelTemplate, deed: Deed) -> None:
    """At most one version is effective (PostgreSQL checks each statement, so the one before gives way first)."""
    others = LabelTemplate.objects.filter(site=record.site_id, code=record.code, status="effective")
    for other in others.exclude(pk=record.pk).order_by("pk"):
        perform(other, "supersede", actor=deed.actor, reason=deed.reason)


@effect("traceability.LabelTemplate", "make_effective")
def tell_that_labels_look_otherwise(record: LabelTemplate, deed: Deed) -> None:
    """Label templates are configuration: what was in force before, and what is since."""
    versions = LabelTemplate.objects.filter(site=record.site_id, code=record.code, status="superseded")
    before = versions.exclude(pk=record.pk).order_by("-version").first()
    publish(ConfigurationChanged(record, {} if before is None else values_of(before), values_of(record)))
