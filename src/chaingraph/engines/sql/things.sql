SELECT CAST(sum(n) AS BIGINT) AS n FROM chaingraph_unit
