"""Where regions are: a gazetteer of China and of the NUTS regions, coastlines and lakes, and grids of tiles."""
