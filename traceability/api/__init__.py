"""The API of what physically exists."""

from traceability.api import containers, holding, labels, stock

urlpatterns = [*stock.urlpatterns, *containers.urlpatterns, *holding.urlpatterns, *labels.urlpatterns]
