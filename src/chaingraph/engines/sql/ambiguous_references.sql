SELECT DISTINCT r.table_name, r.column_name, r.cell
FROM (SELECT fact, table_name, column_name, cell FROM chaingraph_facts WHERE fact IN ('reference', 'whole')) r
JOIN (SELECT fact, table_name, cell, detail FROM chaingraph_facts WHERE fact IN ('identifier', 'name')) n
ON n.table_name = r.table_name AND n.cell = r.cell
WHERE r.fact = 'whole' OR (n.fact = 'name' AND n.detail <> r.cell)
