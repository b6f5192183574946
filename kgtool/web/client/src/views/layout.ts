// Where the nodes of a graph stand: things that are related near each other, all others apart. The work is done in
// short slices, so that the page answers meanwhile; the same graph always comes out the same.
export interface Point {
  x: number;
  y: number;
}

/** Milliseconds of work at a stretch. */
const SLICE = 12;
/** The length that an edge would like to have. */
const LENGTH = 80;
/** From how far apart, squared, nodes leave each other alone: parts that nothing ties together stay in sight. */
const FAR = (LENGTH * 5) ** 2;
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

/**
 * Places nodes by the method of Fruchterman and Reingold, with a pull to the middle that keeps parts together.
 * @param count how many nodes
 * @param edges pairs of numbers of nodes
 * @param wide how much wider than high the graph becomes, to fill its place
 */
export async function placed(count: number, edges: readonly (readonly [number, number])[], wide = 1): Promise<Point[]> {
  const points = Array.from({ length: count }, (_, at) => {
    const radius = LENGTH * 0.6 * Math.sqrt(at + 0.5);
    return { x: radius * Math.cos(at * GOLDEN), y: radius * Math.sin(at * GOLDEN) };
  });
  const moves = points.map(() => ({ x: 0, y: 0 }));
  // Repulsion looks at every pair: many nodes get fewer rounds, for the same time.
  const rounds = Math.max(40, Math.min(300, Math.round(40e6 / Math.max(1, count * count))));
  let started = performance.now();
  for (let round = 0; round < rounds; round++) {
    for (const move of moves) {
      move.x = 0;
      move.y = 0;
    }
    repel(points, moves);
    attract(points, moves, edges);
    const most = LENGTH * 2 * (1 - round / rounds) ** 1.5 + 0.5;
    for (let at = 0; at < count; at++) step(points[at] as Point, moves[at] as Point, most);
    if (performance.now() - started > SLICE) {
      await new Promise((done) => setTimeout(done));
      started = performance.now();
    }
  }
  return points.map(({ x, y }) => ({ x: x * Math.sqrt(wide), y: y / Math.sqrt(wide) }));
}

function repel(points: readonly Point[], moves: readonly Point[]): void {
  for (let one = 0; one < points.length; one++) {
    const from = points[one] as Point;
    const move = moves[one] as Point;
    for (let other = one + 1; other < points.length; other++) {
      const to = points[other] as Point;
      const across = from.x - to.x || 0.01;
      const down = from.y - to.y;
      const apart = across * across + down * down;
      if (apart > FAR) continue;
      const force = (LENGTH * LENGTH) / (apart + 1);
      const theirs = moves[other] as Point;
      move.x += across * force;
      move.y += down * force;
      theirs.x -= across * force;
      theirs.y -= down * force;
    }
  }
}

function attract(
  points: readonly Point[],
  moves: readonly Point[],
  edges: readonly (readonly [number, number])[],
): void {
  for (const [one, other] of edges) {
    const [from, to] = [points[one] as Point, points[other] as Point];
    const [across, down] = [from.x - to.x, from.y - to.y];
    const force = Math.hypot(across, down) / LENGTH;
    const [move, theirs] = [moves[one] as Point, moves[other] as Point];
    move.x -= across * force;
    move.y -= down * force;
    theirs.x += across * force;
    theirs.y += down * force;
  }
}

function step(point: Point, move: Point, most: number): void {
  move.x -= point.x * 0.1;
  move.y -= point.y * 0.1;
  const far = Math.hypot(move.x, move.y);
  const share = far > most ? most / far : 1;
  point.x += move.x * share;
  point.y += move.y * share;
}
