"""``python -m kgtool`` is ``kgtool``."""

from kgtool.cli import main

if __name__ == "__main__":
    main()
