"""The command line: one module per command; the only place that prints, knows default paths and exit statuses."""
