SELECT DISTINCT r.o AS row_id, c.o AS column_id
FROM chaingraph_unit u
JOIN {rows} r ON r.s = u.{row_key}
JOIN {columns} c ON c.s = u.{column_key}
WHERE u.branch = {branch}
