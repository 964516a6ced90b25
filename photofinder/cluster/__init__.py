"""Photos analysed by the workers of a Dask cluster (``docs/SCALE.md``).

Three processes: the program (``analyst``), which neither opens a connection nor unpickles anything; a go-between that
it starts (``gateway``), which talks to the scheduler; and the workers (``task``), which are Dask's.
"""
