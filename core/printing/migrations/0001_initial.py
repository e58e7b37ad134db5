# All the tables of this app as one step: core.kernel.schema.

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import core.kernel.clock
import core.kernel.deeds
import core.kernel.schema
import core.printing.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("core_jobs", "0001_initial"),
        ("core_organization", "0001_initial"),
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="PrintedRecord",
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
                        ("kind", models.SlugField(max_length=60, verbose_name="kind")),
                        ("kind_label", models.CharField(max_length=120, verbose_name="kind of record")),
                        ("edition", models.PositiveIntegerField(verbose_name="edition")),
                        ("number", models.CharField(db_index=True, max_length=80, verbose_name="number")),
                        ("title", models.CharField(blank=True, max_length=300, verbose_name="title")),
                        ("state", models.CharField(blank=True, max_length=80, verbose_name="state when printed")),
                        ("token", models.CharField(default=core.printing.models.new_token, max_length=20, unique=True)),
                        ("sha256", models.CharField(max_length=64, unique=True, verbose_name="SHA-256 of the file")),
                        ("size", models.BigIntegerField(verbose_name="size")),
                        ("pages", models.PositiveIntegerField(verbose_name="pages")),
                        ("content_sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the data")),
                        ("sealed_at", models.DateTimeField(verbose_name="sealed at")),
                        ("certificate_fingerprint", models.CharField(max_length=64, verbose_name="certificate")),
                        (
                            "job",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_jobs.backgroundjob",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "printed record",
                        "verbose_name_plural": "printed records",
                        "ordering": ("-id",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("subject_type", "subject_id", "kind", "content_sha256"),
                                name="uq_printedrecord_content",
                            ),
                            models.UniqueConstraint(
                                fields=("subject_type", "subject_id", "kind", "edition"),
                                name="uq_printedrecord_edition",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="ck_printedrecord_sha256"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalPrinter",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("code", models.CharField(max_length=24, verbose_name="code")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "address",
                            models.CharField(
                                help_text="IP address or host name", max_length=253, verbose_name="address"
                            ),
                        ),
                        ("port", models.PositiveIntegerField(default=9100, verbose_name="port")),
                        (
                            "dpmm",
                            models.PositiveSmallIntegerField(
                                choices=[(8, "8"), (12, "12"), (24, "24")],
                                default=8,
                                verbose_name="dots in a millimetre",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
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
                        "verbose_name": "historical printer",
                        "verbose_name_plural": "historical printers",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Printer",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="printers",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("code", models.CharField(max_length=24, verbose_name="code")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "address",
                            models.CharField(
                                help_text="IP address or host name", max_length=253, verbose_name="address"
                            ),
                        ),
                        ("port", models.PositiveIntegerField(default=9100, verbose_name="port")),
                        (
                            "dpmm",
                            models.PositiveSmallIntegerField(
                                choices=[(8, "8"), (12, "12"), (24, "24")],
                                default=8,
                                verbose_name="dots in a millimetre",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                    ],
                    options={
                        "verbose_name": "printer",
                        "verbose_name_plural": "printers",
                        "ordering": ("code",),
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "code"), name="uq_printer_site_code"),
                            models.CheckConstraint(
                                condition=models.Q(("port__gte", 1), ("port__lte", 65535)), name="ck_printer_port"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalPrinterDefault",
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
                        (
                            "terminal",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_organization.terminal",
                                verbose_name="terminal",
                            ),
                        ),
                        (
                            "printer",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_printing.printer",
                                verbose_name="printer",
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
                        "verbose_name": "historical use of a printer",
                        "verbose_name_plural": "historical uses of printers",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="PrinterDefault",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
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
                            "work_center",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="default_printer",
                                to="core_organization.workcenter",
                                verbose_name="work center",
                            ),
                        ),
                        (
                            "terminal",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="default_printer",
                                to="core_organization.terminal",
                                verbose_name="terminal",
                            ),
                        ),
                        (
                            "printer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="default_of",
                                to="core_printing.printer",
                                verbose_name="printer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "use of a printer",
                        "verbose_name_plural": "uses of printers",
                        "ordering": ("id",),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("terminal__isnull", True), ("work_center__isnull", True)),
                                fields=("site",),
                                name="uq_printerdefault_site",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("work_center__isnull", True), ("terminal__isnull", True), _connector="OR"
                                ),
                                name="ck_printerdefault_place",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalPrintJob",
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
                        ("title", models.CharField(max_length=300, verbose_name="title")),
                        ("labels", models.PositiveIntegerField(verbose_name="labels")),
                        ("media_type", models.CharField(max_length=60, verbose_name="kind of file")),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the file")),
                        ("size", models.BigIntegerField(verbose_name="size")),
                        ("asked_at", models.DateTimeField(verbose_name="asked for at")),
                        ("problem", models.TextField(blank=True, default="", verbose_name="what went wrong")),
                        ("may_have_printed", models.BooleanField(default=False, verbose_name="may have been printed")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("queued", "Waiting"),
                                    ("sending", "Being sent"),
                                    ("sent", "Sent"),
                                    ("confirmed", "Confirmed"),
                                    ("failed", "Failed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                db_index=True,
                                default="queued",
                                editable=False,
                                max_length=24,
                            ),
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
                            "printer",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="core_printing.printer",
                                verbose_name="printer",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked for by",
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
                        "verbose_name": "historical print job",
                        "verbose_name_plural": "historical print jobs",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="PrintJob",
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
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        (
                            "printer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="jobs",
                                to="core_printing.printer",
                                verbose_name="printer",
                            ),
                        ),
                        ("title", models.CharField(max_length=300, verbose_name="title")),
                        ("labels", models.PositiveIntegerField(verbose_name="labels")),
                        ("media_type", models.CharField(max_length=60, verbose_name="kind of file")),
                        ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the file")),
                        ("size", models.BigIntegerField(verbose_name="size")),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked for by",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="asked for at")),
                        ("problem", models.TextField(blank=True, default="", verbose_name="what went wrong")),
                        ("may_have_printed", models.BooleanField(default=False, verbose_name="may have been printed")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("queued", "Waiting"),
                                    ("sending", "Being sent"),
                                    ("sent", "Sent"),
                                    ("confirmed", "Confirmed"),
                                    ("failed", "Failed"),
                                    ("cancelled", "Cancelled"),
                                ],
                                db_index=True,
                                default="queued",
                                editable=False,
                                max_length=24,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "print job",
                        "verbose_name_plural": "print jobs",
                        "ordering": ("-id",),
                        "indexes": [models.Index(fields=["subject_type", "subject_id"], name="ix_printjob_subject")],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("labels__gte", 1)), name="ck_printjob_labels"),
                            models.CheckConstraint(
                                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="ck_printjob_sha256"
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
