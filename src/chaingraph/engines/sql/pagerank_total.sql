SELECT CAST(sum(rank) AS DOUBLE) AS total FROM chaingraph_walk
