"""What a command may reach by SERVICE and LOAD: hosts of ``KGTOOL_FEDERATION``, through a proxy for the one call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kgtool.config import settings_from
from kgtool.federation import Proxy, services_of
from kgtool.store.ambiguity import reaches_out
from kgtool.store.services import Services


@contextmanager
def federated(text: str) -> Iterator[Services | None]:
    """Give what a SPARQL text may reach; a proxy runs only for one that has the word SERVICE.

    :raises InputError: if ``KGTOOL_FEDERATION`` lists what is no host.
    """
    services = services_of(settings_from()) if reaches_out(text, "service", "load") else None
    if services is None or not reaches_out(text, "service"):
        yield services
        return
    with Proxy(services) as proxy:
        yield proxy.services
