SELECT o.* FROM {table} o LEFT JOIN chaingraph_top t ON t.part = o.{column} WHERE t.part IS NULL
