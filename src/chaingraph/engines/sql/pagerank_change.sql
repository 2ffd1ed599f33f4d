SELECT CAST(sum(change) AS DOUBLE) AS change FROM chaingraph_walk
