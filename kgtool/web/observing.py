"""What surrounds every request: its line in the access log, its count, and the limit of how many a client may send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

from flask import Flask, Response, current_app, request

from kgtool.config import Settings
from kgtool.web.access import is_token
from kgtool.web.access_log import CLIENT, REQUEST_ID
from kgtool.web.clients import Author, client_of, fingerprint, is_loopback
from kgtool.web.logs import LineLog
from kgtool.web.problems import HttpProblem
from kgtool.web.rate_limit import Buckets, Rate, retry_after
from kgtool.web.runtime import runtime_folder
from kgtool.web.slow_queries import SlowQueries

_EXTENSION: Final = "kgtool-observing"
#: Where the environment of a request says that it was counted towards its client's rate.
LIMITED: Final = "kgtool.limited"
#: Requests a second of a client, where the operator says nothing and it is not on this machine.
DEFAULT_RATE: Final = 50.0
#: Wrong tokens that a client may send.
WRONG_TOKENS: Final = Rate("tokens", 10 / 60, 10)
#: What watches over the service asks without limit.
_EXEMPT: Final = frozenset({"/health", "/ready", "/metrics"})
_REFUSED: Final = frozenset({401, 403})


@dataclass(frozen=True)
class Observing:
    """The logs and limits of an application.

    :param access: where the line of each request goes; ``log``: where the rest goes.
    :param rate: what a client may ask; None without a limit.
    """

    settings: Settings
    access: LineLog
    log: LineLog
    slow_queries: SlowQueries
    buckets: Buckets
    rate: Rate | None

    def limit(self, client: str) -> None:
        """Count a request of a client.

        :raises HttpProblem: 429 beyond its rate.
        """
        if self.rate is None or (self.settings.rate is None and is_loopback(client)):
            return
        wait = self.buckets.take(client, self.rate)
        if wait:
            raise _too_many(f"this client sends more than {self.rate.per_second:g} requests a second", wait)


def register(app: Flask, settings: Settings) -> Observing:
    """Put the logs and limits around an application, and give them."""
    access = LineLog(settings.access_log)
    service = LineLog("stderr") if access.off else access  # slow queries and errors are logged all the same
    per_second = DEFAULT_RATE if settings.rate is None else settings.rate
    made = app.extensions[_EXTENSION] = Observing(
        settings=settings,
        access=access,
        log=service,
        slow_queries=SlowQueries(service, settings.slow_query),
        buckets=Buckets(runtime_folder()),
        rate=Rate("requests", per_second, settings.rate_burst) if per_second else None,
    )
    app.before_request(_limit)
    app.after_request(_note_wrong_token)
    return made


def observing(app: Flask | None = None) -> Observing:
    """Give the logs and limits of an application: of that which answers the current request, by default."""
    return cast(Observing, (app or current_app).extensions[_EXTENSION])


def current_client() -> str:
    """Give the client of the current request."""
    known = request.environ.get(CLIENT)
    return known if isinstance(known, str) else client_of(request, observing().settings.trusted_proxies)


def current_request_id() -> str:
    """Give the id under which the current request stands in the access log."""
    return str(request.environ.get(REQUEST_ID, ""))


def current_author() -> Author:
    """Say who sends the current request, for the audit log."""
    return Author(current_client(), fingerprint(request.headers.get("Authorization")))


def _limit() -> None:
    """Refuse a request beyond its client's rate, and any with a token from a client that has guessed too often.

    :raises HttpProblem: 429.
    """
    here = observing()
    client = current_client()
    if _sent_token() is not None:
        wait = here.buckets.wait(client, WRONG_TOKENS)
        if wait:
            raise _too_many("this client sent too many wrong tokens", wait)
    if request.path not in _EXEMPT and LIMITED not in request.environ:
        here.limit(client)


def _too_many(what: str, wait: float) -> HttpProblem:
    return HttpProblem(429, what, hint="wait, then send fewer", headers={"Retry-After": retry_after(wait)})


def _note_wrong_token(response: Response) -> Response:
    """Count a wrong token towards its client's limit, where one was asked for."""
    if response.status_code in _REFUSED:
        here = observing()
        token = _sent_token()
        if token is not None and not is_token(token, here.settings.write_token, here.settings.metrics_token):
            here.buckets.charge(current_client(), WRONG_TOKENS)
    return response


def _sent_token() -> str | None:
    scheme, _, token = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
