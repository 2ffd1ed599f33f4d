SELECT member, count(*) AS value FROM chaingraph_pair GROUP BY member
