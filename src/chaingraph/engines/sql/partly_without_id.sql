SELECT table_name, '' AS column_name, '' AS cell
FROM chaingraph_facts
WHERE fact = 'identifier'
GROUP BY table_name
HAVING count(DISTINCT detail) > 1
