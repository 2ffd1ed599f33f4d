SELECT DISTINCT r.member AS s, p.o FROM chaingraph_row r JOIN chaingraph_pairs p ON p.s = r.event
