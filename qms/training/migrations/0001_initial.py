# All the tables of this app as one step: core.kernel.schema.

import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import core.kernel.clock
import core.kernel.constraints
import core.kernel.deeds
import core.kernel.schema


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("core_organization", "0001_initial"),
        ("core_signing", "0001_initial"),
        ("qms_documents", "0001_initial"),
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="HistoricalCurriculum",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("code", models.CharField(db_index=True, max_length=24, verbose_name="code")),
                        ("name", models.CharField(max_length=160, verbose_name="name")),
                        ("description", models.TextField(blank=True, verbose_name="description")),
                        (
                            "valid_months",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="How long a qualification is good for unless another date is given; empty: for ever.",
                                null=True,
                                verbose_name="valid for months",
                            ),
                        ),
                        (
                            "inactivity_days",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="After so many days without doing it a qualification is suspended; empty: never.",
                                null=True,
                                verbose_name="days without practice",
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
                    ],
                    options={
                        "verbose_name": "historical curriculum",
                        "verbose_name_plural": "historical curricula",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Curriculum",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("code", models.CharField(max_length=24, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=160, verbose_name="name")),
                        ("description", models.TextField(blank=True, verbose_name="description")),
                        (
                            "valid_months",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="How long a qualification is good for unless another date is given; empty: for ever.",
                                null=True,
                                verbose_name="valid for months",
                            ),
                        ),
                        (
                            "inactivity_days",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="After so many days without doing it a qualification is suspended; empty: never.",
                                null=True,
                                verbose_name="days without practice",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "verbose_name": "curriculum",
                        "verbose_name_plural": "curricula",
                        "ordering": ("code",),
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalTrainingRequirement",
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
                                    ("read", "Read and understood"),
                                    ("quiz", "Quiz"),
                                    ("ojt", "On the job, with a trainer"),
                                    ("external", "Proof from outside"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("title", models.CharField(max_length=160, verbose_name="title")),
                        (
                            "repetitions",
                            models.PositiveSmallIntegerField(
                                default=1,
                                help_text="How often a trainer sees it done, for training on the job.",
                                verbose_name="repetitions",
                            ),
                        ),
                        (
                            "valid_months",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="Empty: until the content changes.",
                                null=True,
                                verbose_name="valid for months",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "curriculum",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_training.curriculum",
                                verbose_name="curriculum",
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_documents.document",
                                verbose_name="document",
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
                        "verbose_name": "historical training requirement",
                        "verbose_name_plural": "historical training requirements",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="TrainingRequirement",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "curriculum",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="requirements",
                                to="qms_training.curriculum",
                                verbose_name="curriculum",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("read", "Read and understood"),
                                    ("quiz", "Quiz"),
                                    ("ojt", "On the job, with a trainer"),
                                    ("external", "Proof from outside"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("title", models.CharField(max_length=160, verbose_name="title")),
                        (
                            "document",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="training_requirements",
                                to="qms_documents.document",
                                verbose_name="document",
                            ),
                        ),
                        (
                            "repetitions",
                            models.PositiveSmallIntegerField(
                                default=1,
                                help_text="How often a trainer sees it done, for training on the job.",
                                verbose_name="repetitions",
                            ),
                        ),
                        (
                            "valid_months",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="Empty: until the content changes.",
                                null=True,
                                verbose_name="valid for months",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                    ],
                    options={
                        "verbose_name": "training requirement",
                        "verbose_name_plural": "training requirements",
                        "ordering": ("curriculum", "id"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("document__isnull", False), ("kind__in", ("ojt", "external")), _connector="OR"
                                ),
                                name="ck_trainingrequirement_doc",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("repetitions__gte", 1)), name="ck_trainingrequirement_times"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalCurriculumAudience",
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
                            "by_operation",
                            models.BooleanField(
                                default=False,
                                help_text="Whoever may run an operation whose routing asks for this curriculum.",
                                verbose_name="operations that ask for it",
                            ),
                        ),
                        (
                            "curriculum",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_training.curriculum",
                                verbose_name="curriculum",
                            ),
                        ),
                        (
                            "role",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_organization.role",
                                verbose_name="role",
                            ),
                        ),
                        (
                            "work_center",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_organization.workcenter",
                                verbose_name="work center",
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
                        "verbose_name": "historical who needs a curriculum",
                        "verbose_name_plural": "historical who needs curricula",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="CurriculumAudience",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "curriculum",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="audiences",
                                to="qms_training.curriculum",
                                verbose_name="curriculum",
                            ),
                        ),
                        (
                            "role",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.role",
                                verbose_name="role",
                            ),
                        ),
                        (
                            "work_center",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.workcenter",
                                verbose_name="work center",
                            ),
                        ),
                        (
                            "by_operation",
                            models.BooleanField(
                                default=False,
                                help_text="Whoever may run an operation whose routing asks for this curriculum.",
                                verbose_name="operations that ask for it",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "who needs a curriculum",
                        "verbose_name_plural": "who needs curricula",
                        "ordering": ("curriculum", "id"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("by_operation", False), ("role__isnull", False)),
                                    models.Q(("by_operation", False), ("work_center__isnull", False)),
                                    models.Q(
                                        ("by_operation", True), ("role__isnull", True), ("work_center__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="ck_curriculumaudience_one",
                            ),
                            models.UniqueConstraint(
                                fields=("curriculum", "role", "work_center", "by_operation"),
                                name="uq_curriculumaudience",
                                nulls_distinct=False,
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalQualification",
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
                            "level",
                            models.CharField(
                                choices=[("works", "Works independently"), ("trains", "Trains others")],
                                default="works",
                                max_length=12,
                                verbose_name="level",
                            ),
                        ),
                        ("valid_from", models.DateTimeField(verbose_name="from")),
                        ("valid_until", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                        (
                            "status",
                            models.CharField(
                                choices=[("active", "Active"), ("suspended", "Suspended"), ("revoked", "Revoked")],
                                db_index=True,
                                default="active",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "basis",
                            models.TextField(
                                help_text="What shows it: training, test, observed work, certificate.",
                                verbose_name="basis",
                            ),
                        ),
                        (
                            "user",
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
                            "curriculum",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_training.curriculum",
                                verbose_name="curriculum",
                            ),
                        ),
                        (
                            "granted_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="granted by",
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
                        "verbose_name": "historical qualification",
                        "verbose_name_plural": "historical qualifications",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Qualification",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="qualifications",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "curriculum",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="qualifications",
                                to="qms_training.curriculum",
                                verbose_name="curriculum",
                            ),
                        ),
                        (
                            "level",
                            models.CharField(
                                choices=[("works", "Works independently"), ("trains", "Trains others")],
                                default="works",
                                max_length=12,
                                verbose_name="level",
                            ),
                        ),
                        ("valid_from", models.DateTimeField(verbose_name="from")),
                        ("valid_until", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                        (
                            "status",
                            models.CharField(
                                choices=[("active", "Active"), ("suspended", "Suspended"), ("revoked", "Revoked")],
                                db_index=True,
                                default="active",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "granted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="granted by",
                            ),
                        ),
                        (
                            "basis",
                            models.TextField(
                                help_text="What shows it: training, test, observed work, certificate.",
                                verbose_name="basis",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "qualification",
                        "verbose_name_plural": "qualifications",
                        "ordering": ("user", "curriculum", "-id"),
                        "indexes": [models.Index(fields=["valid_until"], name="ix_qualification_until")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status__in", ["active", "suspended"])),
                                fields=("user", "curriculum"),
                                name="uq_qualification_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_until__isnull", True),
                                    ("valid_until__gt", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="ck_qualification_period",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("user", models.F("granted_by")), _negated=True),
                                name="ck_qualification_not_self",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalTrainingAssignment",
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
                                    ("read", "Read and understood"),
                                    ("quiz", "Quiz"),
                                    ("ojt", "On the job, with a trainer"),
                                    ("external", "Proof from outside"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "cause",
                            models.CharField(
                                choices=[
                                    ("curriculum", "The curriculum asks for it"),
                                    ("revision", "A new revision was approved"),
                                    ("repeat", "The training before expired"),
                                    ("work", "Asked for at work"),
                                ],
                                max_length=12,
                                verbose_name="why",
                            ),
                        ),
                        ("due_at", models.DateTimeField(verbose_name="due")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("assigned", "Assigned"),
                                    ("in_progress", "In progress"),
                                    ("quiz_failed", "Quiz failed"),
                                    ("remedial", "Helped, to be repeated"),
                                    ("awaiting_trainer", "Waits for the second person"),
                                    ("completed", "Completed"),
                                    ("waived", "Waived"),
                                    ("expired", "Expired"),
                                    ("superseded", "Superseded"),
                                ],
                                db_index=True,
                                default="assigned",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "revision_digest",
                            models.CharField(
                                blank=True, editable=False, max_length=64, verbose_name="digest of the content"
                            ),
                        ),
                        (
                            "evidence",
                            models.TextField(
                                blank=True,
                                help_text="What was practised and how often, or what the proof says.",
                                verbose_name="what was done",
                            ),
                        ),
                        (
                            "user",
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
                            "curriculum",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_training.curriculum",
                                verbose_name="curriculum",
                            ),
                        ),
                        (
                            "requirement",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_training.trainingrequirement",
                                verbose_name="requirement",
                            ),
                        ),
                        (
                            "document_revision",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_documents.documentrevision",
                                verbose_name="document revision",
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
                        "verbose_name": "historical training assignment",
                        "verbose_name_plural": "historical training assignments",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="TrainingAssignment",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="training_assignments",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "curriculum",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assignments",
                                to="qms_training.curriculum",
                                verbose_name="curriculum",
                            ),
                        ),
                        (
                            "requirement",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="assignments",
                                to="qms_training.trainingrequirement",
                                verbose_name="requirement",
                            ),
                        ),
                        (
                            "document_revision",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="training_assignments",
                                to="qms_documents.documentrevision",
                                verbose_name="document revision",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("read", "Read and understood"),
                                    ("quiz", "Quiz"),
                                    ("ojt", "On the job, with a trainer"),
                                    ("external", "Proof from outside"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "cause",
                            models.CharField(
                                choices=[
                                    ("curriculum", "The curriculum asks for it"),
                                    ("revision", "A new revision was approved"),
                                    ("repeat", "The training before expired"),
                                    ("work", "Asked for at work"),
                                ],
                                max_length=12,
                                verbose_name="why",
                            ),
                        ),
                        ("due_at", models.DateTimeField(verbose_name="due")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("assigned", "Assigned"),
                                    ("in_progress", "In progress"),
                                    ("quiz_failed", "Quiz failed"),
                                    ("remedial", "Helped, to be repeated"),
                                    ("awaiting_trainer", "Waits for the second person"),
                                    ("completed", "Completed"),
                                    ("waived", "Waived"),
                                    ("expired", "Expired"),
                                    ("superseded", "Superseded"),
                                ],
                                db_index=True,
                                default="assigned",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "revision_digest",
                            models.CharField(
                                blank=True, editable=False, max_length=64, verbose_name="digest of the content"
                            ),
                        ),
                        (
                            "evidence",
                            models.TextField(
                                blank=True,
                                help_text="What was practised and how often, or what the proof says.",
                                verbose_name="what was done",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "training assignment",
                        "verbose_name_plural": "training assignments",
                        "ordering": ("due_at", "id"),
                        "indexes": [
                            models.Index(fields=["user", "status"], name="ix_trainingassignment_user"),
                            models.Index(fields=["document_revision", "status"], name="ix_trainingassignment_rev"),
                            models.Index(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        ("assigned", "in_progress", "quiz_failed", "remedial", "awaiting_trainer"),
                                    )
                                ),
                                fields=["due_at"],
                                name="ix_trainingassignment_due",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        ("assigned", "in_progress", "quiz_failed", "remedial", "awaiting_trainer"),
                                    )
                                ),
                                fields=("user", "document_revision", "requirement"),
                                name="uq_trainingassignment_open",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("document_revision__isnull", False),
                                    ("requirement__isnull", False),
                                    _connector="OR",
                                ),
                                name="ck_trainingassignment_what",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SectionShown",
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
                                related_name="sections_shown",
                                to="qms_training.trainingassignment",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="section")),
                        ("digest", models.CharField(max_length=64, verbose_name="digest of the content")),
                    ],
                    options={
                        "verbose_name": "section shown",
                        "verbose_name_plural": "sections shown",
                        "ordering": ("id",),
                        "indexes": [models.Index(fields=["assignment", "number"], name="ix_sectionshown_number")],
                    },
                ),
                migrations.CreateModel(
                    name="TrainingRecord",
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
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="training_records",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "how",
                            models.CharField(
                                choices=[
                                    ("read", "Read and understood"),
                                    ("quiz", "Quiz passed"),
                                    ("ojt", "On the job, attested by a trainer"),
                                    ("external", "Proof from outside, verified"),
                                    ("carried", "Carried forward: the new revision takes no training"),
                                    ("imported", "Imported from the records before"),
                                ],
                                max_length=12,
                                verbose_name="how",
                            ),
                        ),
                        (
                            "document_revision",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="training_records",
                                to="qms_documents.documentrevision",
                                verbose_name="document revision",
                            ),
                        ),
                        (
                            "requirement",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="records",
                                to="qms_training.trainingrequirement",
                                verbose_name="requirement",
                            ),
                        ),
                        (
                            "assignment",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="records",
                                to="qms_training.trainingassignment",
                            ),
                        ),
                        (
                            "revision_digest",
                            models.CharField(blank=True, max_length=64, verbose_name="digest of the content"),
                        ),
                        ("completed_at", models.DateTimeField(default=core.kernel.clock.now, verbose_name="completed")),
                        ("valid_until", models.DateTimeField(blank=True, null=True, verbose_name="valid until")),
                        (
                            "score",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="score, percent"),
                        ),
                        (
                            "signature",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_signing.signature",
                            ),
                        ),
                        (
                            "attestation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_signing.signature",
                            ),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="note")),
                    ],
                    options={
                        "verbose_name": "training record",
                        "verbose_name_plural": "training records",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(fields=["user", "document_revision"], name="ix_trainingrecord_revision"),
                            models.Index(fields=["user", "requirement"], name="ix_trainingrecord_requirement"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalQuiz",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                        (
                            "pass_percent",
                            models.PositiveSmallIntegerField(
                                default=80,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="pass mark, percent",
                            ),
                        ),
                        (
                            "attempts_allowed",
                            models.PositiveSmallIntegerField(
                                default=2,
                                help_text="After so many failures a trainer helps first.",
                                verbose_name="attempts",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("draft", "Draft"), ("in_use", "In use"), ("retired", "Retired")],
                                db_index=True,
                                default="draft",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_documents.document",
                                verbose_name="document",
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
                        "verbose_name": "historical quiz",
                        "verbose_name_plural": "historical quizzes",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Quiz",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="quizzes",
                                to="qms_documents.document",
                                verbose_name="document",
                            ),
                        ),
                        ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                        (
                            "pass_percent",
                            models.PositiveSmallIntegerField(
                                default=80,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="pass mark, percent",
                            ),
                        ),
                        (
                            "attempts_allowed",
                            models.PositiveSmallIntegerField(
                                default=2,
                                help_text="After so many failures a trainer helps first.",
                                verbose_name="attempts",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("draft", "Draft"), ("in_use", "In use"), ("retired", "Retired")],
                                db_index=True,
                                default="draft",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "quiz",
                        "verbose_name_plural": "quizzes",
                        "ordering": ("document", "-version"),
                        "constraints": [
                            models.UniqueConstraint(fields=("document", "version"), name="uq_quiz_version"),
                            core.kernel.constraints.AtMostOne(
                                condition=models.Q(("status", "in_use")), field="document", name="uq_quiz_in_use"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("attempts_allowed__gte", 1), ("pass_percent__range", (1, 100))),
                                name="ck_quiz_marks",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalQuizQuestion",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("sequence", models.PositiveSmallIntegerField(verbose_name="sequence")),
                        ("text", models.TextField(verbose_name="question")),
                        ("answers", models.JSONField(default=list, verbose_name="answers")),
                        ("right", models.JSONField(default=list, verbose_name="right answers")),
                        (
                            "quiz",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_training.quiz",
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
                        "verbose_name": "historical quiz question",
                        "verbose_name_plural": "historical quiz questions",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="QuizQuestion",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "quiz",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="questions",
                                to="qms_training.quiz",
                            ),
                        ),
                        ("sequence", models.PositiveSmallIntegerField(verbose_name="sequence")),
                        ("text", models.TextField(verbose_name="question")),
                        ("answers", models.JSONField(default=list, verbose_name="answers")),
                        ("right", models.JSONField(default=list, verbose_name="right answers")),
                    ],
                    options={
                        "verbose_name": "quiz question",
                        "verbose_name_plural": "quiz questions",
                        "ordering": ("quiz", "sequence"),
                        "constraints": [
                            models.UniqueConstraint(fields=("quiz", "sequence"), name="uq_quizquestion_sequence")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QuizAttempt",
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
                                related_name="attempts",
                                to="qms_training.trainingassignment",
                            ),
                        ),
                        (
                            "quiz",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attempts",
                                to="qms_training.quiz",
                                verbose_name="quiz",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="attempt")),
                        ("score", models.PositiveSmallIntegerField(verbose_name="score, percent")),
                        ("passed", models.BooleanField(verbose_name="passed")),
                        ("digest", models.CharField(max_length=64, verbose_name="digest of the content")),
                    ],
                    options={
                        "verbose_name": "quiz attempt",
                        "verbose_name_plural": "quiz attempts",
                        "ordering": ("id",),
                        "constraints": [
                            models.UniqueConstraint(fields=("assignment", "number"), name="uq_quizattempt_number")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QuizAnswer",
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
                            "attempt",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="qms_training.quizattempt",
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="given_answers",
                                to="qms_training.quizquestion",
                            ),
                        ),
                        ("place", models.PositiveSmallIntegerField(verbose_name="place")),
                        ("chosen", models.JSONField(default=list, verbose_name="chosen")),
                        ("is_right", models.BooleanField(verbose_name="right")),
                    ],
                    options={
                        "verbose_name": "quiz answer",
                        "verbose_name_plural": "quiz answers",
                        "ordering": ("attempt", "place"),
                        "indexes": [models.Index(fields=["question", "is_right"], name="ix_quizanswer_question")],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalShiftAssignment",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("shift", models.CharField(max_length=24, verbose_name="shift")),
                        ("starts_at", models.DateTimeField(verbose_name="from")),
                        ("ends_at", models.DateTimeField(verbose_name="until")),
                        (
                            "user",
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
                            "work_center",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_organization.workcenter",
                                verbose_name="work center",
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
                        "verbose_name": "historical shift assignment",
                        "verbose_name_plural": "historical shift assignments",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ShiftAssignment",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shift_assignments",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "work_center",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.workcenter",
                                verbose_name="work center",
                            ),
                        ),
                        ("shift", models.CharField(max_length=24, verbose_name="shift")),
                        ("starts_at", models.DateTimeField(verbose_name="from")),
                        ("ends_at", models.DateTimeField(verbose_name="until")),
                    ],
                    options={
                        "verbose_name": "shift assignment",
                        "verbose_name_plural": "shift assignments",
                        "ordering": ("starts_at", "id"),
                        "indexes": [models.Index(fields=["work_center", "starts_at"], name="ix_shiftassignment_place")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                                name="ck_shiftassignment_period",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalSigningPolicy",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("is_on", models.BooleanField(default=False, verbose_name="switched on")),
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
                            "document",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_documents.document",
                                verbose_name="document",
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
                        "verbose_name": "historical signing policy",
                        "verbose_name_plural": "historical signing policies",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="SigningPolicy",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "site",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="signing_policy",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="qms_documents.document",
                                verbose_name="document",
                            ),
                        ),
                        ("is_on", models.BooleanField(default=False, verbose_name="switched on")),
                    ],
                    options={
                        "verbose_name": "signing policy",
                        "verbose_name_plural": "signing policies",
                        "ordering": ("site",),
                    },
                ),
                migrations.CreateModel(
                    name="TrainingOverride",
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
                            "source_type",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                            ),
                        ),
                        ("source_id", models.BigIntegerField(blank=True, null=True)),
                        ("source_label", models.TextField(blank=True, default="")),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="training_overrides",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="reason")),
                    ],
                    options={
                        "verbose_name": "training override",
                        "verbose_name_plural": "training overrides",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(fields=["user", "subject_type", "subject_id"], name="ix_trainingoverride_work")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StaffingWaiver",
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
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                            ),
                        ),
                        ("uncovered", models.JSONField(default=list, verbose_name="work without anybody qualified")),
                        ("reason", models.TextField(verbose_name="reason")),
                    ],
                    options={
                        "verbose_name": "staffing waiver",
                        "verbose_name_plural": "staffing waivers",
                        "ordering": ("-id",),
                        "indexes": [
                            models.Index(fields=["subject_type", "subject_id"], name="ix_staffingwaiver_subject")
                        ],
                    },
                ),
            ],
        ),
    ]
