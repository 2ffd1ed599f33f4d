SELECT CAST(row_number() OVER (ORDER BY name) AS BIGINT) AS id, name, label
FROM (SELECT {column} AS name, CAST(min({label}) AS STRING) AS label FROM {table} GROUP BY {column})
WHERE name IS NOT NULL
