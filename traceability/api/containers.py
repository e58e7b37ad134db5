"""The API of containers."""

from __future__ import annotations

from typing import Any

from core.web.api import Reading, deed, moves, reading, records
from traceability.models import CompanyPrefix, ContainerEntry
from traceability.queries import entries_of, packed_in
from traceability.serializers import ContainerEntryShape, PackedShape
from traceability.views import containers


class ContainerContents(Reading):
    """What is in a container, at any depth, in the order of the tree."""

    page, shape = containers.ContainerDetail, PackedShape

    def read(self, page: Any) -> list[Any]:
        return packed_in(page.record)


class ContainerEntries(Reading):
    """What was put into a container and taken out of it, the newest rows the page shows."""

    page, shape = containers.ContainerDetail, ContainerEntryShape

    def read(self, page: Any) -> list[Any]:
        return list(entries_of(page.record)[: containers.ROWS_SHOWN])


urlpatterns = [
    *records(
        "containers",
        name="container",
        list=containers.ContainerList,
        create=containers.ContainerCreate,
        detail=containers.ContainerDetail,
    ),
    *moves("containers/<int:pk>/", containers.ContainerMove, name="container"),
    reading("containers/<int:pk>/contents/", ContainerContents, name="container_contents"),
    reading("containers/<int:pk>/entries/", ContainerEntries, name="container_entries"),
    deed(
        "containers/<int:pk>/pack/", containers.ContainerPack, name="container_pack", returns=ContainerEntry, status=201
    ),
    deed(
        "containers/<int:pk>/unpack/",
        containers.ContainerUnpack,
        name="container_unpack",
        returns=ContainerEntry,
        status=201,
    ),
    deed("containers/<int:pk>/lift/", containers.ContainerLift, name="container_lift"),
    deed("containers/<int:pk>/transfer/", containers.ContainerTransfer, name="container_transfer"),
    deed("containers/<int:pk>/take-back/", containers.ContainerReturn, name="container_return"),
    deed("company-prefixes/", containers.PrefixCreate, name="companyprefix_create", returns=CompanyPrefix, status=201),
    deed("shipments/<int:pk>/add-container/", containers.ShipmentContainerCreate, name="shipment_add_container"),
    deed("shipments/<int:pk>/remove-container/", containers.ShipmentContainerRemove, name="shipment_remove_container"),
]
