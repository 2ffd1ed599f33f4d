"""Numbers about a networkx graph; knows no RDF and no files."""
