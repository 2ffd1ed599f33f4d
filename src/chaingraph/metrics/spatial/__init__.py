"""Spatial measures: Moran's I, neighbours, gravity models."""
