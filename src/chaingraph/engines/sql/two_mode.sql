WITH members AS (SELECT member AS id, count(*) AS n FROM chaingraph_pair GROUP BY member),
events AS (SELECT event AS id, count(*) AS n FROM chaingraph_pair GROUP BY event),
nodes AS (
  SELECT m.name, m.label, 0 AS bipartite, coalesce(n.n, 0) AS degree, {events} AS others
  FROM chaingraph_member m LEFT JOIN members n ON n.id = m.id
  UNION ALL
  SELECT e.name, e.label, 1 AS bipartite, coalesce(n.n, 0) AS degree, {members} AS others
  FROM chaingraph_event e LEFT JOIN events n ON n.id = e.id
)
SELECT CAST(name AS STRING) AS node, label, bipartite, degree, degree / others AS two_mode_degree
FROM nodes
ORDER BY degree DESC, bipartite, node
