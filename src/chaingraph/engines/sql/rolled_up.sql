SELECT coalesce(t.parent, r.member) AS member, r.event
FROM chaingraph_row r LEFT JOIN chaingraph_top t ON t.part = r.member
