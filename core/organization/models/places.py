"""People, places, devices, roles and grants (ISA-95 equipment hierarchy for the places)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.kernel.records import GLOBAL, OperationalModel, TrailedModel


class UserManager(BaseUserManager["User"]):
    """Finds people by their user name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username__iexact=username)


class User(AbstractBaseUser, TrailedModel):
    """A person, or a named system user that jobs act as. Deactivated, never deleted; the name is never given again."""

    scope_path = "self"
    trail_excludes = ("password", "last_login", "pin_hash")

    username = models.CharField(_("user name"), max_length=80, unique=True)
    full_name = models.CharField(_("full name"), max_length=160)
    email = models.EmailField(_("e-mail"), blank=True)
    badge = models.CharField(
        _("badge"), max_length=64, blank=True, help_text=_("What the badge's barcode or chip says.")
    )
    pin_hash = models.CharField(max_length=200, blank=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_system = models.BooleanField(_("system user"), default=False, editable=False)
    must_change_password = models.BooleanField(_("must choose a new password"), default=False)
    password_expires_at = models.DateTimeField(_("first password expires"), null=True, blank=True, editable=False)
    provider_only = models.BooleanField(_("signs in by the identity provider only"), default=False)
    provider_account = models.CharField(
        _("account at the identity provider"), max_length=400, blank=True, default="", editable=False
    )
    language = models.CharField(_("language"), max_length=12, blank=True, default="")
    hand = models.CharField(
        _("hand"), max_length=5, choices=(("right", _("Right")), ("left", _("Left"))), default="right"
    )
    home_site = models.ForeignKey(
        "core_organization.Site",
        verbose_name=_("home site"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    manager = models.ForeignKey(
        "self", verbose_name=_("manager"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("full_name",)
        constraints = (
            models.UniqueConstraint(fields=["badge"], condition=~models.Q(badge=""), name="uq_user_badge"),
            models.UniqueConstraint(
                fields=["provider_account"], condition=~models.Q(provider_account=""), name="uq_user_provider_account"
            ),
        )

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_absolute_url(self) -> str:
        return reverse("core_organization:user_detail", args=[self.pk])

    @property
    def is_staff(self) -> bool:
        """Read by libraries only; rights come from grants."""
        return False

    @property
    def is_superuser(self) -> bool:
        """Read by libraries only; nobody is above the grants."""
        return False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Always False: Django's permissions carry no rights here."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Site(TrailedModel):
    """A plant (ISA-95 Site)."""

    scope_path = "self"

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=120)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    is_active = models.BooleanField(_("active"), default=True)
    requires_second_factor = models.BooleanField(_("second factor required"), default=False)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("core_organization:site_detail", args=[self.pk])


class Area(TrailedModel):
    """A part of a site (ISA-95 Area)."""

    scope_path = "self"

    site = models.ForeignKey(Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="areas")
    code = models.CharField(_("code"), max_length=24)
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=["site", "code"], name="uq_area_site_code"),)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class WorkCenter(TrailedModel):
    """Where operations run (ISA-95 Work Center)."""

    view_permission = "core_organization.view_site"
    scope_path = "self"

    area = models.ForeignKey(Area, verbose_name=_("area"), on_delete=models.PROTECT, related_name="work_centers")
    code = models.CharField(_("code"), max_length=24)
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(_("active"), default=True)
    origin = models.CharField(_("origin"), max_length=40, blank=True)
    external_id = models.CharField(_("external id"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("work center")
        verbose_name_plural = _("work centers")
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=["area", "code"], name="uq_workcenter_area_code"),)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("core_organization:workcenter_detail", args=[self.pk])


class Terminal(TrailedModel):
    """An enrolled shop-floor device at a work center. It has no signing rights of its own."""

    scope_path = "work_center"
    trail_excludes = ("token_hash",)

    work_center = models.ForeignKey(
        WorkCenter, verbose_name=_("work center"), on_delete=models.PROTECT, related_name="terminals"
    )
    code = models.SlugField(
        _("code"), max_length=24, unique=True, help_text=_("Part of the terminal's address: /t/<code>/")
    )
    name = models.CharField(_("name"), max_length=120)
    token_hash = models.CharField(max_length=64, blank=True, editable=False)
    enrolled_at = models.DateTimeField(_("enrolled at"), null=True, blank=True, editable=False)
    idle_lock_seconds = models.PositiveIntegerField(_("idle lock, seconds"), default=180)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("terminal")
        verbose_name_plural = _("terminals")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("core_organization:terminal_detail", args=[self.pk])


class EquipmentClass(TrailedModel):
    """A kind of equipment that an operation may ask for (ISA-95 Equipment Class)."""

    scope_path = GLOBAL

    code = models.CharField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("equipment class")
        verbose_name_plural = _("equipment classes")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Equipment(TrailedModel):
    """A physical asset at a work center (ISA-95 Physical Asset)."""

    scope_path = "work_center"

    work_center = models.ForeignKey(
        WorkCenter, verbose_name=_("work center"), on_delete=models.PROTECT, related_name="equipment"
    )
    equipment_class = models.ForeignKey(
        EquipmentClass,
        verbose_name=_("class"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="equipment",
    )
    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("equipment")
        verbose_name_plural = _("equipment")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Partner(TrailedModel):
    """A supplier or customer."""

    scope_path = GLOBAL

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=160)
    is_supplier = models.BooleanField(_("supplier"), default=False)
    is_customer = models.BooleanField(_("customer"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    origin = models.CharField(_("origin"), max_length=40, blank=True)
    external_id = models.CharField(_("external id"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ("code",)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("core_organization:partner_detail", args=[self.pk])


class Role(TrailedModel):
    """A named set of permissions; ships from templates and is configured by administrators."""

    view_permission = "core_organization.view_user"
    scope_path = GLOBAL

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    template = models.CharField(_("made from template"), max_length=40, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    requires_second_factor = models.BooleanField(_("second factor required"), default=False)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("core_organization:role_detail", args=[self.pk])


class RolePermission(TrailedModel):
    """One permission of a role."""

    scope_path = GLOBAL

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="permissions")
    permission = models.CharField(_("permission"), max_length=120)

    class Meta:
        verbose_name = _("role permission")
        verbose_name_plural = _("role permissions")
        ordering = ("permission",)
        constraints = (models.UniqueConstraint(fields=["role", "permission"], name="uq_rolepermission"),)

    def __str__(self) -> str:
        return self.permission


class Grant(TrailedModel):
    """A user holds a role at exactly one site, area or work center, from and until."""

    scope_path = "place"

    user = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="grants")
    role = models.ForeignKey(Role, verbose_name=_("role"), on_delete=models.PROTECT, related_name="grants")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="grants")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, related_name="grants")
    work_center = models.ForeignKey(WorkCenter, on_delete=models.PROTECT, null=True, blank=True, related_name="grants")
    starts = models.DateTimeField(_("from"))
    ends = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        ordering = ("-starts",)
        constraints = (
            models.CheckConstraint(
                name="ck_grant_one_place",
                condition=(
                    models.Q(site__isnull=False, area__isnull=True, work_center__isnull=True)
                    | models.Q(site__isnull=True, area__isnull=False, work_center__isnull=True)
                    | models.Q(site__isnull=True, area__isnull=True, work_center__isnull=False)
                ),
            ),
        )
        indexes = (models.Index(fields=["user", "role"], name="ix_grant_user_role"),)

    def __str__(self) -> str:
        return f"{self.user} · {self.role} · {self.place}"

    @property
    def place(self) -> Site | Area | WorkCenter | None:
        """The site, area or work center of the grant."""
        return self.site or self.area or self.work_center


class NumberSeries(OperationalModel):
    """The counter of one record type at one site; locked while a number is drawn, so that none is given twice."""

    operational_reason = "a counter; the numbers it gave stand in the records themselves"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    prefix = models.CharField(max_length=24)
    last_number = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = (
            models.UniqueConstraint(fields=["site", "prefix"], name="uq_numberseries", nulls_distinct=False),
        )

    def __str__(self) -> str:
        return f"{self.prefix}-{self.last_number:06d}"


class TerminalSession(OperationalModel):
    """A person signed on at a terminal; the activated one, if any, is whose entries are made there."""

    operational_reason = "who may type at a station now; each record, fact and TrailEvent names the person itself"

    terminal = models.ForeignKey(Terminal, on_delete=models.PROTECT, related_name="sessions")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="terminal_sessions")
    started_at = models.DateTimeField(default=now)
    activated_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("terminal session")
        verbose_name_plural = _("terminal sessions")
        constraints = (
            models.UniqueConstraint(
                fields=["terminal", "user"], condition=models.Q(ended_at__isnull=True), name="uq_terminalsession_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} @ {self.terminal.code}"
