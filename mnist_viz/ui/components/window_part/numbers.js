// The numbers of the lit cell: its window, the weights, the products, their sum, and each further step in a formula.
const TOLD = 7; // cells a side up to which a grid has room for numbers

const tag = (name, className, ...children) => {
  const element = Object.assign(document.createElement(name), { className });
  element.append(...children);
  return element;
};
const fraction = (above, below) => tag("span", "mv-win-frac", tag("span", "", ...above), tag("span", "", ...below));
const root = (...inside) => tag("span", "mv-win-root", "√", tag("span", "", ...inside));
const braced = (value, decimals = 3) => {
  const words = fixed(value, decimals);
  return words.startsWith("−") ? `(${words})` : words;
};
const plus = (value) => `${value < 0 ? "−" : "+"} ${fixed(Math.abs(value), 3)}`;

function layGrid(part, name, makeCell) {
  const grid = part.blocks[name].querySelector(".mv-win-grid");
  grid.style.setProperty("--mv-k", part.d.k);
  grid.replaceChildren(...Array.from({ length: part.d.k ** 2 }, (_, at) => makeCell(at)));
}

// Lays the grids anew where the kernel has another size or another nature.
function layNumbers(part) {
  const { d, words } = part;
  const key = [d.k, d.way, d.editable].join();
  part.middle.dataset.k = d.k <= 3 ? "few" : d.k <= 5 ? "some" : d.k <= TOLD ? "many" : "crowd";
  for (const name of ["weights", "products"]) part.blocks[name].hidden = d.way !== "weigh";
  const alone = d.way === "weigh" ? words.weights : ""; // where there is no window
  part.caption.textContent = d.editable ? words.edit : !d.out ? alone : d.way === "weigh" ? words.multiply : words.window;
  part.blocks.weights.querySelector("b").textContent = d.out ? "×" : "";
  part.blocks.products.querySelector("b").textContent = "=";
  if (key === part.grids) return;
  part.grids = key;
  layGrid(part, "window", () => tag("span", ""));
  layGrid(part, "products", () => tag("span", ""));
  layGrid(part, "weights", (at) => (d.editable ? field(part, at) : tag("span", "")));
}

function fill(cells, values, colour, told) {
  values.forEach((value, at) => {
    const cell = cells[at], words = told ? fixed(value, 2) : "";
    dye(cell, colour(value));
    if (cell.tagName !== "INPUT") cell.textContent = words;
    else if (cell !== document.activeElement || cell.dataset.drags) cell.value = fixed(value, 2);
  });
}

function showNumbers(part) {
  const { d, palette, words, row, column } = part;
  const cellsOf = (name) => [...part.blocks[name].querySelector(".mv-win-grid").children];
  const told = d.k <= TOLD;
  if (d.way === "weigh") {
    const most = Math.max(...d.weights.map(Math.abs));
    fill(cellsOf("weights"), [...d.weights], (value) => signed(value, most, palette), told);
  }
  part.sum.hidden = !d.out;
  part.blocks.window.hidden = part.blocks.products.hidden = !d.out;
  if (d.way !== "weigh") part.blocks.products.hidden = true;
  if (!d.out) {
    part.chain.replaceChildren();
    return;
  }
  const { values, products, sum } = productsAt(d, row, column);
  fill(cellsOf("window"), values, (value) => inked(value, d, palette), told);
  if (d.way === "weigh") {
    const most = Math.max(...products.map(Math.abs));
    fill(cellsOf("products"), products, (value) => signed(value, most, palette), told);
  }
  const won = winner(part);
  cellsOf("window").forEach((cell, at) => {
    const [y, x] = under(d, row, column)[at];
    cell.classList.toggle("mv-win-won", Boolean(won) && y - d.p === won.row && x - d.p === won.column);
  });
  const place = row * d.out + column;
  const name = { weigh: d.bias === null ? words.sum : words.with_bias, max: words.largest, mean: words.mean }[d.way];
  // What becomes of it stands beside it, in short: the cards below may be out of sight.
  const after = d.chain.map((link) => tag("small", "", `${words[link.kind]} → ${fixed(link.values[place], 3)}`));
  part.sum.replaceChildren(tag("span", "", filled(name, { count: d.k ** 2 })), tag("b", "", `= ${fixed(d.sums[place], 3)}`),
    ...after);
  part.chain.replaceChildren(card(...sumCard(part, values, sum, place, won)), ...d.chain.map((link, at) => {
    const before = at ? d.chain[at - 1].values[place] : d.sums[place];
    return card(link.kind, words[link.kind], ...formula(link, before), link.values[place]);
  }));
  Object.assign(part.root.dataset, { row, column, value: fixed(shown(d)[place], 3) });
}

// The first thing that happens: kind, name, formula, the same with numbers, what comes out.
function sumCard({ d, words }, values, sum, place, won) {
  const count = d.k ** 2, out = d.sums[place];
  if (d.way === "max") {
    const equal = values.filter((one) => one === Math.max(...values)).length;
    const why = won && equal > 1 ? [` (${filled(words.tie, { count: equal })})`] : [];
    return ["max", filled(words.largest, { count }), ["max xᵢ"],
      [filled(words.won, { row: won ? won.row : "?", column: won ? won.column : "?" }), ...why], out];
  }
  if (d.way === "mean") return ["mean", filled(words.mean, { count }), ["Σ xᵢ / ", String(count)], [`${fixed(sum, 3)} / ${count}`], out];
  const term = (at) => `${braced(values[at], 2)}·${braced(d.weights[at], 2)}`;
  const terms = `${term(0)} + ${term(1)} + … + ${term(count - 1)}`;
  const bias = d.bias === null ? [] : [` ${plus(d.bias)}`];
  return ["sum", `${filled(words.sum_of, { count })}${d.bias === null ? "" : ` + ${words.bias}`}`,
    [d.bias === null ? "Σ xᵢ wᵢ" : "Σ xᵢ wᵢ + b"], d.bias === null ? [terms] : [`${fixed(sum, 3)}`, ...bias], out];
}

function formula(link, x) {
  if (link.kind === "batch_norm") {
    const { gamma, beta, mean, variance, eps } = link;
    return [
      [fraction(["x − μ"], [root("σ² + ε")]), " γ + β"],
      [fraction([`${fixed(x, 3)} ${plus(-mean)}`], [root(`${fixed(variance, 3)} + ${eps}`)]), ` · ${braced(gamma)} ${plus(beta)}`],
    ];
  }
  if (link.kind === "sigmoid") {
    const power = (words) => tag("sup", "", words);
    return [[fraction(["1"], ["1 + e", power("−x")])], [fraction(["1"], ["1 + e", power(x < 0 ? fixed(-x, 3) : `−${fixed(x, 3)}`)])]];
  }
  return link.kind === "relu" ? [["max(0, x)"], [`max(0, ${fixed(x, 3)})`]] : [["tanh(x)"], [`tanh(${fixed(x, 3)})`]];
}

function card(kind, name, general, numbers, out) {
  const result = tag("section", "mv-win-card", tag("b", "", name), tag("div", "mv-win-general", ...general),
    tag("div", "mv-win-filled", ...numbers, tag("strong", "", ` = ${fixed(out, 3)}`)));
  result.dataset.kind = kind;
  return result;
}
