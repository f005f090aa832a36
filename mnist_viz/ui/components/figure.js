// One plotly figure: drawn in the theme's colours on a DOM node that stays, it reports clicks and selections,
// follows a live route, replays what was recorded, and fills the screen.
const parts = new WeakMap(); // parentElement -> everything one mounted figure remembers
let plotly;

function load(address) {
  plotly ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    Object.assign(script, { src: address, onload: () => done(window.Plotly), onerror: () => failed(new Error(address)) });
    document.head.append(script);
  });
  return plotly;
}

// A figure names the theme's colours as var(--st-...), also inside colour scales; plotly.js wants their values.
function themed(value, style) {
  if (typeof value === "string") {
    return value.includes("var(--")
      ? value.replace(/var\((--[\w-]+)\)/g, (_, name) => style.getPropertyValue(name).trim()) : value;
  }
  if (Array.isArray(value)) {
    const numbers = typeof value[0] === "number" && typeof value.at(-1) === "number"; // long, and without colours
    return numbers ? value : value.map((item) => themed(item, style));
  }
  if (value && typeof value === "object" && value.constructor === Object) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, themed(item, style)]));
  }
  return value;
}

async function draw(part) {
  const { Plotly, element } = part;
  const full = document.fullscreenElement === part.frame;
  const figure = themed(JSON.parse(part.data.figure), getComputedStyle(part.frame));
  part.figure = figure;
  part.cursor = part.data.live?.cursor; // what was polled since is not in this figure
  part.reach = part.data.live?.reach;
  part.factor = full ? Math.min(2.2, Math.max(1, room(part) / figure.layout.height)) : typeScale();
  const layout = enlarged(figure.layout, part.factor);
  layout.height = full ? room(part) : fitting(layout, element.offsetWidth);
  const data = figure.data.map((trace) => trace.textfont ? { ...trace, textfont: grown(trace.textfont, part.factor) } : trace);
  await Plotly.react(element, data, layout, {
    responsive: false, displaylogo: false, displayModeBar: part.data.selects ? "hover" : false,
    modeBarButtonsToRemove: ["toImage", "autoScale2d", "share"], doubleClick: "reset", scrollZoom: false,
  });
}

// A picture of squares needs less height in a narrow window: meta.fit says how much.
function fitting({ height, meta }, width) {
  return meta?.fit ? Math.min(height, meta.fit.share * width + meta.fit.plus) : height;
}

// How much larger the page's type is than the 18 pixels that figures are made for: the projector's view.
const typeScale = () => Math.max(1, parseFloat(getComputedStyle(document.documentElement).fontSize) / 18);

// Filling the screen, the plot has what the title, the figures above it and the player leave.
function room(part) {
  const taken = [...part.frame.children].filter((child) => child !== part.element && child.offsetParent === part.frame)
    .reduce((sum, child) => sum + (getComputedStyle(child).position === "absolute" ? 0 : child.offsetHeight), 0);
  return window.innerHeight - taken - 40;
}

// Settings with every size of letters in them grown by a factor.
function grown(value, factor) {
  if (Array.isArray(value)) return value.map((item) => grown(item, factor));
  if (!value || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) =>
    [name, name === "size" && typeof item === "number" ? item * factor : grown(item, factor)]));
}

// The layout with letters, margins and height grown by a factor.
function enlarged(layout, factor) {
  const { margin, meta } = layout;
  const fit = meta?.fit && { share: meta.fit.share, plus: meta.fit.plus * factor };
  return {
    ...grown(layout, factor), autosize: true, height: layout.height * factor, meta: { ...meta, fit },
    margin: Object.fromEntries(Object.entries(margin).map(([side, size]) => [side, size * factor])),
  };
}

// ---- what the visitor points at -------------------------------------------------------------------------

function listen(part) {
  const { element } = part;
  element.on("plotly_click", ({ points: [point] }) => choose(part, point));
  element.on("plotly_selected", (event) => select(part, event));
  element.on("plotly_hover", ({ points: [point], event }) => part.data.thumbnails && hover(part, point, event));
  element.on("plotly_unhover", () => {
    part.hovered = null;
    part.thumbnail.hidden = true;
  });
  part.frame.addEventListener("keydown", (event) => keys(part, event));
}

function choose(part, { id, x, y, z, curveNumber, pointNumber }) {
  part.at = { curve: curveNumber, point: pointNumber };
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
    const point = ((part.at?.point ?? -1) + down + right + trace.ids.length) % trace.ids.length;
    part.at = { curve: 0, point };
    part.emit("click", { id: trace.ids[point] });
  } else return;
  event.preventDefault();
}

async function hover(part, point, event) {
  if (point.id === undefined) return;
  const { thumbnail } = part;
  part.hovered = point.id;
  const answer = await fetch(`api/digits/${encodeURIComponent(point.id)}`);
  if (!answer.ok || part.hovered !== point.id) return;
  paint(thumbnail, new Uint8Array(await answer.arrayBuffer()), getComputedStyle(part.frame));
  const frame = part.frame.getBoundingClientRect();
  thumbnail.style.left = `${Math.min(event.clientX - frame.left + 16, frame.width - 100)}px`;
  thumbnail.style.top = `${Math.max(event.clientY - frame.top - 100, 0)}px`;
  thumbnail.hidden = false;
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

// ---- live: poll a small route, extend the traces, tell Python only when the state changes -----------------------

function follow(part) {
  clearTimeout(part.timer);
  const { live } = part.data;
  if (!live) return;
  let { state } = live;
  const run = part.generation;
  const again = (wait) => { if (part.generation === run) part.timer = setTimeout(ask, wait); };
  const ask = async () => {
    if (!part.frame.isConnected) return;
    const asked = performance.now();
    try {
      const answer = await (await fetch(`${live.route}&since=${part.cursor}`, { cache: "no-store" })).json();
      if (part.generation !== run) return;
      part.cursor = answer.cursor;
      status(part, answer.status);
      extend(part, answer.extend.filter(({ x }) => x.length > 0));
      if (answer.reach !== part.reach) {
        part.reach = answer.reach;
        const range = [-0.05 * answer.reach, answer.reach]; // as figures/curves.py begins it
        part.Plotly.relayout(part.element, { "xaxis.range": range, "xaxis2.range": [...range] });
      }
      if (answer.state !== state) part.emit("state", (state = answer.state));
      const wait = (document.hidden ? 5 : 1) * answer.wait * (0.9 + 0.2 * Math.random());
      if (!answer.ended) again(Math.max(20, wait - (performance.now() - asked)));
    } catch {
      again(2000); // the server restarts or the network blinks: the run goes on, so does the question
    }
  };
  ask();
}

// All traces at once: one redraw an answer.
function extend(part, pieces) {
  if (pieces.length === 0) return;
  const all = (name) => pieces.map((piece) => piece[name]);
  part.Plotly.extendTraces(part.element, { x: all("x"), y: all("y"), customdata: all("customdata") }, all("trace"));
}

function status(part, entries) {
  part.status.replaceChildren(...entries.map(({ label, value }) => {
    const item = document.createElement("div");
    item.append(Object.assign(document.createElement("dt"), { textContent: label }),
      Object.assign(document.createElement("dd"), { textContent: value }));
    return item;
  }));
}

// ---- replay: the recorded points again, at any speed, each point's customdata being [step, seconds] --------------

function replay(part) {
  part.player.hidden = !part.data.replay;
  if (!part.data.replay) return;
  const [button, slider, speed, label] = part.player.children;
  const traces = part.figure.data.map(({ x, y, customdata }) => ({ x, y, customdata }));
  const length = Math.max(...traces.flatMap(({ customdata }) => (customdata ?? []).map(([, seconds]) => seconds)));
  let clock = length, before = null, drawn = 0;
  const show = () => {
    const cut = traces.map(({ customdata }) => (customdata ?? []).filter(([, seconds]) => seconds <= clock).length);
    const step = Math.max(0, ...traces.map(({ customdata }, n) => (cut[n] ? customdata[cut[n] - 1][0] : 0)));
    part.Plotly.restyle(part.element, {
      x: traces.map(({ x }, n) => x.slice(0, cut[n])), y: traces.map(({ y }, n) => y.slice(0, cut[n])),
      customdata: traces.map(({ customdata }, n) => (customdata ?? []).slice(0, cut[n])),
    }, traces.map((_, n) => n));
    slider.value = Math.round((1000 * clock) / length);
    label.textContent = part.data.words.at.replace("{step}", step.toLocaleString("en")).replace("{seconds}", clock.toFixed(1));
  };
  const tick = (now) => {
    if (!part.playing || !part.frame.isConnected) return;
    clock = Math.min(length, clock + ((now - before) / 1000) * Number(speed.value));
    before = now;
    if (now - drawn > 80) { show(); drawn = now; }
    if (clock >= length) { show(); play(false); } else requestAnimationFrame(tick);
  };
  const play = (on) => {
    part.playing = on;
    button.textContent = on ? part.data.words.pause : part.data.words.play;
    if (on) { if (clock >= length) clock = 0; before = performance.now(); requestAnimationFrame(tick); }
  };
  button.onclick = () => play(!part.playing);
  slider.oninput = () => { clock = (length * slider.value) / 1000; show(); };
  play(false);
  label.textContent = part.data.words.at.replace("{step}", Math.max(...traces.flatMap(({ customdata }) =>
    (customdata ?? []).map(([step]) => step))).toLocaleString("en")).replace("{seconds}", length.toFixed(1));
  slider.value = 1000;
}

function resize(part) {
  const { width, height } = part.element.getBoundingClientRect();
  const wanted = document.fullscreenElement === part.frame ? height : fitting(enlarged(part.figure.layout, part.factor), width);
  if (Math.abs(width - part.width) < 1 && Math.abs(wanted - height) < 1) return;
  part.width = width;
  part.Plotly.relayout(part.element, { width: null, height: wanted, autosize: true });
}

// ---- mounting -----------------------------------------------------------------------------------------

function mount(parentElement) {
  const find = (name) => parentElement.querySelector(`.${name}`);
  const part = { frame: find("mv-figure"), element: find("mv-plot"), status: find("mv-status"), player: find("mv-player"),
    thumbnail: find("mv-thumbnail"), generation: 0 };
  const fill = find("mv-fill");
  fill.onclick = () => (document.fullscreenElement ? document.exitFullscreen() : part.frame.requestFullscreen());
  part.onscreen = () => part.drawn && show(part, { again: true });
  part.frame.addEventListener("fullscreenchange", part.onscreen);
  part.watch = new ResizeObserver(() => part.drawn && part.element.offsetWidth && resize(part));
  part.watch.observe(part.frame);
  return part;
}

// Draw where needed, then follow and replay; whoever comes later takes over from whoever is still drawing.
async function show(part, { again }) {
  const mine = (part.generation += 1);
  part.playing = false;
  if (again || !part.drawn) await draw(part);
  if (mine !== part.generation) return;
  if (!part.drawn) listen(part);
  part.drawn = true;
  part.frame.dataset.shows = part.data.version;
  follow(part);
  replay(part);
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  if (!data.figure) return void load(data.lib); // only told to be ready
  let part = parts.get(parentElement);
  if (!part) parts.set(parentElement, (part = mount(parentElement)));
  const theme = getComputedStyle(part.frame).getPropertyValue("--st-background-color");
  const same = part.data && part.data.figure === data.figure && part.theme === theme && part.factor === typeScale();
  Object.assign(part, { data, theme, emit: setTriggerValue, keep: setStateValue });
  part.frame.setAttribute("aria-label", data.alt);
  parentElement.querySelector(".mv-title").textContent = data.title;
  parentElement.querySelector(".mv-fill").title = data.words.fill;
  parentElement.querySelector(".mv-fill").setAttribute("aria-label", data.words.fill);
  part.player.children[1].setAttribute("aria-label", data.words.time);
  part.player.children[2].setAttribute("aria-label", data.words.speed);
  part.frame.tabIndex = data.cells || data.thumbnails ? 0 : -1;
  if (!data.live) part.status.replaceChildren();
  load(data.lib).then((Plotly) => {
    part.Plotly = Plotly;
    return show(part, { again: !same });
  }, () => (part.element.textContent = data.words.missing));
  return () => {
    clearTimeout(part.timer);
    part.generation += 1;
    part.watch.disconnect();
    part.Plotly?.purge(part.element);
    parts.delete(parentElement);
  };
}
