"""Reconciliation: which things of the graph a table's cells may mean, scored, with reasons.

It answers the Reconciliation Service API 0.2 and 1.0-draft (https://reconciliation-api.github.io/specs/): ``reading``
reads queries of either, ``asked`` is what they mean, ``answering`` answers them from ``index``, a file of names that
``filling`` keeps as new as the graph, and ``documents`` and ``manifest`` word the answers. ``services`` and ``tables``
are the other side: a table's cells asked of any such service.
"""
