"""What the settings let SERVICE and LOAD reach."""

from __future__ import annotations

from kgtool.config import Settings
from kgtool.store.hosts import AllowedHosts
from kgtool.store.services import Services


def services_of(settings: Settings) -> Services | None:
    """Give hosts and limits, without a proxy yet; None if no host is listed.

    :raises InputError: if ``KGTOOL_FEDERATION`` lists what is no host.
    """
    if not settings.federation:
        return None
    hosts = AllowedHosts.of(settings.federation)
    return Services(hosts, timeout=settings.federation_timeout, max_bytes=settings.federation_max * 2**20)
