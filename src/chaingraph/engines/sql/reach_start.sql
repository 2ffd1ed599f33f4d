SELECT DISTINCT member AS part, event AS parent FROM chaingraph_row
