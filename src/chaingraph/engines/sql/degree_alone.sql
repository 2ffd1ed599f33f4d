SELECT member, CAST(max(size) - 1 AS BIGINT) AS value FROM chaingraph_tie GROUP BY member HAVING count(*) = 1
