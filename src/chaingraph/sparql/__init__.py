"""Texts and results of SPARQL: tokens, rewriting, frames, JSON results, questions by name."""
