"""Labels of containers: the SSCC as a GS1 symbol."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.printing.services import render_sheet
from core.web.views import ChosenRows
from traceability.models import Container


class ContainerLabels(ChosenRows):
    """The labels of the chosen containers: the SSCC as a GS1 symbol and in words, else the number of the house."""

    http_method_names = ("get", "head", "options")
    model = Container
    permission = "traceability.view_container"

    def get_queryset(self) -> QuerySet[Container]:
        return Container.objects.select_related("site")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.chosen:
            messages.info(request, _("Choose the containers whose labels you want first."))
            return redirect("traceability:container_list")
        labels = [container_label(one) for one in self.chosen]
        title = _("Labels of containers")
        pdf = render_sheet("core/printing/labels.html", {"labels": labels}, title=title)
        response = HttpResponse(pdf, content_type="application/pdf")
        response["Content-Disposition"] = 'inline; filename="labels.pdf"'
        return response


def container_label(container: Container) -> dict[str, Any]:
    """What the template of labels needs of a container."""
    label: dict[str, Any] = {
        "title": f"{container.get_kind_display()} · {container.site.name}",
        "number": container.number,
        "text": container.number,
        "lines": [],
    }
    if container.sscc:
        label["elements"] = [("00", container.sscc)]
        label["lines"] = [f"(00) {container.sscc}"]
    return label
