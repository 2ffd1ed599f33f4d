WITH sizes AS (SELECT event, CAST(count(*) AS INT) AS size FROM chaingraph_pair GROUP BY event)
SELECT p.member, p.event, s.size, CASE WHEN {newman} THEN s.size - 1 ELSE 1 END AS divisor
FROM chaingraph_pair p JOIN sizes s ON s.event = p.event
WHERE s.size > 1
