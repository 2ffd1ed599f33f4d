"""The layout by longitude and latitude."""
