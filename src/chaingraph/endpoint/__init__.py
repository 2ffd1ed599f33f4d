"""The SPARQL endpoint: the protocol over a built store, its pages, and the child processes that run queries.

Nothing is imported here: a child process starts through this package.
"""
