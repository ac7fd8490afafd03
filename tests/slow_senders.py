"""`python -m tests.slow_senders HOST PORT [HOW_MANY …]`: half-sent requests, and what others notice of them.

Opens so many connections over TLS (10, 100, 1,000), sends half of a request's headers on one, half of a
form on the next, and meanwhile asks who is logged in, as open pages do: the median and the worst
time of 20 answers, before and during. Only against an address on this machine.
"""

import http.client
import socket
import ssl
import statistics
import sys
import time
from functools import cache

ANSWERS = 20
SENDER = "127.0.0.2"  # another address of this machine: limits hold for each
HALF_HEADERS = b"GET /accounts/login/ HTTP/1.1\r\nHost: board\r\nX-Half: "
HALF_FORM = b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4000\r\n\r\nusername=a"


@cache
def context() -> ssl.SSLContext:
    """The certificate of a trial on this machine is nobody's."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    return made


def half_sent(host: str, port: int, count: int) -> list[ssl.SSLSocket]:
    """Connections on which a request was begun."""
    opened = []
    for number in range(count):
        connection = context().wrap_socket(socket.create_connection((host, port), 10, (SENDER, 0)))
        connection.sendall(HALF_FORM if number % 2 else HALF_HEADERS)
        opened.append(connection)
    return opened


def answers(host: str, port: int) -> list[float]:
    """Milliseconds of so many answers, each on a connection of its own; raises what goes wrong."""
    taken = []
    for _ in range(ANSWERS):
        began = time.perf_counter()
        asked = http.client.HTTPSConnection(host, port, timeout=10, context=context())
        asked.request("GET", "/accounts/session/")
        response = asked.getresponse()
        response.read()
        if response.status != http.client.OK:
            raise RuntimeError(f"answered with {response.status}")
        taken.append((time.perf_counter() - began) * 1000)
        asked.close()
    return taken


def line(what: str, taken: list[float]) -> str:
    return f"{what}: median {statistics.median(taken):.0f} ms, worst {max(taken):.0f} ms\n"


def main(host: str, port: int, counts: list[int]) -> None:
    if not host.startswith("127.") and host not in ("localhost", "::1"):
        sys.exit("Only an address on this machine.")
    sys.stdout.write(line("nobody half-sent", answers(host, port)))
    for count in counts or [10, 100, 1_000]:
        opened = half_sent(host, port, count)
        sys.stdout.write(line(f"{count} half-sent", answers(host, port)))
        for connection in opened:
            connection.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), [int(one) for one in sys.argv[3:]])
