"""Pages of those who watch over the system."""

from core.oversight.views.exports import TrailExport, TrailExportList
from core.oversight.views.mail import MailTest
from core.oversight.views.reviews import (
    AccessReviewDecide,
    AccessReviewDetail,
    AccessReviewList,
    AccessReviewMove,
    AccessReviewOpen,
    AccessReviewTakeIn,
)
from core.oversight.views.trail import Trail

__all__ = [
    "AccessReviewDecide",
    "AccessReviewDetail",
    "AccessReviewList",
    "AccessReviewMove",
    "AccessReviewOpen",
    "AccessReviewTakeIn",
    "MailTest",
    "Trail",
    "TrailExport",
    "TrailExportList",
]
