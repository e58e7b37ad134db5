"""Pages of those who watch over the system."""

from core.oversight.views.exports import TrailExport, TrailExportList
from core.oversight.views.trail import Trail

__all__ = ["Trail", "TrailExport", "TrailExportList"]
