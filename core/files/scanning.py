"""The virus scanner that an installation names: a clamd by its socket, or a command. Asked before anything is kept.

clamd is spoken to directly (INSTREAM): the bytes go over its socket, so it may run as another user or on another host
and needs no right to read our files.
"""

from __future__ import annotations

import re
import shlex
import socket
import struct
import subprocess
from typing import BinaryIO

from django.conf import settings

from core.files.blobs import BLOCK

SECONDS = 60.0
"""The longest that clamd, or a command, may be silent about one file."""
MOST_OF_REPLY = 4096
_FOUND = re.compile(r"stream: (?P<name>.+) FOUND")


class Infected(Exception):
    """The scanner found something; the message is its name for it."""


class NotScanned(Exception):
    """The file could not be checked; the message says why, for the log."""


def scan(file: BinaryIO) -> None:
    """Have a file checked, where a scanner is named, and leave it at its beginning.

    Raises `Infected` or `NotScanned`.
    """
    kind, _colon, where = settings.TRUELINE_SCANNER.partition(":")
    if not kind:
        return
    file.seek(0)
    try:
        if kind == "clamd":
            _by_clamd(file, where)
        else:
            _by_command(file, where)
    finally:
        file.seek(0)


def answers() -> bool:
    """Whether the named clamd answers (the doctor asks); a command is only known by a file."""
    kind, _colon, where = settings.TRUELINE_SCANNER.partition(":")
    if kind != "clamd":
        return True
    try:
        with _connected(where) as line:
            line.sendall(b"zPING\0")
            return _reply(line) == "PONG"
    except OSError:
        return False


def _connected(where: str) -> socket.socket:
    """A connection to the Unix socket of this path, or to `host:port`."""
    if where.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(SECONDS)
        try:
            line.connect(where)
        except OSError:
            line.close()
            raise
        return line
    host, _colon, port = where.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=SECONDS)


def _by_clamd(file: BinaryIO, where: str) -> None:
    try:
        with _connected(where) as line:
            try:
                line.sendall(b"zINSTREAM\0")
                while chunk := file.read(BLOCK):
                    line.sendall(struct.pack("!I", len(chunk)) + chunk)
                line.sendall(struct.pack("!I", 0))
            except (BrokenPipeError, ConnectionResetError):
                pass  # It ends the stream at its own limit, and its reply says so.
            reply = _reply(line)
    except (OSError, ValueError) as error:
        raise NotScanned(f"clamd at {where}: {error}") from error
    if found := _FOUND.fullmatch(reply):
        raise Infected(found["name"])
    if reply != "stream: OK":
        raise NotScanned(f"clamd at {where} says: {reply or 'nothing'}")


def _reply(line: socket.socket) -> str:
    """What clamd says, up to the NUL that ends it."""
    said = b""
    while not said.endswith(b"\0") and len(said) < MOST_OF_REPLY:
        part = line.recv(MOST_OF_REPLY)
        if not part:
            break
        said += part
    return said.rstrip(b"\0").decode(errors="replace").strip()


def _by_command(file: BinaryIO, command: str) -> None:
    """The bytes on its standard input; 0 is clean, 1 is infected (as with clamscan), anything else is no answer."""
    try:
        with subprocess.Popen(
            shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as running:
            try:
                said, _nothing = running.communicate(file.read(), timeout=SECONDS)
            except subprocess.TimeoutExpired:
                running.kill()
                raise
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise NotScanned(f"{command}: {error}") from error
    last = said.decode(errors="replace").strip().rpartition("\n")[2][:200]
    if running.returncode == 1:
        raise Infected(last or command)
    if running.returncode != 0:
        raise NotScanned(f"{command} ended with {running.returncode}: {last}")
