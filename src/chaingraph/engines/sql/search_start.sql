SELECT DISTINCT
  member,
  CAST(0 AS BIGINT) AS reached, CAST(0 AS BIGINT) AS total, CAST(0 AS BIGINT) AS squares,
  CAST(0 AS DOUBLE) AS inverse, CAST(0 AS DOUBLE) AS inverse_squares
FROM chaingraph_tie
