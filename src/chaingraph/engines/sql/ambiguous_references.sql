SELECT r.table_name, r.column_name, r.cell
FROM (SELECT table_name, column_name, cell FROM chaingraph_facts WHERE fact = 'reference') r
JOIN (SELECT table_name, cell FROM chaingraph_facts WHERE fact = 'identifier') i
ON i.table_name = r.table_name AND i.cell = r.cell
JOIN (SELECT table_name, cell, detail FROM chaingraph_facts WHERE fact = 'name') n
ON n.table_name = r.table_name AND n.cell = r.cell
WHERE n.detail <> r.cell
UNION
SELECT r.table_name, r.column_name, r.cell
FROM (SELECT table_name, column_name, cell FROM chaingraph_facts WHERE fact = 'whole') r
JOIN (SELECT table_name, cell FROM chaingraph_facts WHERE fact IN ('identifier', 'name')) n
ON n.table_name = r.table_name AND n.cell = r.cell
