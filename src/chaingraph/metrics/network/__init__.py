"""Measures of networks: centrality, communities, structure, stability of ranks."""
