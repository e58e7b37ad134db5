"""Every “may not, because” of CAPAs."""

from qms.capa.guards import across, actions, ending, planning, records

__all__ = ["across", "actions", "ending", "planning", "records"]
