"""The tool server for assistants: a graph's answers with their evidence, by the Model Context Protocol, read-only."""
