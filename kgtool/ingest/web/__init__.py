"""Asks registries and services over HTTP as a guest does: who asks is named, one request at a time, in no haste.

``connecting`` decides which addresses may be reached, ``timing`` how long an answer may take, ``client`` asks for one
page and tries again, ``keeping`` has the pages on disk, ``paging`` goes from page to page. urllib3 carries the
requests. Its own retries and requests-cache are not used: the one does not retry a body that breaks off nor bound what
Retry-After may ask, the other reads a body of any size before it is asked, and knows pages that are old, not harvests
that were interrupted.
"""

from kgtool.ingest.web.asking import Request, Secrets
from kgtool.ingest.web.client import REDIRECTS, Answer, Client
from kgtool.ingest.web.keeping import Shelf
from kgtool.ingest.web.manners import Clock, Manners, user_agent
from kgtool.ingest.web.paging import Following, Page, harvest

__all__ = [
    "REDIRECTS",
    "Answer",
    "Client",
    "Clock",
    "Following",
    "Manners",
    "Page",
    "Request",
    "Secrets",
    "Shelf",
    "harvest",
    "user_agent",
]
