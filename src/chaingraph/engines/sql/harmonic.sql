SELECT
  member,
  inverse AS value,
  sqrt(greatest(variance * (inverse_squares - inverse * inverse), 0)) AS error
FROM chaingraph_distances
