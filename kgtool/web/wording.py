"""The words of the pages, in French and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "title": {"fr": "Graphe de connaissances de la recherche", "en": "Knowledge graph of research"},
    "subtitle": {
        "fr": "Qui travaille où, sur quoi, avec qui, avec un raisonnement sur les affiliations.",
        "en": "Who works where, on what, with whom, with reasoning over affiliations.",
    },
    "skip": {"fr": "Aller au contenu", "en": "Skip to content"},
    "home": {"fr": "Accueil", "en": "Home"},
    "links": {"fr": "Liens", "en": "Links"},
    "export": {"fr": "Exporter", "en": "Export"},
    "other_language": {"fr": "English", "en": "Français"},
    "whats_here": {"fr": "Ce que contient le graphe", "en": "What is in the graph"},
    "kind": {"fr": "Classe", "en": "Class"},
    "count": {"fr": "Nombre", "en": "Count"},
    "sources": {"fr": "Sources", "en": "Sources"},
    "quads": {"fr": "Quads", "en": "Quads"},
    "ask": {"fr": "Interroger", "en": "Ask"},
    "query": {"fr": "Requête SPARQL", "en": "SPARQL query"},
    "reasoning": {"fr": "Raisonnement", "en": "Reasoning"},
    "on": {"fr": "avec", "en": "on"},
    "off": {"fr": "sans", "en": "off"},
    "run": {"fr": "Exécuter", "en": "Run"},
    "questions": {"fr": "Questions", "en": "Questions"},
    "own_query": {"fr": "En SPARQL", "en": "In SPARQL"},
    "results": {"fr": "Résultats", "en": "Results"},
    "rows": {"fr": "lignes", "en": "rows"},
    "running": {"fr": "En cours…", "en": "Running…"},
    "failed": {"fr": "Le serveur n'a pas répondu.", "en": "The server did not answer."},
    "cut": {
        "fr": "Seules les premières lignes sont montrées.",
        "en": "Only the first rows are shown.",
    },
    "download": {"fr": "Télécharger", "en": "Download"},
    "documents": {"fr": "Les données de cette page", "en": "The data of this page"},
    "facts": {"fr": "Faits", "en": "Facts"},
    "incoming": {"fr": "Ce qui y renvoie", "en": "What refers to it"},
    "more": {"fr": "La suite n'est pas montrée.", "en": "More is not shown."},
    "commit": {"fr": "état", "en": "commit"},
}


def words(language: str) -> dict[str, str]:
    """Give the words of one language.

    >>> words("fr")["run"]
    'Exécuter'
    """
    return {name: texts[language] for name, texts in WORDS.items()}
