"""The processes of the service, and what each may do.

::

    supervisor            started by ``kgtool serve``; forks the others, starts again what dies, does nothing else
    ├── nursery           has no threads; forks query workers for the fronts
    │   └── query worker  evaluates one task at a time on a snapshot; may be killed at any moment
    ├── writer            the only one that opens the store for writing; may be killed at any moment too
    ├── follower          in the writer's place where the service is read-only: tells of another writer's commits
    ├── proxy             asks other servers for SERVICE, where hosts are listed; evaluates nothing
    └── front (granian)   speaks HTTP: reads requests, leases workers, sends answers; opens snapshots, never the store

Nobody outlives the process that started it. They meet in a folder that only their user may enter: the sockets of
nursery and writer, and the board, on which the writer says which commit is the last.
"""
