SELECT CAST(sum(change) AS BIGINT) AS changes FROM chaingraph_propagation
