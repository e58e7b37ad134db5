"""Bytes to a label printer over TCP, and to nothing else.

Whoever may set up a printer names an address to which this system opens connections. So only addresses inside
TRUELINE_PRINTER_NETWORKS (private networks) at TRUELINE_PRINTER_PORTS are connected to; a name is resolved once, and
the connection goes to the very address that was judged.
"""

from __future__ import annotations

import socket
from ipaddress import ip_address

from django.conf import settings
from django.utils.translation import gettext as _

ANSWER_SECONDS = 1.0
"""How long a printer that took everything is given to say that it did not: most say nothing."""


class NotReached(Exception):
    """The printer got nothing: in words, why. Trying again prints nothing twice."""


class BrokenOff(Exception):
    """The connection broke while it was sent: some of it may have been printed."""


def against_address(address: str, port: int) -> str:
    """Why nothing is sent there, in words; empty where it may be. A name is judged when it is resolved."""
    if port not in settings.TRUELINE_PRINTER_PORTS:
        ports = ", ".join(str(one) for one in sorted(settings.TRUELINE_PRINTER_PORTS))
        return _("Printers listen at one of the ports %(ports)s.") % {"ports": ports}
    try:
        known = ip_address(address)
    except ValueError:
        return ""
    if any(known in network for network in settings.TRUELINE_PRINTER_NETWORKS):
        return ""
    return _("%(address)s lies outside the networks in which this installation has printers.") % {"address": address}


def _resolved(address: str, port: int) -> tuple[socket.AddressFamily, str]:
    """The one address to connect to."""
    problem = against_address(address, port)
    if problem:
        raise NotReached(problem)
    try:
        found = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotReached(_("There is no printer called %(address)s.") % {"address": address}) from None
    family, _kind, _protocol, _name, place = found[0]
    problem = against_address(str(place[0]), port)
    if problem:
        raise NotReached(problem)
    return family, str(place[0])


def send(address: str, port: int, document: bytes) -> None:
    """Send all of it. Raises `NotReached` where nothing got there, `BrokenOff` where some may have."""
    family, place = _resolved(address, port)
    seconds = settings.TRUELINE_PRINTER_TIMEOUT
    words = {"address": address, "port": port}
    with socket.socket(family, socket.SOCK_STREAM) as connection:
        connection.settimeout(seconds)
        try:
            connection.connect((place, port))
        except TimeoutError:
            said = _("The printer at %(address)s:%(port)s did not answer within %(seconds)s seconds.")
            raise NotReached(said % {**words, "seconds": f"{seconds:g}"}) from None
        except OSError:
            raise NotReached(_("The printer at %(address)s:%(port)s is off or not connected.") % words) from None
        try:
            connection.sendall(document)
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(min(seconds, ANSWER_SECONDS))
            connection.recv(1)
        except TimeoutError as late:
            if connection.gettimeout() != min(seconds, ANSWER_SECONDS):
                raise BrokenOff(_("The printer at %(address)s:%(port)s stopped taking data.") % words) from late
        except OSError as error:
            raise BrokenOff(_("The connection to the printer at %(address)s:%(port)s broke off.") % words) from error
