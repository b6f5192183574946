"""What goes over the pipe of a query worker: tasks and answers as bytes.

The front and its workers are one program on one machine, so objects are pickled. What many requests have in common, all
but the text of a query and the bytes of its answer, is pickled once and known again by its bytes.
"""

from __future__ import annotations

import pickle
from functools import lru_cache
from typing import Any, Final, cast

from kgtool.web.evaluation import Failure, Message, Piece, QueryTask, Task

#: Bytes of a message that is worth to be known again.
_SHORT: Final = 512
_KNOWN: Final = 256
#: What the message of a failure begins with, and no pickled object.
_FAILED: Final = b"!"


def of_task(task: Task, commit: str) -> tuple[bytes, bytes]:
    """Give the message of a task that is to be evaluated on a commit or a later one, and its content.

    >>> read_task(*of_task(QueryTask("ASK {}", "json", None), "3f9a61c2-17"))[1]
    '3f9a61c2-17'
    """
    if not isinstance(task, QueryTask):
        return pickle.dumps((task, commit), pickle.HIGHEST_PROTOCOL), b""
    return _pickled((None, *task[1:], commit)), task.text.encode("utf-8", "surrogatepass")


def read_task(message: bytes, content: bytes) -> tuple[Task, str]:
    """Give the task of a message, and its commit."""
    what, *shape, commit = _read(message)
    if what is None:
        what = QueryTask(content.decode("utf-8", "surrogatepass"), *shape)
    return what, commit


def of_answer(answer: Message) -> tuple[bytes, bytes]:
    """Give the message of a piece of an answer, or of a failure, and its content.

    >>> read_answer(*of_answer(Piece(None, b"...", True)))
    Piece(head=None, content=b'...', last=True)
    """
    if isinstance(answer, Failure):
        return _FAILED + pickle.dumps(answer, pickle.HIGHEST_PROTOCOL), b""
    return _pickled((answer.head, answer.last)), answer.content


def read_answer(message: bytes, content: bytes) -> Message:
    """Give the piece or the failure of a message."""
    if message[:1] == _FAILED:  # never known again: who raises an error changes it
        return cast(Failure, pickle.loads(message[1:]))
    head, last = _read(message)
    return Piece(head, content, last)


_pickled = lru_cache(maxsize=_KNOWN)(lambda value: pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
_known = lru_cache(maxsize=_KNOWN)(pickle.loads)


def _read(message: bytes) -> Any:
    return _known(message) if len(message) <= _SHORT else pickle.loads(message)
