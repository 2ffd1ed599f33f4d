SELECT CAST(sum(size) AS BIGINT) AS pairs
FROM chaingraph_tie
WHERE member NOT IN (SELECT member FROM chaingraph_degree)
