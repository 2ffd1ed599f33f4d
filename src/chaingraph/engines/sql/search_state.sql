WITH news AS (
  SELECT
    member, b0, b1, b2, b3,
    CAST(bit_count(b0) AS BIGINT) + CAST(bit_count(b1) AS BIGINT) + CAST(bit_count(b2) AS BIGINT) + CAST(bit_count(b3) AS BIGINT) AS n
  FROM chaingraph_front
)
SELECT
  s.member,
  s.b0 | coalesce(n.b0, 0) AS b0, s.b1 | coalesce(n.b1, 0) AS b1, s.b2 | coalesce(n.b2, 0) AS b2, s.b3 | coalesce(n.b3, 0) AS b3,
  s.reached + coalesce(n.n, 0) AS reached,
  s.total + {distance} * coalesce(n.n, 0) AS total,
  s.squares + {distance} * {distance} * coalesce(n.n, 0) AS squares,
  s.inverse + CAST(coalesce(n.n, 0) AS DOUBLE) / {distance} AS inverse,
  s.inverse_squares + CAST(coalesce(n.n, 0) AS DOUBLE) / ({distance} * {distance}) AS inverse_squares
FROM chaingraph_search s LEFT JOIN news n ON n.member = s.member
