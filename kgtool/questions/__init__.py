"""Questions with a name: SPARQL with parameters, in files of the ontology.

A file is read to a :class:`Question`; :func:`bound` gives its query with a term for each parameter that has a value.
"""

from kgtool.questions.asking import Bound, bound, given_values, refuse_unknown
from kgtool.questions.question import CHOICE, TODAY, Column, Parameter, Question
from kgtool.questions.reading import QUESTIONS, VIEWS, find_question, read_question, read_questions
from kgtool.questions.values import is_known
from kgtool.questions.written_out import written_out

__all__ = [
    "CHOICE",
    "QUESTIONS",
    "TODAY",
    "VIEWS",
    "Bound",
    "Column",
    "Parameter",
    "Question",
    "bound",
    "find_question",
    "given_values",
    "is_known",
    "read_question",
    "read_questions",
    "refuse_unknown",
    "written_out",
]
