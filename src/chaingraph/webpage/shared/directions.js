// Arrow keys: from one place to the nearest in a direction.
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// The nearest of the candidates in that direction, within 45 degrees; the start itself where there is none.
function nearestInDirection(points, start, candidates, [across, down]) {
  let [best, least] = [start, Infinity];
  for (const index of candidates) {
    const [x, y] = [points[index].x - points[start].x, points[index].y - points[start].y];
    const ahead = x * across + y * down;
    const aside = Math.abs(x * down) + Math.abs(y * across);
    if (ahead > 0 && aside <= ahead && ahead + 2 * aside < least) [best, least] = [index, ahead + 2 * aside];
  }
  return best;
}
