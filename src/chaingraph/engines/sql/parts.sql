SELECT {keys}, nullif(trim(split_part(r.{column}, ';', n.n)), '') AS {column}
FROM {table} r JOIN (VALUES {numbers}) AS n(n) ON n.n <= length(r.{column}) - length(replace(r.{column}, ';', '')) + 1
