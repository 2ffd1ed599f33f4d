SELECT
  s.member,
  coalesce(f.b0, 0) AS b0, coalesce(f.b1, 0) AS b1, coalesce(f.b2, 0) AS b2, coalesce(f.b3, 0) AS b3,
  s.reached, s.total, s.squares, s.inverse, s.inverse_squares
FROM chaingraph_search s LEFT JOIN chaingraph_front f ON f.member = s.member
