WITH labels AS (
  SELECT m.id AS member, coalesce(c.label, m.id) AS label
  FROM chaingraph_member m LEFT JOIN {table} c ON c.member = m.id
),
sizes AS (SELECT label, count(*) AS size FROM labels GROUP BY label),
numbers AS (SELECT label, CAST(row_number() OVER (ORDER BY size DESC, label) AS BIGINT) - 1 AS value FROM sizes)
SELECT l.member, n.value FROM labels l JOIN numbers n ON n.label = l.label
