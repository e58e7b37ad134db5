"""The API's kit: a second door to what the pages do. Apps' `api.py` imports from here.

An operation is made from a page: the same rights, the same form, the same one service call; JSON in, JSON out, refusals
as problem+json with their blockers.
"""

from core.web.api.base import ApiView
from core.web.api.routes import deed, download, moves, reading, records
from core.web.api.shapes import FactShape, Shape, ValueShape
from core.web.api.views import Reading

__all__ = ["ApiView", "FactShape", "Reading", "Shape", "ValueShape", "deed", "download", "moves", "reading", "records"]
