SELECT count(*) AS n FROM chaingraph_row WHERE since IS NULL AND until IS NULL
