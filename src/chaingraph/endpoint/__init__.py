"""The SPARQL endpoint: the protocol over a built store, its pages, and the guard that runs queries in children.

It holds no state of its own, and nothing is imported here: a child process starts through this package.
"""
