SELECT member AS organization, event, CAST(count(*) AS BIGINT) AS n, 0 AS branch
FROM chaingraph_row GROUP BY member, event
