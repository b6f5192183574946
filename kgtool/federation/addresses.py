"""From a host to the addresses that may be connected to: resolved once, each looked at, none of a private network."""

from __future__ import annotations

import ipaddress
import socket
import threading

from kgtool.errors import QueryError, RemoteError
from kgtool.store.hosts import Address, AllowedHosts, Target, address_of, is_public


def addresses_of(target: Target, hosts: AllowedHosts, timeout: float) -> list[Address]:
    """Resolve the host of a target that is allowed, and check each address.

    :param timeout: seconds.
    :raises QueryError: if one of them is private, and not listed itself.
    :raises RemoteError: if the name is not known, or that takes too long.
    """
    literal = address_of(target.host)
    found = [literal] if literal is not None else _resolved(target, timeout)
    for address in found:
        if not is_public(address) and not hosts.names_address(address, target.port):
            raise QueryError(
                f"the host {target.place} leads to {address}, which is no public address",
                hint="KGTOOL_FEDERATION must list that address too",
            )
    return found


def _resolved(target: Target, timeout: float) -> list[Address]:
    """Ask the system's resolver, which has no time limit of its own."""
    answers: list[Address] = []
    errors: list[Exception] = []

    def ask() -> None:
        try:
            for *_, place in socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM):
                answers.append(ipaddress.ip_address(str(place[0])))
        except (OSError, ValueError) as error:
            errors.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(timeout)
    if asking.is_alive():
        raise RemoteError(f"the host {target.place} was not found within the time allowed", hint="try again later")
    if errors or not answers:
        raise RemoteError(f"the host {target.place} was not found", hint="check its name")
    return list(dict.fromkeys(answers))
