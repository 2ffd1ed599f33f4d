SELECT DISTINCT table_name, column_name, cell, detail FROM chaingraph_facts WHERE fact = 'problem'
