"""Attacks that want to talk to somebody."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from escapes import fails_to_escape, trying
from hostile import Arena, Attack

EVERY_FAMILY = """
made = []
for family in range(64):
    for kind in (1, 2, 3, 4, 5, 10):
        try: made.append(socket.socket(family, kind))
        except OSError: pass
if not made: raise OSError
"""
WAYS = [
    trying("every kind of socket", EVERY_FAMILY),
    trying("TCP", "socket.create_connection(('127.0.0.1', <port>), 1)"),
    trying("TCP, IPv6", "socket.socket(socket.AF_INET6).connect(('::1', <port>))"),
    trying("UDP", "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', <port>))"),
    trying("raw packets", "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)"),
    trying("netlink", "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)"),
    trying("local socket", "socket.socket(socket.AF_UNIX).connect('<outside>/listener')"),
    trying("abstract socket", "socket.socket(socket.AF_UNIX).connect('\\0attack')"),
    trying("datagram pair", "socket.socketpair(type=socket.SOCK_DGRAM)[0].sendto(b'x', '<outside>/listener')"),
    trying("address on a pair", "socket.socketpair()[0].sendto(b'x', '<outside>/listener')"),
    trying("passing a descriptor", "socket.send_fds(socket.socketpair()[0], [b'x'], [3])"),
    trying("passing through the wire", "socket.send_fds(socket.socket(fileno=os.dup(3)), [b'x'], [0])"),
    trying("listening", "socket.create_server(('127.0.0.1', 0))"),
    trying("binding", "socket.socketpair()[0].bind('here')"),
    trying("connecting the wire", "socket.socket(fileno=os.dup(3)).connect('<outside>/listener')"),
    trying("names", "socket.getaddrinfo('localhost.example', 80)"),
    trying("web page", "import urllib.request as u\nu.urlopen('http://127.0.0.1:<port>', timeout=1)"),
    trying("named pipe", "os.mkfifo('<outside>/pipe')"),
    trying("asyncio", "import asyncio\nasyncio.run(asyncio.open_connection('127.0.0.1', <port>))"),
    trying("sockets in C", "native(libc.socket(2, 1, 0))"),
    trying("socket through io_uring", "native(libc.syscall(426, 3, 1, 1, 0, None))"),
]


@pytest.fixture(scope="module")
def visits(arena: Arena) -> Iterator[dict[int, list[str]]]:
    """Port of a listener -> who came. A local socket and an abstract one listen too."""
    came: list[str] = []
    servers = [socket.create_server(("127.0.0.1", 0)), *(socket.socket(socket.AF_UNIX) for _ in range(2))]
    place = Path(arena.outside, "listener")
    servers[1].bind(str(place))
    servers[2].bind("\0attack")
    place.chmod(0o777)

    def listen(server: socket.socket) -> None:
        server.listen()
        try:
            server.accept()[0].close()
            came.append(repr(server))
        except OSError:
            pass  # closed: nobody came

    threads = [threading.Thread(target=listen, args=(server,)) for server in servers]
    for thread in threads:
        thread.start()
    yield {servers[0].getsockname()[1]: came}
    for server, thread in zip(servers, threads, strict=True):
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()
    place.unlink()


@pytest.mark.parametrize("attack", WAYS, ids=lambda attack: attack.name)
def test_network(arena: Arena, visits: dict[int, list[str]], attack: Attack) -> None:
    """Can a student reach a listener on this machine, or anybody at all?"""
    ((port, came),) = visits.items()
    placed = attack.before.replace("<port>", str(port))
    fails_to_escape(arena, Attack(attack.name, before=placed, answers=attack.answers))
    assert not came
