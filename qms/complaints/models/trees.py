"""Decision trees: questions that lead to what must be reported, to whom and until when. They are data, in versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.closure import Closure
from core.kernel.constraints import AtMostOne
from core.kernel.records import GLOBAL, TrailedModel
from qms.complaints.lifecycle import DECISION_TREE_VERSION

SEE = "qms_complaints.view_decisiontreeversion"


class DecisionTree(TrailedModel):
    """One regime under which events are reported; what it asks stands in its versions."""

    scope_path = GLOBAL
    view_permission = SEE

    code = models.CharField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)
    authority = models.CharField(_("reported to"), max_length=120)

    class Meta:
        ordering = ("code",)
        verbose_name = _("decision tree")
        verbose_name_plural = _("decision trees")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("qms_complaints:decisiontree_detail", args=[self.pk])


class DecisionTreeVersion(TrailedModel):
    """The questions and results of a tree, written by one person and approved by another.

    `content` is YAML: `start`, `questions` (each with `ask`, `clause`, `yes`, `no`) and `results` (each with `title`,
    `reportable`, and where it is: `days`, `count` as calendar or work, `clause`, `report`). `is_example` marks one that
    came with the product and that nobody of the plant has judged yet.
    """

    scope_path = GLOBAL
    lifecycle = DECISION_TREE_VERSION
    closure = Closure(
        covers=("tree", "number", "content", "author", "change_summary", "is_example"),
        ignores={
            "status": "moves are facts of their own, each with its signature",
            "effective_from": "set after approval; the moves to and from effective are facts of their own",
            "effective_until": "set when it is superseded or made obsolete",
            "decisions": "what was decided by it, each with its own signature",
        },
    )

    tree = models.ForeignKey(
        DecisionTree, verbose_name=_("decision tree"), on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    status = DECISION_TREE_VERSION.field()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("author"), on_delete=models.PROTECT, related_name="+"
    )
    content = models.TextField(_("questions and results"))
    change_summary = models.TextField(_("what changed and why"), blank=True)
    is_example = models.BooleanField(_("example, to be reviewed"), default=False)
    effective_from = models.DateTimeField(_("effective from"), null=True, blank=True, editable=False)
    effective_until = models.DateTimeField(_("effective until"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ("tree", "-id")
        verbose_name = _("version of a decision tree")
        verbose_name_plural = _("versions of decision trees")
        constraints = (
            models.UniqueConstraint(fields=["tree", "number"], name="uq_treeversion_number"),
            AtMostOne(name="uq_treeversion_effective", field="tree", condition=Q(status="effective")),
        )

    def __str__(self) -> str:
        return f"{self.tree.code}/{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("qms_complaints:decisiontreeversion_detail", args=[self.pk])
