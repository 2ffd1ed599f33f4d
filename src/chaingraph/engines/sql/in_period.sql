SELECT * FROM chaingraph_row
WHERE (since IS NULL OR substr(since, 1, 10) <= '{last}')
  AND (until IS NULL OR concat(substr(until, 1, 10), '-99-99') >= '{first}')
