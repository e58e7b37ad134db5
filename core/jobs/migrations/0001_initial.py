# All the tables of this app as one step: core.kernel.schema.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.kernel.clock
import core.kernel.schema


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("core_organization", "0001_initial"),
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="BackgroundJob",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("handler", models.CharField(max_length=100, verbose_name="work")),
                        ("arguments", models.JSONField(default=dict)),
                        (
                            "actor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("title", models.CharField(max_length=300, verbose_name="title")),
                        (
                            "site",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                            ),
                        ),
                        (
                            "subject_type",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
                        ("subject_id", models.BigIntegerField(blank=True, null=True)),
                        ("subject_label", models.TextField(blank=True, default="")),
                        ("unique_key", models.CharField(blank=True, default="", max_length=200)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("queued", "Waiting"),
                                    ("running", "Running"),
                                    ("done", "Done"),
                                    ("failed", "Failed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                default="queued",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("progress_done", models.PositiveIntegerField(default=0)),
                        ("progress_total", models.PositiveIntegerField(default=0)),
                        ("progress_text", models.CharField(blank=True, default="", max_length=300)),
                        ("log", models.TextField(blank=True, default="")),
                        ("error", models.TextField(blank=True, default="", verbose_name="what went wrong")),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("max_attempts", models.PositiveSmallIntegerField(default=5)),
                        ("cancel_requested", models.BooleanField(default=False)),
                        (
                            "created_at",
                            models.DateTimeField(default=core.kernel.clock.now, verbose_name="asked for at"),
                        ),
                        ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="started at")),
                        ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                        ("not_before", models.DateTimeField(default=core.kernel.clock.now)),
                        ("dispatched_at", models.DateTimeField(blank=True, null=True)),
                        ("lease", models.UUIDField(blank=True, null=True)),
                        ("lease_until", models.DateTimeField(blank=True, null=True)),
                        ("result_sha256", models.CharField(blank=True, default="", max_length=64)),
                        ("result_size", models.BigIntegerField(default=0)),
                        ("result_name", models.CharField(blank=True, default="", max_length=160)),
                        ("result_media_type", models.CharField(blank=True, default="", max_length=120)),
                        ("result_url", models.CharField(blank=True, default="", max_length=300)),
                    ],
                    options={
                        "verbose_name": "background job",
                        "verbose_name_plural": "background jobs",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status__in", ("queued", "running"))),
                                fields=["not_before"],
                                name="ix_backgroundjob_active",
                            ),
                            models.Index(fields=["actor", "-id"], name="ix_backgroundjob_actor"),
                            models.Index(fields=["subject_type", "subject_id"], name="ix_backgroundjob_subject"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("status__in", ("queued", "running")), models.Q(("unique_key", ""), _negated=True)
                                ),
                                fields=("unique_key",),
                                name="uq_backgroundjob_active",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["queued", "running", "done", "failed", "cancelled"])
                                ),
                                name="ck_backgroundjob_status",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("lease__isnull", False), ("lease_until__isnull", False), ("status", "running")
                                    ),
                                    models.Q(
                                        models.Q(("status", "running"), _negated=True),
                                        ("lease__isnull", True),
                                        ("lease_until__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="ck_backgroundjob_lease",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
