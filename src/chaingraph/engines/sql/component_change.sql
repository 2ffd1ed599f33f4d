SELECT CAST(sum(label) AS BIGINT) AS labels FROM chaingraph_component
