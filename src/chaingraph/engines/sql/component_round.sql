WITH events AS (
  SELECT t.event, min(c.label) AS label
  FROM chaingraph_tie t JOIN chaingraph_component c ON c.member = t.member
  GROUP BY t.event
),
nearest AS (
  SELECT t.member, min(e.label) AS label
  FROM chaingraph_tie t JOIN events e ON e.event = t.event
  GROUP BY t.member
),
hooks AS (
  SELECT c.label AS member, min(n.label) AS label
  FROM chaingraph_component c JOIN nearest n ON n.member = c.member
  WHERE n.label < c.label
  GROUP BY c.label
)
SELECT n.member, least(n.label, coalesce(h.label, n.label)) AS label
FROM nearest n LEFT JOIN hooks h ON h.member = n.member
