# All the tables of this app as one step: core.kernel.schema.

import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import core.kernel.clock
import core.kernel.deeds
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
                    name="Assignment",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "subject_type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
                        ("subject_id", models.BigIntegerField()),
                        ("subject_label", models.TextField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("approval", "Approval"),
                                    ("review", "Review"),
                                    ("action", "Action"),
                                    ("triage", "Triage"),
                                    ("training", "Training"),
                                    ("acknowledgement", "Acknowledgement"),
                                    ("escalation", "Escalation"),
                                ],
                                max_length=24,
                                verbose_name="kind",
                            ),
                        ),
                        ("title", models.CharField(max_length=300, verbose_name="title")),
                        (
                            "to_user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assignments",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "to_role",
                            models.CharField(
                                blank=True,
                                help_text="Code of the role that is asked.",
                                max_length=40,
                                verbose_name="role",
                            ),
                        ),
                        (
                            "to_permission",
                            models.CharField(
                                blank=True,
                                help_text="Code of the right whose holders are asked.",
                                max_length=120,
                                verbose_name="right",
                            ),
                        ),
                        (
                            "not_to",
                            models.ForeignKey(
                                blank=True,
                                help_text="Who may not do it although they hold the role or the right, such as the author.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="not asked",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                        (
                            "due_version",
                            models.PositiveIntegerField(
                                default=1, editable=False, verbose_name="version of the due date"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("open", "Open"), ("done", "Done"), ("cancelled", "Cancelled")],
                                default="open",
                                editable=False,
                                max_length=12,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "closed_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="closed at"),
                        ),
                        (
                            "closed_by",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="closed by",
                            ),
                        ),
                        (
                            "escalated_from",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="raised",
                                to="core_worklist.assignment",
                                verbose_name="escalated from",
                            ),
                        ),
                        (
                            "also_to",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="also done by",
                            ),
                        ),
                        (
                            "due_since",
                            models.DateTimeField(
                                default=core.kernel.clock.now, editable=False, null=True, verbose_name="due date set at"
                            ),
                        ),
                        (
                            "for_user",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                help_text="Who was asked first and is away or has left; the person asked now does it in their place.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="in place of",
                            ),
                        ),
                        (
                            "delegation",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="work",
                                to="core_worklist.delegation",
                                verbose_name="by delegation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "assignment",
                        "verbose_name_plural": "assignments",
                        "ordering": ("due_at", "id"),
                        "indexes": [
                            models.Index(fields=["subject_type", "subject_id"], name="ix_assignment_subject"),
                            models.Index(
                                condition=models.Q(("status", "open")),
                                fields=["to_user", "due_at"],
                                name="ix_assignment_open_user",
                            ),
                            models.Index(
                                condition=models.Q(("status", "open")),
                                fields=["to_role", "due_at"],
                                name="ix_assignment_open_role",
                            ),
                            models.Index(
                                condition=models.Q(("status", "open")),
                                fields=["to_permission", "due_at"],
                                name="ix_assignment_open_right",
                            ),
                            models.Index(
                                condition=models.Q(("status", "open")),
                                fields=["kind", "due_at"],
                                name="ix_assignment_open_kind",
                            ),
                            models.Index(
                                condition=models.Q(("status", "open")),
                                fields=["also_to", "due_at"],
                                name="ix_assignment_open_also",
                            ),
                            models.Index(
                                condition=models.Q(("status", "open")),
                                fields=["for_user"],
                                name="ix_assignment_open_for",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("to_user__isnull", False),
                                    models.Q(("to_role", ""), _negated=True),
                                    models.Q(("to_permission", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="ck_assignment_to_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("to_user", models.F("not_to")), _negated=True),
                                name="ck_assignment_not_to",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("closed_at__isnull", True), ("closed_by__isnull", True), ("status", "open")
                                    ),
                                    models.Q(
                                        ("closed_at__isnull", False),
                                        ("closed_by__isnull", False),
                                        ("status__in", ("done", "cancelled")),
                                    ),
                                    _connector="OR",
                                ),
                                name="ck_assignment_closed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalAssignment",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("subject_id", models.BigIntegerField()),
                        ("subject_label", models.TextField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("approval", "Approval"),
                                    ("review", "Review"),
                                    ("action", "Action"),
                                    ("triage", "Triage"),
                                    ("training", "Training"),
                                    ("acknowledgement", "Acknowledgement"),
                                    ("escalation", "Escalation"),
                                ],
                                max_length=24,
                                verbose_name="kind",
                            ),
                        ),
                        ("title", models.CharField(max_length=300, verbose_name="title")),
                        (
                            "to_role",
                            models.CharField(
                                blank=True,
                                help_text="Code of the role that is asked.",
                                max_length=40,
                                verbose_name="role",
                            ),
                        ),
                        (
                            "to_permission",
                            models.CharField(
                                blank=True,
                                help_text="Code of the right whose holders are asked.",
                                max_length=120,
                                verbose_name="right",
                            ),
                        ),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                        (
                            "due_version",
                            models.PositiveIntegerField(
                                default=1, editable=False, verbose_name="version of the due date"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("open", "Open"), ("done", "Done"), ("cancelled", "Cancelled")],
                                default="open",
                                editable=False,
                                max_length=12,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "closed_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="closed at"),
                        ),
                        (
                            "subject_type",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
                        (
                            "to_user",
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
                            "not_to",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                help_text="Who may not do it although they hold the role or the right, such as the author.",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="not asked",
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
                            "closed_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="closed by",
                            ),
                        ),
                        (
                            "escalated_from",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_worklist.assignment",
                                verbose_name="escalated from",
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
                        (
                            "also_to",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="also done by",
                            ),
                        ),
                        (
                            "due_since",
                            models.DateTimeField(
                                default=core.kernel.clock.now, editable=False, null=True, verbose_name="due date set at"
                            ),
                        ),
                        (
                            "for_user",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                help_text="Who was asked first and is away or has left; the person asked now does it in their place.",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="in place of",
                            ),
                        ),
                        (
                            "delegation",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_worklist.delegation",
                                verbose_name="by delegation",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical assignment",
                        "verbose_name_plural": "historical assignments",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalEscalationRule",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("approval", "Approval"),
                                    ("review", "Review"),
                                    ("action", "Action"),
                                    ("triage", "Triage"),
                                    ("training", "Training"),
                                    ("acknowledgement", "Acknowledgement"),
                                    ("escalation", "Escalation"),
                                ],
                                max_length=24,
                                verbose_name="kind of work",
                            ),
                        ),
                        ("step", models.PositiveSmallIntegerField(default=1, verbose_name="step")),
                        (
                            "after",
                            models.IntegerField(
                                default=0,
                                help_text="Negative: that many minutes before it is due.",
                                verbose_name="minutes after it was due",
                            ),
                        ),
                        (
                            "to_role",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="Code of the role that is asked, or that is asked where nobody is that person.",
                                max_length=40,
                                verbose_name="role",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
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
                        (
                            "by_mail",
                            models.BooleanField(
                                default=False,
                                help_text="Whatever the person has chosen for other news.",
                                verbose_name="by mail at once",
                            ),
                        ),
                        (
                            "record_type",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="contenttypes.contenttype",
                                verbose_name="kind of record",
                            ),
                        ),
                        ("severity", models.CharField(blank=True, default="", max_length=24, verbose_name="severity")),
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
                            "to_user",
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
                            "whom",
                            models.CharField(
                                choices=[
                                    ("role", "A role at the site"),
                                    ("asked", "Who is asked: a reminder"),
                                    ("manager", "The manager of who is asked"),
                                    ("both", "Who is asked, and their manager"),
                                    ("person", "A named person"),
                                ],
                                default="role",
                                max_length=12,
                                verbose_name="whom",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical escalation rule",
                        "verbose_name_plural": "historical escalation rules",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="EscalationRule",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("approval", "Approval"),
                                    ("review", "Review"),
                                    ("action", "Action"),
                                    ("triage", "Triage"),
                                    ("training", "Training"),
                                    ("acknowledgement", "Acknowledgement"),
                                    ("escalation", "Escalation"),
                                ],
                                max_length=24,
                                verbose_name="kind of work",
                            ),
                        ),
                        ("step", models.PositiveSmallIntegerField(default=1, verbose_name="step")),
                        (
                            "after",
                            models.IntegerField(
                                default=0,
                                help_text="Negative: that many minutes before it is due.",
                                verbose_name="minutes after it was due",
                            ),
                        ),
                        (
                            "to_role",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="Code of the role that is asked, or that is asked where nobody is that person.",
                                max_length=40,
                                verbose_name="role",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "by_mail",
                            models.BooleanField(
                                default=False,
                                help_text="Whatever the person has chosen for other news.",
                                verbose_name="by mail at once",
                            ),
                        ),
                        (
                            "record_type",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                                verbose_name="kind of record",
                            ),
                        ),
                        ("severity", models.CharField(blank=True, default="", max_length=24, verbose_name="severity")),
                        (
                            "site",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        (
                            "to_user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "whom",
                            models.CharField(
                                choices=[
                                    ("role", "A role at the site"),
                                    ("asked", "Who is asked: a reminder"),
                                    ("manager", "The manager of who is asked"),
                                    ("both", "Who is asked, and their manager"),
                                    ("person", "A named person"),
                                ],
                                default="role",
                                max_length=12,
                                verbose_name="whom",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "escalation rule",
                        "verbose_name_plural": "escalation rules",
                        "ordering": ("kind", "record_type", "severity", "site", "step"),
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("step__gte", 1)), name="ck_escalationrule_step"),
                            models.CheckConstraint(
                                condition=models.Q(("kind", "escalation"), _negated=True), name="ck_escalationrule_kind"
                            ),
                            models.UniqueConstraint(
                                fields=("kind", "record_type", "severity", "site", "step"),
                                name="uq_escalationrule_step",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("whom", "asked"), models.Q(("to_role", ""), _negated=True), _connector="OR"
                                ),
                                name="ck_escalationrule_role",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("whom", "person"), _negated=True),
                                    ("to_user__isnull", False),
                                    _connector="OR",
                                ),
                                name="ck_escalationrule_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("severity", ""), ("record_type__isnull", False), _connector="OR"),
                                name="ck_escalationrule_severity",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Escalation",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "actor",
                            models.ForeignKey(
                                default=core.kernel.deeds.current_actor_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("stamped_txid", models.BigIntegerField(default=0, editable=False)),
                        ("stamped_session_user", models.TextField(default="", editable=False)),
                        ("stamped_client", models.TextField(default="", editable=False)),
                        ("stamped_source", models.TextField(default="", editable=False)),
                        (
                            "assignment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="escalations",
                                to="core_worklist.assignment",
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="escalations",
                                to="core_worklist.escalationrule",
                            ),
                        ),
                        ("step", models.PositiveSmallIntegerField(verbose_name="step")),
                        ("due_version", models.PositiveIntegerField(verbose_name="version of the due date")),
                        ("due_at", models.DateTimeField(verbose_name="was due")),
                        (
                            "raised",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="raised_by",
                                to="core_worklist.assignment",
                            ),
                        ),
                        ("told", models.TextField(blank=True, default="", verbose_name="told")),
                    ],
                    options={
                        "verbose_name": "escalation",
                        "verbose_name_plural": "escalations",
                        "ordering": ("-id",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("assignment", "step", "due_version"), name="uq_escalation_step_version"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notification",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "subject_type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
                        ("subject_id", models.BigIntegerField()),
                        ("subject_label", models.TextField()),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notifications",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "assignment",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notifications",
                                to="core_worklist.assignment",
                            ),
                        ),
                        (
                            "cause",
                            models.CharField(
                                choices=[
                                    ("assigned", "Assigned to you"),
                                    ("reassigned", "Passed on to you"),
                                    ("escalated", "Overdue, now with you"),
                                    ("reminded", "Reminder"),
                                    ("returned", "Back with you"),
                                    ("mentioned", "You were mentioned"),
                                    ("watched", "News of what you watch"),
                                ],
                                max_length=12,
                                verbose_name="cause",
                            ),
                        ),
                        ("text", models.CharField(max_length=300, verbose_name="text")),
                        ("created_at", models.DateTimeField(default=core.kernel.clock.now, verbose_name="at")),
                        ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="read at")),
                        ("by_mail", models.BooleanField(default=False, verbose_name="by mail at once")),
                        ("mailed_at", models.DateTimeField(blank=True, null=True, verbose_name="mailed at")),
                    ],
                    options={
                        "verbose_name": "notification",
                        "verbose_name_plural": "notifications",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("read_at__isnull", True)),
                                fields=["user"],
                                name="ix_notification_unread",
                            ),
                            models.Index(
                                condition=models.Q(("mailed_at__isnull", True), ("read_at__isnull", True)),
                                fields=["created_at"],
                                name="ix_notification_unmailed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Comment",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "actor",
                            models.ForeignKey(
                                default=core.kernel.deeds.current_actor_id,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("stamped_txid", models.BigIntegerField(default=0, editable=False)),
                        ("stamped_session_user", models.TextField(default="", editable=False)),
                        ("stamped_client", models.TextField(default="", editable=False)),
                        ("stamped_source", models.TextField(default="", editable=False)),
                        (
                            "subject_type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
                        ("subject_id", models.BigIntegerField()),
                        ("subject_label", models.TextField()),
                        (
                            "site",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="comment")),
                    ],
                    options={
                        "verbose_name": "comment",
                        "verbose_name_plural": "comments",
                        "ordering": ("id",),
                        "indexes": [models.Index(fields=["subject_type", "subject_id"], name="ix_comment_subject")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True), name="ck_comment_text"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalSavedFilter",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "page",
                            models.CharField(
                                help_text="Name of the list's address.", max_length=120, verbose_name="list"
                            ),
                        ),
                        ("query", models.TextField(blank=True, verbose_name="filters")),
                        (
                            "to_role",
                            models.CharField(
                                blank=True, help_text="Code of the role it is for.", max_length=40, verbose_name="role"
                            ),
                        ),
                        ("is_default", models.BooleanField(default=False, verbose_name="the list opens with it")),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="saved by",
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
                                verbose_name="shared at",
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
                        "verbose_name": "historical saved filter",
                        "verbose_name_plural": "historical saved filters",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="SavedFilter",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "page",
                            models.CharField(
                                help_text="Name of the list's address.", max_length=120, verbose_name="list"
                            ),
                        ),
                        ("query", models.TextField(blank=True, verbose_name="filters")),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="saved_filters",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="saved by",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                                verbose_name="shared at",
                            ),
                        ),
                        (
                            "to_role",
                            models.CharField(
                                blank=True, help_text="Code of the role it is for.", max_length=40, verbose_name="role"
                            ),
                        ),
                        ("is_default", models.BooleanField(default=False, verbose_name="the list opens with it")),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "verbose_name": "saved filter",
                        "verbose_name_plural": "saved filters",
                        "ordering": ("name", "id"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("is_active", True)), fields=["page"], name="ix_savedfilter_page"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("site__isnull", False), ("to_role", ""), _connector="OR"),
                                name="ck_savedfilter_role_at_site",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("is_active", True), ("is_default", True), ("site__isnull", False)),
                                fields=("page", "site", "to_role"),
                                name="uq_savedfilter_default_shared",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("is_active", True), ("is_default", True), ("site__isnull", True)),
                                fields=("page", "owner"),
                                name="uq_savedfilter_default_own",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Delegation",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("starts", models.DateTimeField(verbose_name="from")),
                        ("ends", models.DateTimeField(verbose_name="until")),
                        (
                            "kinds",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="None named: every kind.",
                                verbose_name="kinds of work",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="reason")),
                        ("is_absence", models.BooleanField(default=False, verbose_name="is away")),
                        ("ended_early", models.BooleanField(default=False, editable=False, verbose_name="ended early")),
                        (
                            "passed_at",
                            models.DateTimeField(editable=False, null=True, verbose_name="work passed on at"),
                        ),
                        (
                            "returned_at",
                            models.DateTimeField(editable=False, null=True, verbose_name="work given back at"),
                        ),
                        (
                            "from_user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="delegations_given",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="work of",
                            ),
                        ),
                        (
                            "to_user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="delegations_held",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="done by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "delegation",
                        "verbose_name_plural": "delegations",
                        "ordering": ("-starts", "-id"),
                        "indexes": [
                            models.Index(fields=["to_user", "ends"], name="ix_delegation_to_ends"),
                            models.Index(fields=["from_user", "ends"], name="ix_delegation_from_ends"),
                            models.Index(
                                condition=models.Q(("returned_at__isnull", True)),
                                fields=["ends"],
                                name="ix_delegation_open",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("from_user", models.F("to_user")), _negated=True),
                                name="ck_delegation_two_people",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ends__gte", models.F("starts"))), name="ck_delegation_order"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True), name="ck_delegation_reason"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Digest",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("day", models.DateField(verbose_name="day")),
                        ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="digests",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "summary",
                        "verbose_name_plural": "summaries",
                        "constraints": [models.UniqueConstraint(fields=("user", "day"), name="uq_digest_user_day")],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalDelegation",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("starts", models.DateTimeField(verbose_name="from")),
                        ("ends", models.DateTimeField(verbose_name="until")),
                        (
                            "kinds",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="None named: every kind.",
                                verbose_name="kinds of work",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="reason")),
                        ("is_absence", models.BooleanField(default=False, verbose_name="is away")),
                        ("ended_early", models.BooleanField(default=False, editable=False, verbose_name="ended early")),
                        (
                            "passed_at",
                            models.DateTimeField(editable=False, null=True, verbose_name="work passed on at"),
                        ),
                        (
                            "returned_at",
                            models.DateTimeField(editable=False, null=True, verbose_name="work given back at"),
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
                            "from_user",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="work of",
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
                        (
                            "to_user",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="done by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical delegation",
                        "verbose_name_plural": "historical delegations",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="MailPreference",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "mode",
                            models.CharField(
                                choices=[
                                    ("digest", "One summary a day"),
                                    ("at_once", "Each piece of news at once"),
                                    ("none", "No mail but what a ladder sends at once"),
                                ],
                                default="digest",
                                max_length=8,
                                verbose_name="mail",
                            ),
                        ),
                        (
                            "hour",
                            models.PositiveSmallIntegerField(
                                default=7,
                                validators=[django.core.validators.MaxValueValidator(23)],
                                verbose_name="hour of the summary",
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="mail_preference",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "mail preference",
                        "verbose_name_plural": "mail preferences",
                    },
                ),
                migrations.CreateModel(
                    name="Watch",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("subject_id", models.BigIntegerField()),
                        ("subject_label", models.TextField()),
                        ("since", models.DateTimeField(default=core.kernel.clock.now, verbose_name="since")),
                        ("last_transition", models.BigIntegerField(default=0)),
                        (
                            "subject_type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="watches",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "watch",
                        "verbose_name_plural": "watches",
                        "ordering": ("-id",),
                        "constraints": [
                            models.UniqueConstraint(fields=("subject_type", "subject_id", "user"), name="uq_watch")
                        ],
                    },
                ),
            ],
        ),
    ]
