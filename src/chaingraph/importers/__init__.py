"""Importers of other people's formats into our tables: a path goes in, a data set folder comes out."""
