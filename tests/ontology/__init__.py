"""The quality gate of the ontology: what `make ontology` runs."""
