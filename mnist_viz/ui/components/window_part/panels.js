// The two pictures, each drawn once and then again under every frame: what goes in, and what comes out.
const HALO = 2; // pixels of ground around a frame, so that it is seen on ink and on paper alike

// A canvas as large as its place, sharp on any screen; cells are as even as whole pixels allow.
function fit(canvas, cells) {
  const side = Math.max(40, Math.round(canvas.parentElement.clientWidth * devicePixelRatio));
  if (canvas.width !== side) Object.assign(canvas, { width: side, height: side });
  return { side, edge: (place) => Math.round((place * side) / Math.max(1, cells)) };
}

function painted(side, paint) {
  const base = Object.assign(document.createElement("canvas"), { width: side, height: side });
  paint(base.getContext("2d"));
  return base;
}

// Thin strokes over the cells that no window sees.
function hatch(pen, side, edge, hidden, palette) {
  pen.save();
  pen.beginPath();
  for (const [row, column] of hidden) {
    pen.rect(edge(column), edge(row), edge(column + 1) - edge(column), edge(row + 1) - edge(row));
  }
  pen.clip();
  pen.fillStyle = `rgba(${palette.ground},0.55)`;
  pen.fillRect(0, 0, side, side);
  pen.strokeStyle = `rgba(${palette.text},0.7)`;
  pen.lineWidth = devicePixelRatio;
  const gap = 5 * devicePixelRatio;
  pen.beginPath();
  for (let at = -side; at < side; at += gap) {
    pen.moveTo(at, side);
    pen.lineTo(at + side, 0);
  }
  pen.stroke();
  pen.restore();
}

function drawInputBase(part) {
  const { d, palette, input } = part;
  const wide = d.n + 2 * d.p;
  part.cells = Math.max(wide, d.reach); // a window that is too large is shown to be
  const { side, edge } = fit(input, part.cells);
  part.inEdge = edge;
  part.inBase = painted(side, (pen) => {
    const hidden = [];
    for (let row = 0; row < wide; row += 1) {
      for (let column = 0; column < wide; column += 1) {
        pen.fillStyle = css(inked(valueAt(d, row, column), d, palette));
        pen.fillRect(edge(column), edge(row), edge(column + 1) - edge(column), edge(row + 1) - edge(row));
        if (d.out && !(d.seen[row] && d.seen[column])) hidden.push([row, column]);
      }
    }
    if (hidden.length) hatch(pen, side, edge, hidden, palette);
    if (d.p || part.cells > wide) {
      pen.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
      pen.strokeStyle = `rgba(${palette.text},0.55)`;
      pen.lineWidth = devicePixelRatio;
      pen.strokeRect(edge(d.p), edge(d.p), edge(d.p + d.n) - edge(d.p), edge(d.p + d.n) - edge(d.p));
    }
  });
}

function drawOutputBase(part) {
  const { d, output } = part;
  const { side, edge } = fit(output, d.out);
  const { colour, ends } = outputScale(part), values = shown(d);
  part.outEdge = edge;
  Object.assign(part, { colour, ends });
  part.outBase = painted(side, (pen) => {
    for (let at = 0; at < values.length; at += 1) {
      const [row, column] = [Math.floor(at / d.out), at % d.out];
      pen.fillStyle = css(colour(values[at]));
      pen.fillRect(edge(column), edge(row), edge(column + 1) - edge(column), edge(row + 1) - edge(row));
    }
  });
}

function frame(pen, edge, row, column, size, palette, thick = 2) {
  const wide = thick * devicePixelRatio, halo = HALO * devicePixelRatio;
  const at = (place) => edge(Math.floor(place)) + (edge(Math.ceil(place)) - edge(Math.floor(place))) * (place % 1);
  const [left, top, right, bottom] = [column, row, column + size, row + size].map(at);
  for (const [colour, width] of [[palette.ground, wide + halo], [palette.primary, wide]]) {
    pen.strokeStyle = css(colour);
    pen.lineWidth = width;
    pen.strokeRect(left, top, right - left, bottom - top);
  }
  return { left, top, right, bottom };
}

// The window and the cell at a place between cells, too, while they move on.
function drawFrames(part, row = part.row, column = part.column) {
  const { d, palette } = part;
  const [inside, outside] = [part.input, part.output].map((canvas) => canvas.getContext("2d"));
  for (const [pen, base] of [[inside, part.inBase], [outside, part.outBase]]) {
    pen.clearRect(0, 0, base.width, base.height);
    pen.drawImage(base, 0, 0);
  }
  const still = row === part.row && column === part.column;
  if (d.out && still && d.d > 1) {
    for (const cell of under(d, row, column)) frame(inside, part.inEdge, ...cell, 1, palette, 1);
  }
  part.windowBox = frame(inside, part.inEdge, d.out ? row * d.s : 0, d.out ? column * d.s : 0, d.reach, palette);
  if (part.touched) frame(inside, part.inEdge, ...part.touched, 1, palette);
  if (!d.out) return;
  const won = still && winner(part);
  if (won) {
    const [y, x] = [won.row + d.p, won.column + d.p];
    const size = part.inEdge(x + 1) - part.inEdge(x);
    inside.fillStyle = css(palette.for);
    inside.fillRect(part.inEdge(x), part.inEdge(y), size, part.inEdge(y + 1) - part.inEdge(y));
  }
  if (part.touched) for (const cell of fed(d, ...part.touched)) frame(outside, part.outEdge, ...cell, 1, palette, 1);
  if (part.chosen.join() !== [part.row, part.column].join()) frame(outside, part.outEdge, ...part.chosen, 1, palette, 1);
  part.cellBox = frame(outside, part.outEdge, row, column, 1, palette);
}

function winner({ d, row, column }) {
  if (!d.winners) return null;
  const place = d.winners[row * d.out + column];
  return { row: Math.floor(place / d.n), column: place % d.n };
}
