SELECT u.organization, u.event, u.n, CASE WHEN e.s IS NULL THEN 1 ELSE 0 END AS branch
FROM chaingraph_unit u LEFT JOIN (SELECT DISTINCT s FROM {side}) e ON e.s = u.event
