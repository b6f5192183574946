"""Properties are not clocks: a slow machine must not fail them. ``HYPOTHESIS_PROFILE=long`` tries many more."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("ordinary", deadline=None)
settings.register_profile("long", deadline=None, max_examples=1500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ordinary"))
