SELECT DISTINCT r.{column} AS name
FROM chaingraph_row r LEFT JOIN chaingraph_{column} n ON n.name = r.{column}
WHERE n.id IS NULL
ORDER BY name
LIMIT 4
