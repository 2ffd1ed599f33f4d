SELECT r.part, min(r.parent) AS parent
FROM chaingraph_reach r LEFT JOIN chaingraph_parent p ON p.part = r.parent
WHERE p.part IS NULL
GROUP BY r.part
HAVING count(*) = 1
