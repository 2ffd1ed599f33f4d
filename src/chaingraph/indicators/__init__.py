"""Tables computed from a graph: counts by attribute, completeness, consortia, scorecard."""
