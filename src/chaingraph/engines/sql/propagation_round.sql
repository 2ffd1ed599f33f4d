WITH event_votes AS (
  SELECT t.event, l.label, count(*) AS votes
  FROM chaingraph_tie t JOIN chaingraph_propagation l ON l.member = t.member
  GROUP BY t.event, l.label
),
event_places AS (
  SELECT event, label, row_number() OVER (PARTITION BY event ORDER BY votes DESC, label) AS place FROM event_votes
),
member_votes AS (
  SELECT t.member, e.label, count(*) AS votes
  FROM chaingraph_tie t JOIN event_places e ON e.event = t.event
  WHERE e.place = 1
  GROUP BY t.member, e.label
),
member_places AS (
  SELECT member, label, row_number() OVER (PARTITION BY member ORDER BY votes DESC, label) AS place FROM member_votes
)
SELECT p.member, p.label, CASE WHEN p.label = l.label THEN 0 ELSE 1 END AS change
FROM member_places p JOIN chaingraph_propagation l ON l.member = p.member
WHERE p.place = 1
