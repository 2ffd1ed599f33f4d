SELECT DISTINCT {column} AS value
FROM chaingraph_row
WHERE {column} IS NOT NULL AND TRY_CAST(substr({column}, 1, 4) AS INT) IS NULL
ORDER BY value
LIMIT 1
