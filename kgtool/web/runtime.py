"""The runtime folder: what the processes of one running service share, besides the store.

The supervisor makes it (private to its user) and names it in ``KGTOOL_RUNTIME`` before it forks. It is no setting:
an operator neither chooses nor sees it. An application without a supervisor, as in a test client, has none.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

VARIABLE: Final = "KGTOOL_RUNTIME"


def runtime_folder() -> Path | None:
    """Give the folder that the processes of this service share, or None for a process by itself."""
    name = os.environ.get(VARIABLE)
    return Path(name) if name else None
