// Follows a live route: new points extend the traces, and Python is told only when the run's phase changes.

function follow(part) {
  clearTimeout(part.timer);
  const { live } = part.data;
  if (!live) return;
  let { phase } = live;
  const run = part.generation;
  const again = (wait) => { if (part.generation === run) part.timer = setTimeout(ask, wait); };
  const ask = async () => {
    if (!part.frame.isConnected) return;
    const asked = performance.now();
    try {
      const response = await fetch(`${live.route}&since=${part.cursor}`, { cache: "no-store" });
      if (response.status >= 400 && response.status < 500) return; // the run is gone, and no question brings it back
      const answer = await response.json();
      if (part.generation !== run) return;
      part.cursor = answer.cursor;
      status(part, answer.status);
      extend(part, answer.extend.filter(({ x }) => x.length > 0));
      if (answer.marks?.length) await mark(part, answer.marks);
      const moved = axes(part, answer);
      if (moved) part.Plotly.relayout(part.element, moved);
      if (answer.phase !== phase) part.emit("phase", (phase = answer.phase));
      if (answer.moved) await move(part, answer.moved);
      const wait = (document.hidden ? 5 : 1) * answer.wait * (0.9 + 0.2 * Math.random());
      if (!answer.ended) again(Math.max(20, wait - (performance.now() - asked)));
    } catch {
      again(2000); // the server restarts or the network blinks: the run goes on, so does the question
    }
  };
  ask();
}

const LEAST = -7; // the power of ten below which no loss is shown

// What moves of the axes, as figures/curve_axes.py begins them: their right end, and how many numbers lead there, the top
// of a loss that runs away, and the bottom of one that goes down to nothing.
function axes(part, { reach, ticks, extend: pieces }) {
  const moved = {};
  if (reach !== undefined && reach !== part.reach) {
    part.reach = reach;
    for (const axis of ["xaxis", "xaxis2"]) {
      Object.assign(moved, { [`${axis}.range`]: [-0.05 * reach, reach], [`${axis}.nticks`]: ticks });
    }
  }
  const losses = pieces.filter(({ trace }) => trace % 4 < 2).flatMap(({ y }) => y).filter((loss) => loss > 0); // of one run or two
  const [low, high] = part.element.layout.yaxis?.range ?? [];
  const [least, most] = [Math.log10(Math.min(...losses)), Math.log10(Math.max(...losses))];
  if (least < low || most > high) {
    moved["yaxis.range"] = [least < low ? Math.max(Math.floor(least), LEAST) : low, most > high ? Math.ceil(most) : high];
  }
  return Object.keys(moved).length > 0 && moved;
}

// All traces at once: one redraw an answer.
function extend(part, pieces) {
  if (pieces.length === 0) return;
  const all = (name) => pieces.map((piece) => piece[name]);
  part.Plotly.extendTraces(part.element, { x: all("x"), y: all("y"), customdata: all("customdata") }, all("trace"));
}

// Points that have an id, the number of their digit, go to the places of a map: two numbers a digit. What was written and
// drawn over them comes anew with the page.
async function move(part, { places, across, up, version }) {
  const bytes = Uint8Array.from(atob(places), (letter) => letter.charCodeAt(0)), map = new Float32Array(bytes.buffer);
  const traces = part.element.data.map(({ ids }, trace) => ({ ids, trace })).filter(({ ids }) => ids);
  const along = (axis) => traces.map(({ ids }) => Float32Array.from(ids, (id) => map[2 * id.slice(id.indexOf("-") + 1) + axis]));
  const frame = { "xaxis.range": across, "yaxis.range": up, annotations: [], shapes: [] };
  const mine = part.generation;
  await part.Plotly.update(part.element, { x: along(0), y: along(1) }, frame, traces.map(({ trace }) => trace));
  if (part.generation === mine) part.frame.dataset.shows = version;
}

// Marks are few: all of them again, in place of those before, always behind the lines that are extended.
async function mark(part, marks) {
  const { Plotly, element, frame } = part, said = JSON.stringify(marks);
  if (part.marked === said) return;
  part.marked = said;
  const before = element.data.flatMap(({ meta }, place) => (meta === "mark" ? [place] : []));
  const shown = element.layout.meta?.bare ? marks.filter(({ mode }) => mode !== "text") : marks; // in a narrow place
  await Plotly.addTraces(element, themed(shown, getComputedStyle(frame))); // first, so that they never blink
  if (before.length) await Plotly.deleteTraces(element, before);
}

function status(part, entries) {
  part.status.replaceChildren(...entries.map(({ label, value }) => {
    const item = document.createElement("div");
    item.append(Object.assign(document.createElement("dt"), { textContent: label }),
      Object.assign(document.createElement("dd"), { textContent: value }));
    return item;
  }));
}
