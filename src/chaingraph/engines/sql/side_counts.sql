SELECT a.k, CAST(sum(u.n) AS BIGINT) AS n
FROM chaingraph_unit u JOIN {side} a ON a.s = u.{key}
WHERE u.branch = {branch}
GROUP BY a.k
ORDER BY a.k
