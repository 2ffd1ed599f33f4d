SELECT max(error) AS error FROM {table}
