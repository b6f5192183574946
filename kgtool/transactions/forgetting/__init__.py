"""Forgetting a person: who that is under other names, what goes with them, and keeping them out from then on.

``rules`` reads what the ontology says of it, ``names`` and ``recognising`` tell who is meant, ``erasing`` and
``mentions`` find what goes, ``leaving_out`` holds what is written against the list of the forgotten, and ``forget`` is
the operation. What is gone from the graph goes from the disk by :mod:`kgtool.transactions.rewriting`.
"""
