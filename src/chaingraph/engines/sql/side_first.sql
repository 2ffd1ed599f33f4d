WITH pairs AS (SELECT DISTINCT s, o FROM chaingraph_pairs WHERE s IS NOT NULL AND o IS NOT NULL),
counts AS (SELECT s, CAST(count(*) AS INT) AS k FROM pairs GROUP BY s)
SELECT p.s, p.o, c.k FROM pairs p JOIN counts c ON c.s = p.s
