WITH pairs AS (
  SELECT DISTINCT p.s, p.o
  FROM chaingraph_pairs p LEFT JOIN {side} a ON a.s = p.s
  WHERE p.s IS NOT NULL AND p.o IS NOT NULL AND a.s IS NULL
),
counts AS (SELECT s, CAST(count(*) AS INT) AS k FROM pairs GROUP BY s)
SELECT s, o, k FROM {side}
UNION ALL
SELECT p.s, p.o, c.k FROM pairs p JOIN counts c ON c.s = p.s
