"""What several rooms ask of the graph: nodes, filters, evidence, hierarchy, dates."""
