SELECT r.member, r.event, d.since, d.until
FROM chaingraph_row r LEFT JOIN (
  SELECT event, min(since) AS since, max(until) AS until FROM chaingraph_date GROUP BY event
) d ON d.event = r.event
