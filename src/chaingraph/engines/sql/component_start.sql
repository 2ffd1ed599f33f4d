SELECT DISTINCT member, member AS label FROM chaingraph_tie
