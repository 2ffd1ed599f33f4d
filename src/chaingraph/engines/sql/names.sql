SELECT CAST(row_number() OVER (ORDER BY name) AS INT) AS id, name, label
FROM (SELECT {column} AS name, min({label}) AS label FROM {table} GROUP BY {column})
WHERE name IS NOT NULL
