SELECT CAST(a.column_id AS STRING) AS row_id, CAST(b.column_id AS STRING) AS column_id, count(*) AS n
FROM (SELECT DISTINCT row_id, column_id FROM chaingraph_presence) a
JOIN (SELECT DISTINCT row_id, column_id FROM chaingraph_presence) b ON b.row_id = a.row_id
GROUP BY a.column_id, b.column_id
ORDER BY row_id, column_id
