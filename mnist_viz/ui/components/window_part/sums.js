// What the browser works out by itself: which cells lie under a window, whom a cell feeds, and products with their sums.
const shown = (d) => (d.chain.length ? d.chain.at(-1).values : d.sums);

// The value of a cell of the padded picture; a pooling for the largest lets padding never win.
function valueAt(d, row, column) {
  const [y, x] = [row - d.p, column - d.p];
  if (y >= 0 && y < d.n && x >= 0 && x < d.n) return d.values[y * d.n + x];
  return d.way === "max" ? -Infinity : 0;
}

// The k x k cells under the window of an output cell, row by row: [row, column] in the padded picture.
function under(d, row, column) {
  return Array.from({ length: d.k * d.k }, (_, at) => [
    row * d.s + Math.floor(at / d.k) * d.d, column * d.s + (at % d.k) * d.d,
  ]);
}

// The output cells in whose window a cell of the padded picture lies.
function fed(d, row, column) {
  const along = (place) => {
    const found = [];
    for (let one = 0; one < d.out; one += 1) {
      const inside = place - one * d.s;
      if (inside >= 0 && inside < d.reach && inside % d.d === 0) found.push(one);
    }
    return found;
  };
  return along(row).flatMap((down) => along(column).map((across) => [down, across]));
}

function productsAt(d, row, column) {
  const values = under(d, row, column).map((cell) => valueAt(d, ...cell));
  const products = d.way === "weigh" ? values.map((value, at) => value * d.weights[at]) : values;
  return { values, products, sum: products.reduce((sum, one) => sum + one, 0) };
}

const AFTER = {
  batch_norm: (x, { gamma, beta, mean, variance, eps }) => (gamma * (x - mean)) / Math.sqrt(variance + eps) + beta,
  relu: (x) => Math.max(0, x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
};

// While weights are dragged or a digit is drawn: a preview, until the page answers with numbers of its own.
function preview(d) {
  for (let row = 0; row < d.out; row += 1) {
    for (let column = 0; column < d.out; column += 1) {
      const { values, sum } = productsAt(d, row, column);
      const whole = { weigh: sum + (d.bias ?? 0), mean: sum / values.length, max: Math.max(...values) };
      d.sums[row * d.out + column] = whole[d.way];
    }
  }
  d.chain.forEach((link, at) => {
    const before = at ? d.chain[at - 1].values : d.sums;
    before.forEach((x, place) => { link.values[place] = AFTER[link.kind](x, link); });
  });
  d.winners = null;
}

const fixed = (value, decimals) => {
  if (value === -Infinity) return "−∞";
  if (value === 0) return "0";
  const words = value.toFixed(decimals).replace("-", "−");
  return Number(value.toFixed(decimals)) === 0 ? words.replace("−", "") : words;
};
const filled = (words, fields) => words.replace(/\{(\w+)\}/g, (_, name) => fields[name]);
