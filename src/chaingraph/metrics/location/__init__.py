"""Where things are concentrated: indices of tables of counts, such as region by industry."""
