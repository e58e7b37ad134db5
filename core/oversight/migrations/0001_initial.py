# All the tables of this app as one step: core.kernel.schema.

import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import core.kernel.clock
import core.kernel.schema


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core_organization", "0001_initial"),
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="AccessReview",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("number", models.CharField(max_length=24, verbose_name="number")),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        (
                            "previous",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="later",
                                to="core_oversight.accessreview",
                                verbose_name="review before it",
                            ),
                        ),
                        ("opened_at", models.DateTimeField(verbose_name="opened at")),
                        (
                            "opened_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="opened by",
                            ),
                        ),
                        (
                            "repeat_months",
                            models.PositiveSmallIntegerField(
                                default=6,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(36),
                                ],
                                verbose_name="again after months",
                            ),
                        ),
                        ("next_due", models.DateTimeField(verbose_name="next review due")),
                        ("ended", models.TextField(blank=True, verbose_name="ended since the review before it")),
                        (
                            "status",
                            models.CharField(
                                choices=[("open", "Open"), ("signed", "Signed"), ("withdrawn", "Withdrawn")],
                                db_index=True,
                                default="open",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "access review",
                        "verbose_name_plural": "access reviews",
                        "ordering": ("-id",),
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "number"), name="uq_accessreview_site_number"),
                            models.UniqueConstraint(
                                condition=models.Q(("status", "open")),
                                fields=("site",),
                                name="uq_accessreview_open_site",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalAccessReview",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("number", models.CharField(max_length=24, verbose_name="number")),
                        ("opened_at", models.DateTimeField(verbose_name="opened at")),
                        (
                            "repeat_months",
                            models.PositiveSmallIntegerField(
                                default=6,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(36),
                                ],
                                verbose_name="again after months",
                            ),
                        ),
                        ("next_due", models.DateTimeField(verbose_name="next review due")),
                        ("ended", models.TextField(blank=True, verbose_name="ended since the review before it")),
                        (
                            "status",
                            models.CharField(
                                choices=[("open", "Open"), ("signed", "Signed"), ("withdrawn", "Withdrawn")],
                                db_index=True,
                                default="open",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        (
                            "previous",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_oversight.accessreview",
                                verbose_name="review before it",
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="opened by",
                            ),
                        ),
                        ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical access review",
                        "verbose_name_plural": "historical access reviews",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalAccessReviewLine",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("role", models.CharField(max_length=120, verbose_name="role")),
                        ("place", models.CharField(max_length=160, verbose_name="place")),
                        ("since", models.DateTimeField(verbose_name="since")),
                        ("until", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                        ("last_sign_on", models.DateTimeField(blank=True, null=True, verbose_name="last sign-on")),
                        ("tokens", models.TextField(blank=True, verbose_name="API tokens")),
                        ("terminals", models.TextField(blank=True, verbose_name="terminals used")),
                        ("changed", models.TextField(blank=True, verbose_name="changed since the review before it")),
                        (
                            "decision",
                            models.CharField(
                                blank=True,
                                choices=[("keep", "Keep"), ("end", "End")],
                                max_length=4,
                                verbose_name="decision",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        (
                            "review",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_oversight.accessreview",
                            ),
                        ),
                        (
                            "grant",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_organization.grant",
                                verbose_name="grant",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="decided by",
                            ),
                        ),
                        ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical line of an access review",
                        "verbose_name_plural": "historical lines of an access review",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="AccessReviewLine",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="core_oversight.accessreview",
                            ),
                        ),
                        (
                            "grant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.grant",
                                verbose_name="grant",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        ("role", models.CharField(max_length=120, verbose_name="role")),
                        ("place", models.CharField(max_length=160, verbose_name="place")),
                        ("since", models.DateTimeField(verbose_name="since")),
                        ("until", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                        ("last_sign_on", models.DateTimeField(blank=True, null=True, verbose_name="last sign-on")),
                        ("tokens", models.TextField(blank=True, verbose_name="API tokens")),
                        ("terminals", models.TextField(blank=True, verbose_name="terminals used")),
                        ("changed", models.TextField(blank=True, verbose_name="changed since the review before it")),
                        (
                            "decision",
                            models.CharField(
                                blank=True,
                                choices=[("keep", "Keep"), ("end", "End")],
                                max_length=4,
                                verbose_name="decision",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="decided by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "line of an access review",
                        "verbose_name_plural": "lines of an access review",
                        "ordering": ("person__full_name", "id"),
                        "constraints": [
                            models.UniqueConstraint(fields=("review", "grant"), name="uq_accessreviewline_grant"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_by__isnull", True), ("decision", "")),
                                    models.Q(
                                        models.Q(("decision", ""), _negated=True),
                                        models.Q(("reason", ""), _negated=True),
                                        ("decided_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="ck_accessreviewline_decided",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
