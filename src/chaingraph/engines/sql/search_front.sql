WITH events AS (
  SELECT t.event, bit_or(f.b0) AS b0, bit_or(f.b1) AS b1, bit_or(f.b2) AS b2, bit_or(f.b3) AS b3
  FROM chaingraph_front f JOIN chaingraph_tie t ON t.member = f.member
  GROUP BY t.event
),
members AS (
  SELECT t.member, bit_or(e.b0) AS b0, bit_or(e.b1) AS b1, bit_or(e.b2) AS b2, bit_or(e.b3) AS b3
  FROM events e JOIN chaingraph_tie t ON t.event = e.event
  GROUP BY t.member
),
news AS (
  SELECT m.member, m.b0 & ~s.b0 AS b0, m.b1 & ~s.b1 AS b1, m.b2 & ~s.b2 AS b2, m.b3 & ~s.b3 AS b3
  FROM members m JOIN chaingraph_search s ON s.member = m.member
)
SELECT member, b0, b1, b2, b3 FROM news WHERE (b0 | b1 | b2 | b3) <> 0
