WITH walk AS (
  SELECT
    member,
    CAST(sum((size - 1) / divisor) AS DOUBLE) AS strength,
    CAST(sum(CAST(floor({unit} / divisor) AS BIGINT)) AS DOUBLE) / {unit} AS own
  FROM chaingraph_tie
  GROUP BY member
)
SELECT
  member, strength, own, CAST({start} AS BIGINT) AS rank,
  CAST(floor({start} / strength + 0.5) AS BIGINT) AS flow,
  CAST(0 AS BIGINT) AS change
FROM walk
