"""Lists with their filters under a name."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.records import TrailedModel


class SavedFilter(TrailedModel):
    """A list with its filters, search, sorting and columns under a name: one's own, a site's, or a role's at a site.

    As a default it is what the list opens with. It is never deleted: others may have relied on it.
    """

    scope_path = "site"

    name = models.CharField(_("name"), max_length=80)
    page = models.CharField(_("list"), max_length=120, help_text=_("Name of the list's address."))
    query = models.TextField(_("filters"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("saved by"), on_delete=models.PROTECT, related_name="saved_filters"
    )
    site = models.ForeignKey(
        "core_organization.Site",
        verbose_name=_("shared at"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    to_role = models.CharField(_("role"), max_length=40, blank=True, help_text=_("Code of the role it is for."))
    is_default = models.BooleanField(_("the list opens with it"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(name="ck_savedfilter_role_at_site", condition=Q(site__isnull=False) | Q(to_role="")),
            models.UniqueConstraint(
                fields=["page", "site", "to_role"],
                condition=Q(is_default=True, is_active=True, site__isnull=False),
                name="uq_savedfilter_default_shared",
            ),
            models.UniqueConstraint(
                fields=["page", "owner"],
                condition=Q(is_default=True, is_active=True, site__isnull=True),
                name="uq_savedfilter_default_own",
            ),
        )
        indexes = (models.Index(fields=["page"], condition=Q(is_active=True), name="ix_savedfilter_page"),)

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """The list with these filters."""
        return f"{reverse(self.page)}?{f'{self.query}&' if self.query else ''}view={self.pk}"
