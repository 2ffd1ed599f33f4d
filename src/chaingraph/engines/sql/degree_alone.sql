SELECT member, max(size) - 1 AS value FROM chaingraph_tie GROUP BY member HAVING count(*) = 1
