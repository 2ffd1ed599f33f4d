"""The layered layout of a chain: layers, crossings, coordinates."""
