# All the tables of this app as one step: core.kernel.schema.

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
        ("core_organization", "0001_initial"),
    ]

    operations = [
        core.kernel.schema.CreateModels(
            models=[
                migrations.CreateModel(
                    name="HistoricalImportMapping",
                    fields=[
                        ("history_txid", models.BigIntegerField(default=0, editable=False)),
                        ("history_session_user", models.TextField(default="", editable=False)),
                        ("history_client", models.TextField(default="", editable=False)),
                        ("history_source", models.TextField(default="", editable=False)),
                        ("history_stamped_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
                        ("id", models.BigIntegerField(blank=True, db_index=True)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        ("history_change_reason", models.TextField(blank=True, default="")),
                        ("kind", models.CharField(max_length=40, verbose_name="kind")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("columns", models.JSONField(default=list, verbose_name="columns of the file")),
                        ("columns_key", models.CharField(max_length=64, verbose_name="digest of the columns")),
                        ("mapping", models.JSONField(default=dict, verbose_name="mapping")),
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
                        "verbose_name": "historical remembered mapping",
                        "verbose_name_plural": "historical remembered mappings",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "default_permissions": (),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ImportMapping",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("row_version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "site",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("kind", models.CharField(max_length=40, verbose_name="kind")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("columns", models.JSONField(default=list, verbose_name="columns of the file")),
                        ("columns_key", models.CharField(max_length=64, verbose_name="digest of the columns")),
                        ("mapping", models.JSONField(default=dict, verbose_name="mapping")),
                    ],
                    options={
                        "verbose_name": "remembered mapping",
                        "verbose_name_plural": "remembered mappings",
                        "ordering": ("kind", "name"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("kind", "site", "columns_key"),
                                name="uq_importmapping_columns",
                                nulls_distinct=False,
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportApproval",
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
                            "site",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("kind", models.CharField(max_length=40, verbose_name="kind")),
                        ("file_name", models.CharField(max_length=200, verbose_name="file")),
                        ("file_sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the file")),
                        ("mapping", models.JSONField(default=dict, verbose_name="mapping")),
                        ("rows", models.PositiveIntegerField(verbose_name="rows")),
                        ("created", models.PositiveIntegerField(verbose_name="created")),
                        ("changed", models.PositiveIntegerField(verbose_name="changed")),
                        ("unchanged", models.PositiveIntegerField(verbose_name="unchanged")),
                        ("skipped", models.PositiveIntegerField(verbose_name="skipped")),
                    ],
                    options={
                        "verbose_name": "approval of an import",
                        "verbose_name_plural": "approvals of imports",
                        "ordering": ("-id",),
                    },
                ),
                migrations.CreateModel(
                    name="ImportBatch",
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
                            "site",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("kind", models.CharField(db_index=True, max_length=40, verbose_name="kind")),
                        ("file_name", models.CharField(max_length=200, verbose_name="file")),
                        ("file_sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the file")),
                        ("mapping", models.JSONField(default=dict, verbose_name="mapping")),
                        ("rows", models.PositiveIntegerField(verbose_name="rows")),
                        ("created", models.PositiveIntegerField(verbose_name="created")),
                        ("changed", models.PositiveIntegerField(verbose_name="changed")),
                        ("unchanged", models.PositiveIntegerField(verbose_name="unchanged")),
                        ("skipped", models.PositiveIntegerField(verbose_name="skipped")),
                        ("writes", models.JSONField(default=list, verbose_name="what was written")),
                        (
                            "approval",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="batch",
                                to="integrations.importapproval",
                                verbose_name="approval",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "import",
                        "verbose_name_plural": "imports",
                        "ordering": ("-id",),
                    },
                ),
                migrations.CreateModel(
                    name="ImportUndo",
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
                            "batch",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="undo",
                                to="integrations.importbatch",
                                verbose_name="import",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="reason")),
                        ("removed", models.PositiveIntegerField(verbose_name="removed")),
                        ("set_back", models.PositiveIntegerField(verbose_name="set back")),
                        ("reversed", models.PositiveIntegerField(verbose_name="bookings reversed")),
                    ],
                    options={
                        "verbose_name": "undone import",
                        "verbose_name_plural": "undone imports",
                        "ordering": ("-id",),
                    },
                ),
                migrations.CreateModel(
                    name="EpcisCapture",
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
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("source", models.CharField(blank=True, max_length=200, verbose_name="told by")),
                        ("file_name", models.CharField(blank=True, max_length=200, verbose_name="file")),
                        ("media_type", models.CharField(max_length=40, verbose_name="form")),
                        ("file_sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the document")),
                        ("new_events", models.PositiveIntegerField(verbose_name="new events")),
                        ("known_events", models.PositiveIntegerField(verbose_name="events known before")),
                    ],
                    options={
                        "verbose_name": "capture of EPCIS events",
                        "verbose_name_plural": "captures of EPCIS events",
                        "ordering": ("-id",),
                        "indexes": [models.Index(fields=["site", "file_sha256"], name="ix_epciscapture_file")],
                    },
                ),
                migrations.CreateModel(
                    name="EpcisEvent",
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
                            "capture",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="integrations.epciscapture",
                                verbose_name="capture",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="core_organization.site",
                                verbose_name="site",
                            ),
                        ),
                        ("event_type", models.CharField(max_length=24, verbose_name="kind")),
                        ("event_id", models.CharField(blank=True, max_length=1000, verbose_name="event id")),
                        ("digest", models.CharField(max_length=64, verbose_name="digest")),
                        ("event_time", models.DateTimeField(verbose_name="happened")),
                        ("action", models.CharField(blank=True, max_length=8, verbose_name="action")),
                        ("biz_step", models.CharField(blank=True, max_length=1000, verbose_name="business step")),
                        ("disposition", models.CharField(blank=True, max_length=1000, verbose_name="disposition")),
                        ("read_point", models.CharField(blank=True, max_length=1000, verbose_name="read point")),
                        (
                            "biz_location",
                            models.CharField(blank=True, max_length=1000, verbose_name="business location"),
                        ),
                        ("declares_error", models.BooleanField(default=False, verbose_name="declares an error")),
                        ("content", models.TextField(verbose_name="content")),
                    ],
                    options={
                        "verbose_name": "EPCIS event",
                        "verbose_name_plural": "EPCIS events",
                        "ordering": ("-event_time", "-id"),
                        "indexes": [
                            models.Index(fields=["site", "event_time"], name="ix_epcisevent_time"),
                            models.Index(fields=["site", "event_id"], name="ix_epcisevent_event_id"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "digest"), name="uq_epcisevent_site_digest")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EpcisThing",
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
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="things",
                                to="integrations.epcisevent",
                                verbose_name="event",
                            ),
                        ),
                        ("role", models.CharField(max_length=8, verbose_name="role")),
                        (
                            "is_class",
                            models.BooleanField(
                                help_text="A lot or a kind of goods, no single thing.", verbose_name="a class of things"
                            ),
                        ),
                        ("uri", models.CharField(max_length=1000, verbose_name="address")),
                        ("gtin", models.CharField(blank=True, max_length=14, verbose_name="GTIN")),
                        ("lot_number", models.CharField(blank=True, max_length=60, verbose_name="lot number")),
                        ("serial", models.CharField(blank=True, max_length=60, verbose_name="serial number")),
                        (
                            "quantity",
                            models.DecimalField(decimal_places=15, max_digits=30, null=True, verbose_name="quantity"),
                        ),
                        ("uom", models.CharField(blank=True, max_length=3, verbose_name="unit of measure")),
                    ],
                    options={
                        "verbose_name": "thing of an EPCIS event",
                        "verbose_name_plural": "things of EPCIS events",
                        "ordering": ("id",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("gtin", ""), _negated=True),
                                fields=["gtin", "lot_number"],
                                name="ix_epcisthing_lot",
                            ),
                            models.Index(
                                condition=models.Q(("gtin", ""), _negated=True),
                                fields=["gtin", "serial"],
                                name="ix_epcisthing_serial",
                            ),
                            models.Index(fields=["uri"], name="ix_epcisthing_uri"),
                        ],
                    },
                ),
            ],
        ),
    ]
