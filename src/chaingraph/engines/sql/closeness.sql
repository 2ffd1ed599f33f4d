WITH slopes AS (
  SELECT
    member, reached, distance, squares, variance,
    2 * reached / distance AS by_reached,
    reached * reached / (distance * distance) AS by_distance
  FROM chaingraph_distances
  WHERE distance > 0
),
errors AS (
  SELECT
    member, reached * reached / distance AS value,
    variance * (
      by_reached * by_reached * reached * (1 - reached)
      + by_distance * by_distance * (squares - distance * distance)
      - 2 * by_reached * by_distance * distance * (1 - reached)
    ) AS variance
  FROM slopes
)
SELECT d.member, coalesce(e.value, 0) AS value, sqrt(greatest(coalesce(e.variance, 0), 0)) AS error
FROM chaingraph_distances d LEFT JOIN errors e ON e.member = d.member
