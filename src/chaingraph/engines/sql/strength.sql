SELECT member, CAST(sum((size - 1) / divisor) AS DOUBLE) AS value FROM chaingraph_tie GROUP BY member
