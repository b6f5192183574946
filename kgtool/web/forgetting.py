"""``/forget``: a person is removed, as ``kgtool forget`` does it beside no server.

Who that is comes in the body, so that no log of addresses names the person.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from kgtool.transactions.forgetting.forget import Forgetting
from kgtool.web import access, bodies, pages
from kgtool.web.jobs import ForgetJob
from kgtool.web.names import follow
from kgtool.web.parameters import FORM_TYPE, Parameters
from kgtool.web.problems import HttpProblem
from kgtool.web.source import here

blueprint = Blueprint("forgetting", __name__)
_MOST = 64 * 1024


@blueprint.post("/forget")
def forget() -> Response:
    """Forget the people whose IRIs the form gives (``iri``, more than once if need be).

    The graph is without them when this answers; the store's files are written anew at once afterwards.
    """
    access.require_write(request, here().settings)
    if request.query_string:
        raise HttpProblem(400, "the address says who is to be forgotten", hint="send the form in the body of a POST")
    if request.mimetype != FORM_TYPE:
        raise HttpProblem(415, f"the body is {request.mimetype or 'of no type'}", hint=f"send {FORM_TYPE}")
    form = Parameters.of_request(request, form=bodies.read(request, _MOST))
    iris = form.all("iri")
    if not iris:
        raise HttpProblem(400, "the form names nobody", hint="give iri=…")
    texts = form.choice("texts", ("on", "off"), "off") == "on"
    report = here().perform(ForgetJob(Forgetting(iris, form.one("why") or "", texts, pages=here().settings.cache)))
    follow(here())
    return pages.json_answer(report, str(report["commit"]))
