"""Writing out: files that are replaced whole or not at all, tables, networks and figures."""
