SELECT DISTINCT m.id AS member, e.id AS event
FROM chaingraph_row r
JOIN chaingraph_member m ON m.name = r.member
JOIN chaingraph_event e ON e.name = r.event
