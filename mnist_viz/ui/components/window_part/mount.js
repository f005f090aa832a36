// The stage: a picture, a window that moves over it, its numbers, and what comes out. Stepping never asks the page.
const stages = new WeakMap(); // parentElement -> part

const bytes = (coded) => Uint8Array.from(atob(coded), (letter) => letter.charCodeAt(0));
const floats = (coded) => new Float32Array(bytes(coded).buffer);

function begin(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const part = {
    root: find(".mv-win"), strip: find(".mv-win-kernels"), stage: find(".mv-win-stage"), middle: find(".mv-win-middle"),
    input: find(".mv-win-in canvas"), output: find(".mv-win-out canvas"), sum: find(".mv-win-sum"), caption: find(".mv-win-caption"),
    chain: find(".mv-win-chain"), beams: find(".mv-win-beams"), note: find(".mv-win-note"), none: find(".mv-win-none"),
    hint: find(".mv-win-hint"), spoken: find(".mv-win-spoken"), speed: find("select"), scale: find(".mv-win-scale"),
    blocks: Object.fromEntries([...parentElement.querySelectorAll(".mv-win-block")].map((one) => [one.dataset.shows, one])),
    buttons: Object.fromEntries([...parentElement.querySelectorAll("[data-does]")].map((one) => [one.dataset.does, one])),
    titles: [...parentElement.querySelectorAll("figcaption")], pace: 250, playing: false, told: [],
  };
  part.watch = new ResizeObserver(() => { if (part.d) part.redraw(); });
  part.watch.observe(part.stage);
  stages.set(parentElement, part);
  return part;
}

function decode(data) {
  const link = (one) => ({ ...one, values: floats(one.values) });
  const sheet = ({ drawn, paper, ink }) => ({ drawn: bytes(drawn), paper: floats(paper), ink: floats(ink) });
  return {
    ...data, values: floats(data.values), sums: floats(data.sums), weights: data.weights && floats(data.weights),
    chain: data.chain.map(link), sheet: data.sheet && sheet(data.sheet),
  };
}

// The cell that a visitor with this very link would see lit: the one it names, else the one that answers most.
function linked(d) {
  if (d.lit) return d.lit.split("-").map(Number);
  let best = 0;
  shown(d).forEach((one, at, all) => { if (Math.abs(one) > Math.abs(all[best])) best = at; });
  return d.out ? [Math.floor(best / d.out), best % d.out] : [0, 0];
}

// Which cell is chosen first, and when the browser goes back in its history: that of the link. Else it stays at the
// same place of the picture, as near as can be. What the pointer shows meanwhile is kept where it still is a cell.
function place(part, before) {
  const { d, told } = part;
  const known = told.indexOf(d.lit);
  told.splice(0, known + 1);
  const elsewhere = known < 0 && before?.out === d.out && before.lit !== d.lit;
  const shows = part.chosen && (part.row !== part.chosen[0] || part.column !== part.chosen[1]);
  if (before?.out && part.chosen && !elsewhere) {
    const share = d.out > 1 && before.out > 1 ? (d.out - 1) / (before.out - 1) : 0;
    part.chosen = part.chosen.map((one) => Math.round(one * share));
  } else part.chosen = linked(d);
  if (!shows || before?.out !== d.out) [part.row, part.column] = part.chosen;
}

// What the page was told and has not yet answered: it forgets it where the next event comes before it has told the link,
// so that it goes along with that one.
function unanswered({ told, sent, kernelWord }) {
  return { ...(told.length && { lit: told.at(-1) }), ...(sent && sent !== kernelWord && { weights: sent }) };
}

function dress(part) {
  const { d, words, buttons } = part;
  part.root.setAttribute("aria-label", d.label);
  part.input.setAttribute("aria-label", words.input);
  part.output.setAttribute("aria-label", words.output);
  part.titles.forEach((title, at) => { title.textContent = d.titles[at]; });
  buttons.draw.textContent = d.drawing ? words.digit : words.draw;
  buttons.draw.hidden = !d.drawable && !d.drawing;
  buttons.clear.textContent = words.clear;
  buttons.clear.hidden = !d.sheet;
  buttons.draw.onclick = () => turn(part);
  buttons.clear.onclick = () => wipe(part);
  for (const name of ["back", "on"]) Object.assign(buttons[name], { title: words[name], ariaLabel: words[name] });
  Object.assign(part.speed, { title: words.speed, ariaLabel: words.speed });
  part.input.classList.toggle("mv-win-paper", Boolean(d.sheet));
  part.large = d.reach > d.n + 2 * d.p;
  part.hint.textContent = part.large ? filled(words.large, d) : d.sheet ? words.empty : "";
  part.note.textContent = advice(part);
  part.none.textContent = d.out ? "" : words.nothing;
  for (const name of ["back", "play", "on"]) buttons[name].disabled = !d.out;
  part.output.hidden = !d.out;
  part.scale.hidden = !d.out;
}

function showScale({ scale, ends, colour, d }) {
  if (!d.out) return;
  const [low, strip, high] = scale.children, [from, to] = ends;
  low.textContent = fixed(from, 2);
  high.textContent = fixed(to, 2);
  const stops = Array.from({ length: 9 }, (_, at) => css(colour(from + ((to - from) * at) / 8)));
  strip.style.background = `linear-gradient(to right, ${stops.join(",")})`;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const part = stages.get(parentElement) ?? begin(parentElement);
  const before = part.d;
  part.send = (event) => {
    clearTimeout(part.telling); // the page hears one event at a time: the link is told after the answer to this one
    const unheard = unanswered(part);
    if ("kernel" in event) part.sent = undefined; // what is asked for now has other weights
    setTriggerValue("event", { ...unheard, ...event });
  };
  const end = () => {
    clearInterval(part.ticking);
    clearTimeout(part.resting);
    clearTimeout(part.telling);
    cancelAnimationFrame(part.gliding);
    part.watch.disconnect();
    stages.delete(parentElement);
  };
  if (part.changing) return end; // an answer to what was there before the pen came down, or a weight was taken, again
  const next = decode(data);
  // What was asked before the weights were sent: the answer to them is under way.
  const word = next.editable ? wordOf(next.weights) : undefined;
  if (part.sent && part.sent !== part.kernelWord && next.editable && next.k === before.k && word !== part.sent) return end;
  part.kernelWord = word;
  part.d = next;
  part.words = data.words;
  part.palette = paletteOf(part.root, data.colours);
  part.sent = undefined;
  part.touched = null;
  part.redraw = () => {
    part.hint.hidden = !part.large && (!part.d.sheet || part.d.sheet.drawn.some(Boolean));
    drawInputBase(part);
    drawOutputBase(part);
    showNumbers(part);
    showScale(part);
    look(part);
  };
  place(part, before);
  dress(part);
  layKernels(part, part.send);
  layNumbers(part);
  listen(part);
  play(part, part.playing && part.d.out > 0);
  settle(part);
  part.redraw();
  part.root.dataset.shows = [data.way, data.out, data.chosen].join();
  return end;
}
