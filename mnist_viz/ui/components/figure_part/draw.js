// Draws a figure on its DOM node: in the theme's colours, and as large as type, window and screen ask for.
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

// The height that the figure will have, before the drawing library is there: what stands below it never jumps.
function reserve({ data, element }) {
  const { layout } = JSON.parse(data.figure);
  element.style.minHeight = `${fitting(enlarged(layout, typeScale()), element.offsetWidth)}px`;
}

async function draw(part) {
  const { Plotly, element } = part;
  const full = document.fullscreenElement === part.frame;
  const figure = themed(JSON.parse(part.data.figure), getComputedStyle(part.frame));
  part.figure = figure;
  part.cursor = part.data.live?.cursor; // what was polled since is not in this figure
  part.reach = part.data.live?.reach;
  part.marked = undefined;
  part.factor = full ? Math.min(2.2, Math.max(1, room(part) / figure.layout.height)) : typeScale();
  const layout = enlarged(figure.layout, part.factor);
  layout.height = full ? room(part) : fitting(layout, element.offsetWidth);
  if (matchMedia("(pointer: coarse)").matches) layout.dragmode = false; // a finger scrolls; the lasso is among the tools
  if (part.data.marks) layout.shapes = marks(part);
  part.laid = JSON.stringify(part.data.marks);
  const data = figure.data.map(coloured)
    .map((trace) => trace.textfont ? { ...trace, textfont: worded(trace.textfont, part.factor, layout) } : trace);
  await Plotly.react(element, data, layout, {
    responsive: false, displaylogo: false, displayModeBar: part.data.selects ? "hover" : false,
    modeBarButtonsToRemove: ["toImage", "autoScale2d", "share"], doubleClick: "reset", scrollZoom: false,
  });
  element.style.minHeight = "";
}

// Points of a class each, with meta.colours of the classes: plotly is twice as fast with colours that have names.
function coloured(trace) {
  const { meta, marker } = trace;
  if (!meta?.colours) return trace;
  return { ...trace, marker: { ...marker, color: [...atob(marker.color.bdata)].map((byte) => meta.colours[byte.charCodeAt(0)]) } };
}

// What is laid over a figure that itself stays as it is.
const marks = (part) => themed(part.data.marks, getComputedStyle(part.frame));

function lay(part) {
  part.laid = JSON.stringify(part.data.marks);
  return part.Plotly.relayout(part.element, { shapes: marks(part) });
}

// A picture of squares needs less height in a narrow window: meta.fit says how much. A curve grows with a large
// window: meta.beside is the height that the rest of its page needs.
function fitting({ height, meta }, width) {
  const left = meta?.beside ? Math.min(window.innerHeight - meta.beside, 0.45 * window.innerHeight) : 0;
  const grown = Math.max(height, left);
  return meta?.fit ? Math.min(grown, meta.fit.share * width + meta.fit.plus) : grown;
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

// The letters of a trace: grown, but no larger than the share of the height that meta.fit.letters leaves them.
function worded(font, factor, { height, meta }) {
  const { size, ...others } = grown(font, factor);
  return { ...others, size: Math.min(size, (meta?.fit?.letters ?? Infinity) * height) };
}

// The layout with letters, margins and height grown by a factor.
function enlarged(layout, factor) {
  const { margin, meta } = layout;
  const fit = meta?.fit && { ...meta.fit, plus: meta.fit.plus * factor };
  return {
    ...grown(layout, factor), autosize: true, height: layout.height * factor, meta: { ...meta, fit },
    margin: Object.fromEntries(Object.entries(margin).map(([side, size]) => [side, size * factor])),
  };
}

function resize(part) {
  const { width, height } = part.element.getBoundingClientRect();
  const wanted = document.fullscreenElement === part.frame ? height : fitting(enlarged(part.figure.layout, part.factor), width);
  if (Math.abs(width - part.width) < 1 && Math.abs(wanted - height) < 1) return;
  part.width = width;
  part.Plotly.relayout(part.element, { width: null, height: wanted, autosize: true });
}
