SELECT DISTINCT CAST(n.id AS STRING) AS id, CAST(n.name AS STRING) AS name
FROM chaingraph_names n JOIN (SELECT DISTINCT o FROM {side}) s ON s.o = n.id
ORDER BY id
