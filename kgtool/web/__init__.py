"""The HTTP service: SPARQL protocol, linked data, pages; see :mod:`kgtool.web.app`."""
