// Five cards, a part of a training step each: they ask for the newest step that was taken slowly and show it.
const shown = new WeakMap(); // parentElement -> {timer, step}

const make = (tag, name, text = "") => Object.assign(document.createElement(tag), { className: name, textContent: text });
const short = (value) => (value === 0 ? "0" : value >= 100 ? value.toFixed(0) : value >= 0.001 ? value.toPrecision(2) : value.toExponential(0));
const plain = (value) => String(Number(value.toPrecision(2)));
const nats = (loss) => loss.toFixed(loss < 0.0995 ? 3 : loss < 9.95 ? 2 : 1);
const percent = (share) => `${(100 * share).toFixed(share < 0.0995 ? 2 : 1)} %`;

function digit(pixels, offset, [red, green, blue]) {
  const canvas = Object.assign(document.createElement("canvas"), { width: 28, height: 28 });
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(28, 28);
  for (let at = 0; at < 784; at += 1) image.data.set([red, green, blue, pixels[offset + at]], at * 4);
  pen.putImageData(image, 0, 0);
  return canvas;
}

function ink(element) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.fillStyle = getComputedStyle(element).getPropertyValue("--st-text-color").trim();
  pen.fillRect(0, 0, 1, 1);
  return pen.getImageData(0, 0, 1, 1).data.slice(0, 3);
}

// The first digits, at the same place in each of the first three cards.
function cells(parts, fill) {
  const grid = make("div", "mv-cells");
  parts.labels.forEach((_label, at) => {
    const cell = make("div", "mv-cell");
    fill(cell, at);
    grid.append(cell);
  });
  return grid;
}

function batch(parts, { names }, frame) {
  const pixels = Uint8Array.from(atob(parts.pixels), (letter) => letter.charCodeAt(0));
  const colour = ink(frame);
  return cells(parts, (cell, at) => cell.append(digit(pixels, 784 * at, colour), make("span", "", names[parts.labels[at]])));
}

function forward(parts, { names, words }) {
  return cells(parts, (cell, at) => {
    const right = parts.read[at] === parts.labels[at];
    cell.classList.toggle("mv-wrong", !right);
    cell.title = (right ? words.right : words.wrong).replace("{read}", names[parts.read[at]])
      .replace("{label}", names[parts.labels[at]]).replace("{share}", percent(parts.shares[at]));
    cell.append(make("b", "", `${names[parts.read[at]]}${right ? "" : " ✗"}`), make("span", "", `${Math.floor(100 * parts.shares[at])} %`));
  });
}

function loss(parts) {
  const most = Math.max(...parts.losses, 1e-9);
  return cells(parts, (cell, at) => {
    const bar = make("i", "");
    bar.style.height = `${Math.max(3, (100 * parts.losses[at]) / most)}%`;
    const column = make("div", "mv-column");
    column.append(bar);
    cell.append(column, make("span", "", nats(parts.losses[at])));
  });
}

function layers(parts, which, told) {
  const most = Math.max(...parts.layers.map((layer) => layer[which]), 1e-30);
  const rows = make("div", "mv-rows");
  for (const layer of parts.layers) {
    const bar = make("i", "");
    bar.style.width = `${Math.max(1, (100 * layer[which]) / most)}%`;
    const track = make("div", "mv-track");
    track.append(bar);
    rows.append(make("span", "", layer.name), track, make("span", "mv-value", told(layer[which])));
  }
  return rows;
}

// Each card: a word and its time, a picture, a number and what it is.
function cards(parts, data, frame) {
  const { words } = data;
  const drawn = [
    [batch(parts, data, frame), parts.count.toLocaleString("en"), words.digits],
    [forward(parts, data), percent(parts.accuracy), words.accuracy],
    [loss(parts), parts.loss.toFixed(3), words.loss],
    [layers(parts, "gradient", short), short(parts.gradient), words.gradient],
    [layers(parts, "update", percent), percent(parts.update), words.update.replace("{rate}", plain(parts.rate))],
  ];
  return drawn.map(([picture, number, meaning], at) => {
    const card = make("section", "mv-card");
    const head = make("header", "");
    head.append(make("b", "", `${at + 1} ${words.names[at]}`), make("span", "", `${parts.milliseconds[at].toFixed(1)} ms`));
    const foot = make("footer", "");
    foot.append(make("b", "", number), make("span", "", meaning));
    card.style.setProperty("--mv-turn", at);
    card.append(head, picture, foot);
    return card;
  });
}

function show(element, answer, data, moved) {
  const title = element.querySelector(".mv-steptitle");
  const frame = element.querySelector(".mv-parts");
  const { words } = data;
  title.textContent = answer.parts ? words.title.replace("{step}", answer.step.toLocaleString("en")) : "";
  frame.replaceChildren(...(answer.parts ? cards(answer.parts, data, frame) : []));
  frame.classList.toggle("mv-moved", Boolean(moved && answer.parts));
  frame.dataset.step = answer.parts ? answer.step : "";
}

export default function ({ data, parentElement }) {
  const memory = shown.get(parentElement) ?? { step: -1 };
  shown.set(parentElement, memory);
  clearTimeout(memory.timer);
  const mine = (memory.generation = (memory.generation ?? 0) + 1);
  const theme = getComputedStyle(parentElement).getPropertyValue("--st-text-color");
  parentElement.querySelector(".mv-parts").style.setProperty("--mv-bar", data.colours.bar);
  parentElement.querySelector(".mv-parts").style.setProperty("--mv-bad", data.colours.wrong);
  parentElement.querySelector(".mv-parts").style.setProperty("--mv-each", `${data.turn}s`);
  const take = (answer) => {
    if (answer.parts === undefined) return;
    const key = `${answer.parts ? answer.step : "none"} ${theme}`;
    if (key === memory.key) return;
    show(parentElement, answer, data, memory.key !== undefined);
    Object.assign(memory, { key, step: answer.parts ? answer.step : -1 });
  };
  take(data.first);
  const ask = async () => {
    if (!parentElement.isConnected || memory.generation !== mine) return;
    let wait = 2000;
    try {
      const response = await fetch(`${data.route}?known=${Math.max(0, memory.step)}`, { cache: "no-store" });
      if (response.status >= 400 && response.status < 500) return;
      const answer = await response.json();
      if (memory.generation !== mine) return;
      take(answer);
      if (answer.ended) return;
      wait = (document.hidden ? 5 : 1) * answer.wait * (0.9 + 0.2 * Math.random());
    } catch { /* the server restarts or the network blinks: the next question finds it */ }
    if (memory.generation === mine) memory.timer = setTimeout(ask, wait);
  };
  ask();
  return () => {
    clearTimeout(memory.timer);
    memory.generation += 1;
    shown.delete(parentElement);
  };
}
