SELECT r.table_name, r.column_name, r.cell
FROM (SELECT DISTINCT table_name, column_name, cell FROM chaingraph_facts WHERE fact = 'reference') r
LEFT JOIN (SELECT DISTINCT table_name, cell FROM chaingraph_facts WHERE fact = 'identifier') i
ON i.table_name = r.table_name AND i.cell = r.cell
WHERE i.cell IS NULL
