SELECT count(DISTINCT member) AS n FROM chaingraph_tie
