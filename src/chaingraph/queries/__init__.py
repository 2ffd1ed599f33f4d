"""What several rooms ask of the graph: nodes, filters, evidence, memberships, hierarchies, dates."""
