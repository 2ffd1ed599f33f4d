SELECT member, rank / {total} AS value FROM chaingraph_walk
