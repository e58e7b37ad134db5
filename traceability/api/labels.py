"""The API of labels and their templates."""

from __future__ import annotations

from core.printing.models import PrintJob
from core.web.api import deed, moves, records
from traceability.models import LabelReconciliation, LabelTemplate
from traceability.views import label_templates, labels

urlpatterns = [
    *records(
        "label-templates",
        name="labeltemplate",
        list=label_templates.TemplateList,
        create=label_templates.TemplateCreate,
        detail=label_templates.TemplateDetail,
        change=label_templates.TemplateChange,
    ),
    *moves("label-templates/<int:pk>/", label_templates.TemplateMove, name="labeltemplate"),
    deed(
        "label-templates/<int:pk>/revise/",
        label_templates.TemplateRevise,
        name="labeltemplate_revise",
        returns=LabelTemplate,
        status=201,
    ),
    deed("label-templates/<int:pk>/text/", label_templates.TextAdd, name="labelelement_add_text", status=201),
    deed("label-templates/<int:pk>/code/", label_templates.CodeAdd, name="labelelement_add_code", status=201),
    deed("label-templates/<int:pk>/box/", label_templates.BoxAdd, name="labelelement_add_box", status=201),
    deed("label-templates/<int:pk>/text/<int:position>/", label_templates.TextChange, name="labelelement_change_text"),
    deed("label-templates/<int:pk>/code/<int:position>/", label_templates.CodeChange, name="labelelement_change_code"),
    deed("label-templates/<int:pk>/box/<int:position>/", label_templates.BoxChange, name="labelelement_change_box"),
    deed("label-templates/<int:pk>/remove/<int:position>/", label_templates.ElementRemove, name="labelelement_remove"),
    *records("labels", name="label", list=labels.LabelList, detail=labels.LabelDetail),
    deed("lots/<int:pk>/print-label/", labels.LotPrintLabel, name="lot_print_label", returns=PrintJob, status=201),
    deed(
        "lots/<int:pk>/reconcile-labels/",
        labels.LabelReconcile,
        name="lot_reconcile_labels",
        returns=LabelReconciliation,
        status=201,
    ),
    deed(
        "units/<int:pk>/print-label/",
        labels.UnitPrintLabel,
        name="serializedunit_print_label",
        returns=PrintJob,
        status=201,
    ),
    deed(
        "locations/<int:pk>/print-label/",
        labels.LocationPrintLabel,
        name="storagelocation_print_label",
        returns=PrintJob,
        status=201,
    ),
    deed(
        "containers/<int:pk>/print-label/",
        labels.ContainerPrintLabel,
        name="container_print_label",
        returns=PrintJob,
        status=201,
    ),
    deed(
        "materials/<int:pk>/print-label/",
        labels.MaterialPrintLabel,
        name="material_print_label",
        returns=PrintJob,
        status=201,
    ),
]
