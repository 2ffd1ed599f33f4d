SELECT DISTINCT id AS organization, id AS event, CAST(1 AS BIGINT) AS n, 0 AS branch FROM {table}
