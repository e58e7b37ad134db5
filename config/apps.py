"""Our apps, bottom storey first. The order is the law: an app may import only from apps before it."""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent

STOREYS: dict[str, tuple[str, ...]] = {
    "core": (
        "core.kernel",
        "core.web",
        "core.organization",
        "core.trail",
        "core.signing",
        "core.lifecycle",
        "core.files",
        "core.jobs",
        "core.printing",
        "core.worklist",
        "core.retention",
        "core.oversight",
    ),
    "traceability": ("traceability",),
    "qms": (
        "qms.documents",
        "qms.risk",
        "qms.training",
        "qms.changes",
        "qms.capa",
        "qms.nonconformance",
        "qms.complaints",
        "qms.calibration",
        "qms.reporting",
    ),
    "mes": ("mes.instructions", "mes.routing", "mes.execution", "mes.production_record"),
    "integrations": ("integrations",),
}


OUR_APPS: tuple[str, ...] = tuple(app for apps in STOREYS.values() for app in apps)

WITHOUT_PAGES = frozenset({"core.kernel", "core.signing", "core.lifecycle"})
"""They are shown on the pages of others: every record's timeline, signatures and moves."""

WITH_API = (
    "core.organization",
    "core.trail",
    "core.files",
    "core.jobs",
    "core.printing",
    "core.worklist",
    "core.retention",
    "core.oversight",
    "traceability",
    "qms.documents",
    "qms.risk",
    "qms.training",
    "qms.changes",
    "qms.capa",
    "qms.nonconformance",
    "qms.complaints",
    "qms.calibration",
    "qms.reporting",
    "mes.instructions",
    "mes.routing",
    "mes.execution",
    "mes.production_record",
    "integrations",
)
"""They have operations at `/api/v1/<storey>/<app>/`."""
