WITH several AS (
  SELECT member FROM chaingraph_tie WHERE member % {slices} = {slice} GROUP BY member HAVING count(*) > 1
),
pairs AS (
  SELECT a.member, b.member AS other
  FROM chaingraph_tie a
  JOIN several s ON s.member = a.member
  JOIN chaingraph_tie b ON b.event = a.event AND b.member <> a.member
  GROUP BY a.member, b.member
)
SELECT member, value FROM chaingraph_degree
UNION ALL
SELECT member, count(*) AS value FROM pairs GROUP BY member
