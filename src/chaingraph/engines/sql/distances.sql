WITH sums AS (
  SELECT
    m.id AS member,
    CAST(greatest({sources} - CASE WHEN o.member IS NULL THEN 0 ELSE 1 END, 1) AS DOUBLE) AS sources,
    CAST(coalesce(s.reached, 0) AS DOUBLE) AS reached,
    CAST(coalesce(s.total, 0) AS DOUBLE) AS total,
    CAST(coalesce(s.squares, 0) AS DOUBLE) AS squares,
    coalesce(s.inverse, 0) AS inverse,
    coalesce(s.inverse_squares, 0) AS inverse_squares
  FROM chaingraph_member m
  LEFT JOIN chaingraph_search s ON s.member = m.id
  LEFT JOIN chaingraph_source o ON o.member = m.id
)
SELECT
  member, sources,
  reached / sources AS reached,
  total / sources AS distance,
  squares / sources AS squares,
  inverse / sources AS inverse,
  inverse_squares / sources AS inverse_squares,
  (1 - sources / greatest({members} - 1, 1)) / greatest(sources - 1, 1) AS variance
FROM sums
