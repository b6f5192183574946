"""Links of a graph: the part of :class:`kgtool.graph.KnowledgeGraph` that links its things with registries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from kgtool.committing import CommittingGraph
from kgtool.link.entities.reviewed import ReviewedLink
from kgtool.link.entities.reviews import ACCEPTED, same_as
from kgtool.link.entities.rules import rules
from kgtool.link.entities.sssom import write_sssom
from kgtool.link.people import Person
from kgtool.transactions import linking
from kgtool.transactions.linking import Linked
from kgtool.transactions.progress import Progress
from kgtool.transactions.reports import Stopwatch, UpdateReport
from kgtool.vocabulary import ID_BASE


class LinkingGraph(CommittingGraph):
    """A graph whose things may be linked."""

    def link(
        self,
        *,
        against: Sequence[str] = (),
        among: bool = False,
        base: str = ID_BASE,
        day: date | None = None,
        write: bool = True,
        progress: Progress | None = None,
    ) -> Linked:
        """Link the graph's things with those of registries; the links take the place of earlier ones.

        :param against: graphs whose things are those to link with; none for all that were imported.
        :param among: whether things of one registry are linked with those of another too.
        :param base: what the IRIs of imported things begin with, before the name of their registry.
        :param day: the date of the links; None for that of the last load.
        :param write: False to find links only.
        :raises MissingError: if a graph is not there.
        :raises InputError: if there is nothing to link with.
        """
        place = (self._store, self._state, base)
        found, change = linking.link(*place, against=against, among=among, day=day, progress=progress)
        if write:
            self._changed(change, Stopwatch(), progress=progress)
        return found

    def review(
        self,
        link: str,
        decision: str,
        *,
        by: str,
        why: str = "",
        base: str = ID_BASE,
        now: datetime | None = None,
        progress: Progress | None = None,
    ) -> UpdateReport:
        """Accept or reject a link, or withdraw the last decision; kept with who, when and why.

        :param link: its name.
        :param decision: ``accepted``, ``rejected`` or ``withdrawn``.
        :raises InputError: if the review does not say what it has to.
        :raises MissingError: if there is no such link.
        :raises ConditionError: if there is nothing to withdraw, or the link was decided so already.
        """
        at = now or datetime.now(UTC)
        _, change = linking.review(self._store, self._state, base, link, decision, by=by, why=why, now=at)
        return self._changed(change, Stopwatch(), progress=progress)

    def links(self, base: str = ID_BASE) -> list[ReviewedLink]:
        """Give the links that the graph holds, with their reviews."""
        return linking.stored_links(self._store, self._state, base)[0]

    def links_as_sssom(self, version: str, base: str = ID_BASE, found: Linked | None = None) -> str:
        """Give links as SSSOM/TSV.

        :param version: of kgtool.
        :param found: what linking found; None for the links that the graph holds.
        """
        links, day = (found.reviewed, found.day) if found else linking.stored_links(self._store, self._state, base)
        iris = linking.registry_iris(links, base)
        return write_sssom(links, rules(), base, day=day, version=version, identifiers=iris)

    def registry_iris(self, links: Sequence[ReviewedLink], base: str = ID_BASE) -> dict[str, str]:
        """Give the addresses that registries have for the imported ends of links."""
        return linking.registry_iris(links, base)

    def same_as(self, base: str = ID_BASE) -> str:
        """Give the accepted links as N-Triples, sorted: things of the graph and the addresses of registries."""
        links = [each for each in self.links(base) if each.status == ACCEPTED]
        iris = linking.registry_iris(links, base)
        same = (same_as(each.link.subject, iris.get(each.link.object, each.link.object)) for each in links)
        return "".join(sorted(f"{quad.triple} .\n" for quad in same))

    def people(self, base: str = ID_BASE) -> list[Person]:
        """Give the people of the graph with the forms of their names."""
        return list(linking.people(self._store, self._state, base))
