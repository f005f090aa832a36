// Makes of the ink on the pad the picture that the network gets; mnist_viz/data/drawing.py says how, and does the same.
const SIDE = 28, BOX = 20, MIDDLE = 14.5; // the middle of pixel 14, from the edge

// The share that each source row has in each of 28 rows, which begin at `origin` and are `pixel` high: [row, share] pairs.
function coverage(length, origin, pixel) {
  return Array.from({ length: SIDE }, (_, number) => {
    const low = origin + pixel * number, high = low + pixel, shares = [];
    for (let at = Math.max(0, Math.floor(low)); at < Math.min(length, Math.ceil(high)); at += 1) {
      shares.push([at, (Math.min(high, at + 1) - Math.max(low, at)) / pixel]);
    }
    return shares;
  });
}

// Grey values averaged down the columns first, then along the rows.
function averaged(ink, length, down, across) {
  const result = new Uint8Array(SIDE * SIDE), row = new Float64Array(length);
  down.forEach((rows, y) => {
    row.fill(0);
    for (const [at, share] of rows) for (let x = 0; x < length; x += 1) row[x] += share * ink[at * length + x];
    across.forEach((columns, x) => {
      let sum = 0;
      for (const [at, share] of columns) sum += share * row[at];
      result[y * SIDE + x] = Math.floor(sum + 0.5);
    });
  });
  return result;
}

// First and last place with ink in one direction, and its centre of mass.
function extent(weight) {
  const first = weight.findIndex((one) => one > 0), last = weight.findLastIndex((one) => one > 0);
  let sum = 0, moment = 0;
  weight.forEach((one, at) => { sum += one; moment += one * (at + 0.5); });
  return { first, wide: last - first + 1, middle: moment / sum };
}

function place({ first, wide, middle }, size, length) {
  const pixel = size / BOX;
  const room = SIDE - Math.ceil(wide / pixel - 1e-9);
  const start = Math.min(Math.max(Math.floor(MIDDLE - (middle - first) / pixel + 0.5), 0), room);
  return coverage(length, first - start * pixel, pixel);
}

// The square of ink (length x length, 0 to 255) as it is, and as the network gets it.
function pictures(ink, length) {
  const even = coverage(length, 0, length / SIDE);
  const down = new Float64Array(length), across = new Float64Array(length);
  for (let y = 0, at = 0; y < length; y += 1) {
    for (let x = 0; x < length; x += 1, at += 1) { down[y] += ink[at]; across[x] += ink[at]; }
  }
  const raw = averaged(ink, length, even, even);
  const rows = extent(down), columns = extent(across);
  if (rows.first < 0) return { raw, seen: new Uint8Array(SIDE * SIDE), empty: true };
  const size = Math.max(rows.wide, columns.wide);
  return { raw, seen: averaged(ink, length, place(rows, size, length), place(columns, size, length)), empty: false };
}
