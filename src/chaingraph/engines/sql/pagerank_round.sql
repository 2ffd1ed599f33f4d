WITH pools AS (
  SELECT t.event, CAST(floor(CAST(sum(w.flow) AS DOUBLE) / max(t.divisor) + 0.5) AS BIGINT) AS flow
  FROM chaingraph_tie t JOIN chaingraph_walk w ON w.member = t.member
  GROUP BY t.event
),
incomes AS (
  SELECT t.member, CAST(sum(p.flow) AS BIGINT) AS income
  FROM chaingraph_tie t JOIN pools p ON p.event = t.event
  GROUP BY t.member
),
ranks AS (
  SELECT
    w.member, w.strength, w.own, w.rank AS previous,
    CAST(floor({base} + {damping} * (i.income - w.flow * w.own) + 0.5) AS BIGINT) AS rank
  FROM chaingraph_walk w JOIN incomes i ON i.member = w.member
)
SELECT
  member, strength, own, rank,
  CAST(floor(rank / strength + 0.5) AS BIGINT) AS flow,
  abs(rank - previous) AS change
FROM ranks
