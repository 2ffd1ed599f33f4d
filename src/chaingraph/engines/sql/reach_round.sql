SELECT part, parent FROM chaingraph_reach
UNION
SELECT r.part, p.parent FROM chaingraph_reach r JOIN chaingraph_parent p ON p.part = r.parent
