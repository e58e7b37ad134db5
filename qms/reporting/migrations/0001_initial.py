# All the tables of this app as one step: core.kernel.schema.

import core.kernel.clock
import core.kernel.deeds
import core.kernel.schema
import django.core.validators
import django.db.models.deletion
import simple_history.models
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core_organization", "0001_initial"),
        ("qms_nonconformance", "0001_initial"),
        ("traceability", "0001_initial"),
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="HistoricalReportSchedule",
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
                                    ("quality", "Nonconformances and CAPAs"),
                                    ("overdue", "Overdue work"),
                                    ("training", "Training"),
                                    ("release", "Release lead time"),
                                ],
                                max_length=12,
                                verbose_name="report",
                            ),
                        ),
                        (
                            "every",
                            models.CharField(
                                choices=[("week", "Every week"), ("month", "Every month")],
                                default="week",
                                max_length=8,
                                verbose_name="how often",
                            ),
                        ),
                        (
                            "day",
                            models.PositiveSmallIntegerField(
                                default=1,
                                help_text="Of the week, 1 being Monday, or of the month, at most 28.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(28),
                                ],
                                verbose_name="day",
                            ),
                        ),
                        (
                            "hour",
                            models.PositiveSmallIntegerField(
                                default=6,
                                validators=[django.core.validators.MaxValueValidator(23)],
                                verbose_name="hour at the site",
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="first made on or after")),
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
                    ],
                    options={
                        "verbose_name": "historical schedule of a report",
                        "verbose_name_plural": "historical schedules of reports",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalTrendRule",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "judged",
                            models.CharField(
                                choices=[
                                    ("count", "By number: reached in a month, judged as soon as it is"),
                                    ("rate", "By rate for each thousand, judged when the month is over"),
                                    (
                                        "alarm",
                                        "By statistics: above the upper limit of a u chart, judged when the month is over",
                                    ),
                                ],
                                max_length=8,
                                verbose_name="how it is judged",
                            ),
                        ),
                        (
                            "limit",
                            models.DecimalField(
                                blank=True,
                                decimal_places=3,
                                help_text="The number or the rate from which on there is an alarm; none where statistics judge.",
                                max_digits=12,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(Decimal("0.001"))],
                                verbose_name="limit",
                            ),
                        ),
                        (
                            "volume",
                            models.CharField(
                                blank=True,
                                help_text="None where the number alone is judged.",
                                max_length=24,
                                verbose_name="for each thousand",
                            ),
                        ),
                        (
                            "months",
                            models.PositiveSmallIntegerField(
                                default=12,
                                help_text="Over so many months, the judged one included, statistics take the mean.",
                                validators=[
                                    django.core.validators.MinValueValidator(3),
                                    django.core.validators.MaxValueValidator(36),
                                ],
                                verbose_name="months of the mean",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                blank=True, help_text="Empty: every kind.", max_length=16, verbose_name="kind"
                            ),
                        ),
                        (
                            "starts_on",
                            models.DateField(
                                help_text="Earlier months raise no alarm.", verbose_name="watches from the month of"
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
                            "defect_code",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_nonconformance.defectcode",
                                verbose_name="defect code",
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
                            "material",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="traceability.material",
                                verbose_name="material",
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
                            "supplier",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_organization.partner",
                                verbose_name="supplier",
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
                    ],
                    options={
                        "verbose_name": "historical rule of a trend",
                        "verbose_name_plural": "historical rules of trends",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ReportSchedule",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("quality", "Nonconformances and CAPAs"),
                                    ("overdue", "Overdue work"),
                                    ("training", "Training"),
                                    ("release", "Release lead time"),
                                ],
                                max_length=12,
                                verbose_name="report",
                            ),
                        ),
                        (
                            "every",
                            models.CharField(
                                choices=[("week", "Every week"), ("month", "Every month")],
                                default="week",
                                max_length=8,
                                verbose_name="how often",
                            ),
                        ),
                        (
                            "day",
                            models.PositiveSmallIntegerField(
                                default=1,
                                help_text="Of the week, 1 being Monday, or of the month, at most 28.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(28),
                                ],
                                verbose_name="day",
                            ),
                        ),
                        (
                            "hour",
                            models.PositiveSmallIntegerField(
                                default=6,
                                validators=[django.core.validators.MaxValueValidator(23)],
                                verbose_name="hour at the site",
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="first made on or after")),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="report_schedules",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "schedule of a report",
                        "verbose_name_plural": "schedules of reports",
                        "ordering": ("site", "kind", "every"),
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "kind", "every"), name="uq_reportschedule_kind"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("day__gte", 1), ("day__lte", 7), ("every", "week")),
                                    models.Q(("day__gte", 1), ("day__lte", 28), ("every", "month")),
                                    _connector="OR",
                                ),
                                name="ck_reportschedule_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("hour__lte", 23)), name="ck_reportschedule_hour"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReportRun",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("stamped_txid", models.BigIntegerField(default=0, editable=False)),
                        ("stamped_session_user", models.TextField(default="", editable=False)),
                        ("stamped_client", models.TextField(default="", editable=False)),
                        ("stamped_source", models.TextField(default="", editable=False)),
                        ("number", models.CharField(max_length=24, verbose_name="number")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("quality", "Nonconformances and CAPAs"),
                                    ("overdue", "Overdue work"),
                                    ("training", "Training"),
                                    ("release", "Release lead time"),
                                ],
                                max_length=12,
                                verbose_name="report",
                            ),
                        ),
                        ("begins_on", models.DateField(verbose_name="from")),
                        ("ends_on", models.DateField(help_text="The last day that counts.", verbose_name="to")),
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
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="report_runs",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        (
                            "schedule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="runs",
                                to="qms_reporting.reportschedule",
                                verbose_name="schedule",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "report",
                        "verbose_name_plural": "reports",
                        "ordering": ("-id",),
                        "constraints": [
                            models.UniqueConstraint(fields=("schedule", "begins_on"), name="uq_reportrun_period"),
                            models.UniqueConstraint(fields=("site", "number"), name="uq_reportrun_number"),
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("begins_on"))), name="ck_reportrun_days"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalReportSubscription",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("by_mail", models.BooleanField(default=False, verbose_name="by e-mail too")),
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
                            "schedule",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="qms_reporting.reportschedule",
                                verbose_name="schedule",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical subscription of a report",
                        "verbose_name_plural": "historical subscriptions of reports",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ReportSubscription",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("by_mail", models.BooleanField(default=False, verbose_name="by e-mail too")),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="report_subscriptions",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
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
                            "schedule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="subscriptions",
                                to="qms_reporting.reportschedule",
                                verbose_name="schedule",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "subscription of a report",
                        "verbose_name_plural": "subscriptions of reports",
                        "ordering": ("id",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("person__isnull", False), ("role__isnull", True)),
                                    models.Q(("person__isnull", True), ("role__isnull", False)),
                                    _connector="OR",
                                ),
                                name="ck_reportsubscription_whom",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("person__isnull", False)),
                                fields=("schedule", "person"),
                                name="uq_reportsubscription_person",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("role__isnull", False)),
                                fields=("schedule", "role"),
                                name="uq_reportsubscription_role",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TrendRule",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "judged",
                            models.CharField(
                                choices=[
                                    ("count", "By number: reached in a month, judged as soon as it is"),
                                    ("rate", "By rate for each thousand, judged when the month is over"),
                                    (
                                        "alarm",
                                        "By statistics: above the upper limit of a u chart, judged when the month is over",
                                    ),
                                ],
                                max_length=8,
                                verbose_name="how it is judged",
                            ),
                        ),
                        (
                            "limit",
                            models.DecimalField(
                                blank=True,
                                decimal_places=3,
                                help_text="The number or the rate from which on there is an alarm; none where statistics judge.",
                                max_digits=12,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(Decimal("0.001"))],
                                verbose_name="limit",
                            ),
                        ),
                        (
                            "volume",
                            models.CharField(
                                blank=True,
                                help_text="None where the number alone is judged.",
                                max_length=24,
                                verbose_name="for each thousand",
                            ),
                        ),
                        (
                            "months",
                            models.PositiveSmallIntegerField(
                                default=12,
                                help_text="Over so many months, the judged one included, statistics take the mean.",
                                validators=[
                                    django.core.validators.MinValueValidator(3),
                                    django.core.validators.MaxValueValidator(36),
                                ],
                                verbose_name="months of the mean",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                blank=True, help_text="Empty: every kind.", max_length=16, verbose_name="kind"
                            ),
                        ),
                        (
                            "starts_on",
                            models.DateField(
                                help_text="Earlier months raise no alarm.", verbose_name="watches from the month of"
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "defect_code",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="trend_rules",
                                to="qms_nonconformance.defectcode",
                                verbose_name="defect code",
                            ),
                        ),
                        (
                            "material",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="traceability.material",
                                verbose_name="material",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="trend_rules",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        (
                            "supplier",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.partner",
                                verbose_name="supplier",
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
                    ],
                    options={
                        "verbose_name": "rule of a trend",
                        "verbose_name_plural": "rules of trends",
                        "ordering": ("site", "name"),
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "name"), name="uq_trendrule_name"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("judged", "alarm"), ("limit__isnull", True)),
                                    models.Q(models.Q(("judged", "alarm"), _negated=True), ("limit__gt", 0)),
                                    _connector="OR",
                                ),
                                name="ck_trendrule_limit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("judged", "count"), ("volume", "")),
                                    models.Q(("volume", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="ck_trendrule_volume",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("months__gte", 3), ("months__lte", 36)), name="ck_trendrule_months"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TrendAlarm",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("stamped_txid", models.BigIntegerField(default=0, editable=False)),
                        ("stamped_session_user", models.TextField(default="", editable=False)),
                        ("stamped_client", models.TextField(default="", editable=False)),
                        ("stamped_source", models.TextField(default="", editable=False)),
                        ("number", models.CharField(max_length=24, verbose_name="number")),
                        ("month", models.DateField(verbose_name="month")),
                        ("count", models.PositiveIntegerField(verbose_name="number counted")),
                        (
                            "volume",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="volume"
                            ),
                        ),
                        (
                            "rate",
                            models.DecimalField(
                                blank=True, decimal_places=6, max_digits=18, null=True, verbose_name="rate"
                            ),
                        ),
                        ("limit", models.DecimalField(decimal_places=6, max_digits=18, verbose_name="limit")),
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
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="trend_alarms",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="alarms",
                                to="qms_reporting.trendrule",
                                verbose_name="rule",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "trend alarm",
                        "verbose_name_plural": "trend alarms",
                        "ordering": ("-id",),
                        "constraints": [
                            models.UniqueConstraint(fields=("rule", "month"), name="uq_trendalarm_month"),
                            models.UniqueConstraint(fields=("site", "number"), name="uq_trendalarm_number"),
                            models.CheckConstraint(condition=models.Q(("month__day", 1)), name="ck_trendalarm_first"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReportDelivery",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("stamped_txid", models.BigIntegerField(default=0, editable=False)),
                        ("stamped_session_user", models.TextField(default="", editable=False)),
                        ("stamped_client", models.TextField(default="", editable=False)),
                        ("stamped_source", models.TextField(default="", editable=False)),
                        ("by_mail", models.BooleanField(default=False, verbose_name="by e-mail too")),
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
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="qms_reporting.reportrun",
                                verbose_name="report",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "delivery of a report",
                        "verbose_name_plural": "deliveries of reports",
                        "ordering": ("id",),
                        "constraints": [
                            models.UniqueConstraint(fields=("run", "person"), name="uq_reportdelivery_person")
                        ],
                    },
                ),
            ],
        ),
    ]
