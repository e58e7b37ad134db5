"""The routing builder: one page, every change in place, each deed one service call.

Without scripts the same forms work with full page loads.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.kernel.records import TrailedModel
from core.kernel.stale import expecting, version_entered
from core.lifecycle.queries import check
from core.web.forms import Form, row_id
from core.web.markup import Text
from core.web.views import RecordPage, found_in
from mes.routing.models import Operation, RoutingRevision
from mes.routing.views.addresses import address, sandbox_address
from mes.routing.views.board import Board, revisions_to_build

CHANGE = "mes_routing.change_routingrevision"


class BuilderPage(RecordPage):
    """The builder of a draft; any other revision is read on its own page."""

    model, permission = RoutingRevision, CHANGE
    template_name = "mes/routing/routingrevision_build.html"
    list_url_name = "mes_routing:routing_list"

    def get_queryset(self) -> QuerySet[RoutingRevision]:
        return revisions_to_build()

    def page_title(self) -> Text:
        return str(self.record.routing.name)

    def number(self) -> str:
        return str(self.record)

    def crumbs(self) -> list[tuple[Text, str]]:
        routing = self.record.routing
        revision = gettext("Revision %(revision)s") % {"revision": self.record.revision}
        return [
            (_("Routings"), self.list_url()),
            (routing.code, routing.get_absolute_url()),
            (revision, self.record.get_absolute_url()),
            (_("Build"), ""),
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.record.status != "draft":
            return HttpResponseRedirect(self.record.get_absolute_url())
        edited = request.GET.get("edit", "")
        pk = row_id(edited)
        return self.show(Board(self.record, edited=pk, focus=f"operation-{pk}" if pk else ""))

    def show(self, board: Board, *, status: int = 200) -> HttpResponseBase:
        """The whole page, or for a fragment request the builder alone."""
        if self.request.headers.get("HX-Request"):
            context = {"board": board, "revision": self.record}
            return render(self.request, "mes/routing/_builder.html", context, status=status)
        return self.render(
            board=board,
            revision=self.record,
            record=self.record,
            submit_url=address("routingrevision_move", self.record.pk, "submit"),
            sandbox_url=sandbox_address(self.record),
            status=status,
        )


class BuilderChecks(BuilderPage):
    """What stands against submitting the draft as it is now; read again after every change."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        results = check(self.record, "submit", request.user)
        failed = [
            {"title": result.title, "blockers": result.blockers, "more": len(result.blockers) - 1}
            for result in results
            if not result.passed
        ]
        context = {"open": failed, "passed": [result for result in results if result.passed]}
        return render(request, "mes/routing/_checks.html", context)


class BuilderDeed(BuilderPage):
    """One change of the draft: its form if it has one, its service, and where the cursor goes next.

    `about` names what the deed's `part` in the address is ("" = the revision itself).
    """

    http_method_names: ClassVar[list[str]] = ["post"]  # type: ignore[misc]
    about: ClassVar[str] = ""
    address: ClassVar[str] = ""
    name: ClassVar[str] = ""
    form_part: ClassVar[str] = ""
    """Prefix of the form's part on the board; the id of `part` follows. Without it a wrong value has no place there."""
    form_class: ClassVar[type[Form]] = Form
    makes: ClassVar[type[Model]] = RoutingRevision
    """What the deed returns: the part that it made or changed, or whose part it removed."""
    changes_record: ClassVar[bool] = False
    """Whether it overwrites what the form showed: `overwritten()` then is the record whose version is compared."""
    focus = ""
    """The part of the board that gets the focus afterwards; set by `deed`."""

    def make_form(self, board: Board) -> Form | None:
        """The bound form, or None when the board shows none now."""
        return self.form_class(self.request.POST)

    @cached_property
    def form(self) -> Form:
        """The bound form, for a door without a board."""
        return self.make_form(Board(self.record)) or self.form_class(self.request.POST)

    def deed(self, values: dict[str, Any]) -> Model:
        """Call the one service; return what `makes` says."""
        raise NotImplementedError

    def perform(self, form: Form | None) -> Model:
        """The deed on the form's values; refused when somebody else changed what the form showed."""
        with self.as_seen(form):
            return self.deed(form.cleaned_data if form is not None else {})

    def as_seen(self, form: Form | None) -> AbstractContextManager[None]:
        """Declare the version that the person saw. Raises `Blocked` when the form names none."""
        record = self.overwritten()
        if record is None or form is None:
            return nullcontext()
        anew = address("routingrevision_build", self.record.pk)
        version = version_entered(form.cleaned_data.pop("version", ""), record=record, remedy_url=anew)
        return expecting(record, version, remedy_url=anew)

    def pressed(self) -> TrailedModel | None:
        """The record that a button of the board acts upon, where it overwrites no form's values."""
        return None

    def as_pressed(self) -> AbstractContextManager[None]:
        """Declare the version that the button showed. Raises `Blocked` when it names none. The API has no buttons."""
        record = self.pressed()
        if record is None:
            return nullcontext()
        anew = address("routingrevision_build", self.record.pk)
        version = version_entered(self.request.POST.get("version", ""), record=record, remedy_url=anew)
        return expecting(record, version, remedy_url=anew)

    def one(self, model: type[Model], path: str) -> Any:
        """The record named by the address, if it belongs to this revision."""
        rows = model._default_manager.filter(**{path: self.record})
        return found_in(rows, self.kwargs["part"], _("That part of the routing is no longer here."))

    @cached_property
    def operation(self) -> Operation:
        """The operation that the address names."""
        found: Operation = self.one(Operation, "routing_revision")
        return found

    @property
    def part(self) -> str:
        """The part of the board whose form this is."""
        return f"{self.form_part}-{self.kwargs['part']}" if self.about else self.form_part

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.make_form(Board(self.record))
        if form is None or form.is_valid():
            try:
                with self.as_pressed():
                    self.perform(form)
            except ValidationError as error:
                if form is None:
                    raise  # there is no form to show it at
                self.blame(form, error)
            else:
                if request.headers.get("HX-Request"):
                    return self.show(Board(revisions_to_build().get(pk=self.record.pk), focus=self.focus))
                return HttpResponseRedirect(address("routingrevision_build", self.record.pk))
        assert form is not None
        if not self.form_part:
            raise ValidationError([said for lines in form.errors.values() for said in lines])
        return self.show(Board(self.record, refused=(self.part, form)), status=422)

    @staticmethod
    def blame(form: Form, error: ValidationError) -> None:
        """Put a service's errors at the fields they name, the rest above the form."""
        for name, messages in getattr(error, "error_dict", {None: error.messages}).items():
            form.add_error(name if name in form.fields else None, messages)
