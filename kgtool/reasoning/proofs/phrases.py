"""The words that an explanation is made of, in French and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LANGUAGES: Final = ("en", "fr")

_PHRASES: Final[Mapping[str, Mapping[str, str]]] = {
    "quoted": {"en": "“{text}”", "fr": "« {text} »"},
    "unnamed": {"en": "unnamed {letter}", "fr": "sans nom {letter}"},
    "something": {"en": "something", "fr": "quelque chose"},
    "something called": {"en": "something ({name})", "fr": "quelque chose ({name})"},
    "updates": {"en": "updates by hand", "fr": "mises à jour à la main"},
    "list": {"en": "the list: {members}", "fr": "la liste : {members}"},
    "chain": {"en": "the chain: {members}", "fr": "la chaîne : {members}"},
    "contradiction": {"en": "A contradiction", "fr": "Une contradiction"},
    "said by": {"en": "Said by ", "fr": "Dit par "},
    "loaded": {"en": " (loaded on {day})", "fr": " (chargé le {day})"},
    "follows": {"en": "It follows in {steps}", "fr": "Cela se déduit en {steps}"},
    "also follows": {"en": "It also follows in {steps}", "fr": "Cela se déduit aussi en {steps}"},
    "otherwise follows": {"en": "Another way, in {steps}", "fr": "Autrement, en {steps}"},
    "one step": {"en": "1 step", "fr": "1 étape"},
    "steps": {"en": "{count} steps", "fr": "{count} étapes"},
    "because": {"en": "because: {rule}", "fr": "car : {rule}"},
    "that is": {"en": "that is, ", "fr": "c'est-à-dire : "},
    "on day": {"en": "on {day}", "fr": "le {day}"},
    "from to": {"en": "from {first} to {last}", "fr": "du {first} au {last}"},
    "from on": {"en": "from {first} on", "fr": "à partir du {first}"},
    "up to": {"en": "until {last}", "fr": "jusqu'au {last}"},
    "any day": {"en": "at any date", "fr": "à toute date"},
    "like": {"en": ", for the same reasons as ({number})", "fr": ", pour les mêmes raisons que ({number})"},
    "above": {"en": ", as shown above ({number})", "fr": ", comme montré plus haut ({number})"},
    "below": {"en": ", as shown below ({number})", "fr": ", comme montré plus bas ({number})"},
    "denied": {"en": "no source says that ", "fr": "aucune source ne dit que "},
    "where": {"en": ", where ", "fr": ", où "},
    "does not follow": {"en": "This does not follow.", "fr": "Cela ne se déduit pas."},
    "nothing near": {"en": "No rule comes near it.", "fr": "Aucune règle n'en approche."},
    "closest": {"en": "Closest: {rule}", "fr": "Au plus près : {rule}"},
    "also close": {"en": "Also close: {rule}", "fr": "Proche aussi : {rule}"},
    "meant": {
        "en": "Nothing in the graph has this property; did you mean {name}?",
        "fr": "Rien dans le graphe n'a cette propriété ; vouliez-vous dire {name} ?",
    },
    "holding": {"en": "it holds that", "fr": "on a"},
    "missing": {"en": "missing", "fr": "il manque"},
    "denying": {"en": "but a source says that", "fr": "mais une source dit que"},
    "consistent": {"en": "Nothing contradicts itself.", "fr": "Rien ne se contredit."},
    "one clash": {"en": "1 contradiction", "fr": "1 contradiction"},
    "clashes": {"en": "{count} contradictions", "fr": "{count} contradictions"},
    "clash": {"en": "These contradict each other: {rule}", "fr": "Ceci se contredit : {rule}"},
    "and": {"en": "; ", "fr": " ; "},
    "colon": {"en": ":", "fr": " :"},
}


def phrase(key: str, language: str, /, **parts: object) -> str:
    """Give a phrase in a language, its parts filled in.

    >>> phrase("because", "fr", rule="Une propriété symétrique va dans les deux sens")
    'car : Une propriété symétrique va dans les deux sens'
    """
    return _PHRASES[key][language].format(**parts)


def counted(one: str, many: str, count: int, language: str) -> str:
    """Give the phrase for a number of something.

    >>> counted("one step", "steps", 1, "en"), counted("one step", "steps", 2, "fr")
    ('1 step', '2 étapes')
    """
    return phrase(one, language) if count == 1 else phrase(many, language, count=count)
