"""What a director is shown: the chain map and the brief."""
