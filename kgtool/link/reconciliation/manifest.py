"""The manifest: what the service offers, and where.

The two versions of the API want it in forms that exclude each other: ``suggest.entity`` is an object in 0.2 and a truth
value in 1.0-draft. So the address of the service gives the one or the other; both name the versions that the addresses
below it speak.
"""

from __future__ import annotations

from typing import Final

from kgtool.link.reconciliation.answering import Reconciler
from kgtool.link.reconciliation.asked import ADVISED_BATCH
from kgtool.link.reconciliation.documents import type_document
from kgtool.vocabulary import ONTOLOGY_IRI

OLD: Final = "0.2"
NEW: Final = "1.0-draft"
_NAMES: Final = {
    "fr": "kgtool : graphe de connaissances de la recherche",
    "en": "kgtool: knowledge graph of research",
}
_WIDTH: Final = 420
_HEIGHT: Final = 220
_LIMIT_HELP: Final = "Most values for each entity (0: all of them)"
_CONTENT_HELP: Final = "What stands for a thing: its name with its id, or its IRI alone"
_CONTENTS: Final = [{"value": "name", "name": "Names"}, {"value": "id", "name": "IRIs"}]


def manifest(
    reconciler: Reconciler, version: str, root: str, space: str, software: str, language: str
) -> dict[str, object]:
    """Give the manifest of a version.

    :param root: the address of the server, without a slash at its end.
    :param space: what the IRIs of most entities begin with.
    :param software: the version of kgtool.
    """
    place = f"{root}/reconcile"
    both: dict[str, object] = {
        "versions": [OLD, NEW],
        "name": _NAMES.get(language, _NAMES["en"]),
        "documentation": f"{root}/",
        "logo": f"{root}/static/icon.svg",
        "serviceVersion": software,
        "batchSize": ADVISED_BATCH,
        "defaultTypes": _default_types(reconciler, language),
    }
    size = {"width": _WIDTH, "height": _HEIGHT}
    if version == NEW:
        return {
            **both,
            "lang": language,
            "standardizedScore": True,
            "view": {"url": f"{place}/view?id={{id}}"},
            "preview": size,
            "suggest": {"entity": True, "property": True, "type": True},
            "extend": {"proposeProperties": True, "propertySettings": _settings("id", "name", "helpText")},
        }
    return {
        **both,
        "identifierSpace": space,
        "schemaSpace": f"{ONTOLOGY_IRI}#",
        "view": {"url": f"{place}/view?id={{{{id}}}}"},
        "preview": {"url": f"{place}/preview?id={{{{id}}}}", **size},
        "suggest": {
            kind: {
                "service_url": root,
                "service_path": f"/reconcile/suggest/{kind}",
                "flyout_service_url": root,
                "flyout_service_path": f"/reconcile/flyout/{kind}?id=${{id}}",
            }
            for kind in ("entity", "property", "type")
        },
        "extend": {
            "propose_properties": {"service_url": root, "service_path": "/reconcile/extend/propose"},
            "property_settings": _settings("name", "label", "help_text"),
        },
    }


def _settings(id: str, name: str, help: str) -> list[dict[str, object]]:
    return [
        {id: "limit", name: "Limit", "type": "number", "default": 0, help: _LIMIT_HELP},
        {
            id: "content",
            name: "Content",
            "type": "select",
            "default": "name",
            help: _CONTENT_HELP,
            "choices": _CONTENTS,
        },
    ]


def _default_types(reconciler: Reconciler, language: str) -> list[dict[str, object]]:
    """Give the classes that have members, the widest first."""
    classes = reconciler.classes
    numbers = reconciler.index.members()
    held = [each for each in classes.offered if numbers.get(each)]
    ordered = sorted(held, key=lambda each: (len(classes.offered[each].broader), -numbers[each], each))
    return [type_document(classes, each, language) for each in ordered[:30]]
