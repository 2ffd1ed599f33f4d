SELECT count(*) AS n FROM chaingraph_reach WHERE part = parent
