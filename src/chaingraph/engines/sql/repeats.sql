SELECT table_name, column_name, cell, count(*) AS number_of_rows
FROM chaingraph_facts
WHERE fact IN ('identifier', 'key')
GROUP BY fact, table_name, column_name, cell
HAVING count(*) > 1
