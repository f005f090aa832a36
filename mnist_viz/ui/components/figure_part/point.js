// What the visitor points at: clicks, a lasso, arrow keys, and the digit under the pointer.

function listen(part) {
  const { element } = part;
  element.on("plotly_click", ({ points: [point] }) => choose(part, point));
  element.on("plotly_selected", (event) => event && select(part, event)); // undefined is a mere click: the line stays
  element.on("plotly_deselect", () => select(part, null));
  element.on("plotly_hover", ({ points: [point], event }) => part.data.thumbnails && hover(part, point, event));
  element.on("plotly_hover", ({ points: [point] }) => standOut(part, point.data.meta));
  element.on("plotly_unhover", () => {
    part.hovered = null;
    part.thumbnail.hidden = true;
    standOut(part, null);
  });
  part.frame.addEventListener("keydown", (event) => keys(part, event));
}

function choose(part, { id, x, y, z }) {
  part.data.at = id;
  part.emit("click", id === undefined ? { x, y, z: z ?? null } : { id });
}

// A selection travels as a bitset over the points of the first trace, with the version of the data it speaks of.
function select(part, event) {
  if (!part.data.selects) return;
  const chosen = (event?.points ?? []).filter((point) => point.curveNumber === 0);
  if (chosen.length === 0) return part.keep("selection", null);
  const bits = new Uint8Array(Math.ceil(part.figure.data[0].ids.length / 8));
  for (const { pointNumber } of chosen) bits[pointNumber >> 3] |= 1 << (pointNumber & 7);
  part.keep("selection", { version: part.data.version, bits: btoa(String.fromCharCode(...bits)) });
}

// A chosen cell that a narrow window hides is brought into sight, sideways alone, and once: who looks elsewhere may.
function reveal(part) {
  const { frame, data: { cells, chosen } } = part;
  const said = chosen && [chosen.row, chosen.column].join();
  if (!cells || !chosen || part.revealed === said) return;
  part.revealed = said;
  let around = frame.parentElement;
  while (around && getComputedStyle(around).overflowX !== "auto") around = around.parentElement;
  if (!around) return;
  const wide = frame.offsetWidth / cells[1];
  const left = frame.getBoundingClientRect().left - around.getBoundingClientRect().left + chosen.column * wide;
  if (left < 0 || left + wide > around.clientWidth) around.scrollLeft += left + (wide - around.clientWidth) / 2;
}

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function keys(part, event) {
  const arrow = ARROWS[event.key];
  if (!arrow || event.target !== part.frame) return;
  const [down, right] = arrow;
  const trace = part.element._fullData?.[0];
  if (part.data.cells) {
    const [rows, columns] = part.data.cells;
    const { row, column } = part.data.chosen ?? { row: 0, column: -1 };
    const next = [Math.min(rows - 1, Math.max(0, row + down)), Math.min(columns - 1, Math.max(0, column + right))];
    part.data.chosen = { row: next[0], column: next[1] };
    part.emit("click", { x: next[1], y: next[0], z: null });
  } else if (trace?.ids) {
    const at = trace.ids.indexOf(part.data.at), back = down + right < 0;
    const from = at < 0 && back ? 0 : at; // a digit that is not among the points lies between the last and the first
    part.data.at = trace.ids[(from + down + right + trace.ids.length) % trace.ids.length];
    part.emit("click", { id: part.data.at });
  } else return;
  event.preventDefault();
}

const FAINT = 0.15; // opacity of what does not stand out

// With meta.stands_out in the layout, the traces that share the meta of the one under the pointer keep their ink.
function standOut({ element, figure }, one) {
  if (!figure.layout.meta?.stands_out) return;
  element.querySelectorAll(".scatterlayer .trace").forEach((drawn) => {
    const { trace } = drawn.__data__[0];
    drawn.style.opacity = one === null || trace.meta === one ? trace.opacity : FAINT;
  });
}

const GAP = 3; // pixels between the digit and its words

async function hover(part, point, event) {
  if (point.id === undefined) return;
  const { thumbnail } = part;
  part.hovered = point.id;
  const answer = await fetch(`api/digits/${encodeURIComponent(point.id)}`);
  if (!answer.ok || part.hovered !== point.id) return;
  paint(thumbnail, new Uint8Array(await answer.arrayBuffer()), getComputedStyle(part.frame));
  thumbnail.hidden = false;
  place(part, event);
}

// The digit stands on the words that plotly writes beside the point; where the title is in the way, below them.
function place({ frame, element, thumbnail }, { clientX, clientY }) {
  const around = frame.getBoundingClientRect();
  const words = element.querySelector(".hovertext")?.getBoundingClientRect() ?? new DOMRect(clientX + 16, clientY, 0, 0);
  const above = words.top - around.top - thumbnail.offsetHeight - GAP;
  const before = words.left + words.right < 2 * clientX; // the words end at the point, and do not begin there
  const left = (before ? words.right - thumbnail.offsetWidth : words.left) - around.left;
  thumbnail.style.left = `${Math.max(0, Math.min(left, around.width - thumbnail.offsetWidth))}px`;
  thumbnail.style.top = `${above < element.offsetTop ? words.bottom - around.top + GAP : above}px`;
}

function paint(canvas, pixels, style) {
  const pen = canvas.getContext("2d");
  pen.fillStyle = style.getPropertyValue("--st-text-color");
  pen.clearRect(0, 0, 28, 28);
  pixels.forEach((grey, at) => {
    pen.globalAlpha = grey / 255;
    pen.fillRect(at % 28, Math.floor(at / 28), 1, 1);
  });
}
