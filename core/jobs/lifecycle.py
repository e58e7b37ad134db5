"""Permissions over background jobs. Everybody sees, and may cancel, the jobs they asked for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.permissions import Permission, declare

declare(
    Permission("core_jobs.view_backgroundjob", _("See everybody's background jobs"), ("admin",), gmp=False),
    Permission("core_jobs.cancel_backgroundjob", _("Cancel everybody's background jobs"), ("admin",), gmp=False),
)
