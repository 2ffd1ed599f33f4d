SELECT
  CAST(r.o AS STRING) AS row_id, CAST(c.o AS STRING) AS column_id,
  r.k * c.k AS k, CAST(sum(u.n) AS BIGINT) AS n
FROM chaingraph_unit u
JOIN {rows} r ON r.s = u.{row_key}
JOIN {columns} c ON c.s = u.{column_key}
WHERE u.branch = {branch}
GROUP BY r.o, c.o, r.k * c.k
ORDER BY row_id, column_id, k
