"""Reaches other servers for SERVICE and LOAD: only those that are listed, within limits of time and size."""

from kgtool.federation.chosen import services_of
from kgtool.federation.fetching import Fetched, fetch
from kgtool.federation.proxy import Proxy

__all__ = ["Fetched", "Proxy", "fetch", "services_of"]
