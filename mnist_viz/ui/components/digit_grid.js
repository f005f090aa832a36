// A grid of digits: ink in the theme's text colour, crisp at any size; a click or the arrow keys choose one.
const grids = new WeakMap(); // parentElement -> {pixels, ink} that are drawn now

function paint(canvas, pixels, offset, [red, green, blue]) {
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(28, 28);
  for (let at = 0; at < 784; at += 1) image.data.set([red, green, blue, pixels[offset + at]], at * 4);
  pen.putImageData(image, 0, 0);
}

function colour(element) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.fillStyle = getComputedStyle(element).getPropertyValue("--st-text-color").trim();
  pen.fillRect(0, 0, 1, 1);
  return pen.getImageData(0, 0, 1, 1).data.slice(0, 3);
}

function tile({ id, text, describe }, number, pixels, ink) {
  const button = document.createElement("button");
  const canvas = Object.assign(document.createElement("canvas"), { width: 28, height: 28 });
  const label = Object.assign(document.createElement("span"), { textContent: text });
  Object.assign(button, { type: "button", title: describe });
  button.dataset.id = id;
  button.setAttribute("aria-label", describe);
  canvas.setAttribute("aria-hidden", "true");
  label.setAttribute("aria-hidden", "true");
  paint(canvas, pixels, number * 784, ink);
  button.append(canvas, label);
  return button;
}

const ahead = (tiles) => tiles.filter((one) => one.offsetTop === tiles[0].offsetTop).length;

function move(event, grid) {
  const tiles = [...grid.children];
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -ahead(tiles), ArrowDown: ahead(tiles) }[event.key];
  const next = step && tiles[tiles.indexOf(event.target) + step];
  if (!next) return;
  next.focus();
  next.click();
  event.preventDefault();
}

function reveal(key) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  document.querySelector(`.st-key-${key}`)?.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
}

export default function ({ data, parentElement, setTriggerValue }) {
  const grid = parentElement.querySelector(".mv-grid");
  const ink = colour(grid);
  const before = grids.get(parentElement);
  const content = JSON.stringify([data.pixels, data.items, [...ink]]);
  grid.style.setProperty("--mv-tile", `${data.size / 18}rem`);
  grid.setAttribute("aria-label", data.label);
  if (content !== before) {
    const pixels = Uint8Array.from(atob(data.pixels), (letter) => letter.charCodeAt(0));
    grid.replaceChildren(...data.items.map((item, number) => tile(item, number, pixels, ink)));
    grids.set(parentElement, content);
  }
  const tiles = [...grid.children];
  const mark = (id) => tiles.forEach((one, number) => {
    one.setAttribute("aria-pressed", String(one.dataset.id === id));
    one.tabIndex = one.dataset.id === id || (number === 0 && !tiles.some((other) => other.dataset.id === id)) ? 0 : -1;
  });
  mark(data.chosen);
  grid.onkeydown = (event) => move(event, grid);
  grid.onclick = (event) => {
    const chosen = event.target.closest("button")?.dataset.id;
    if (!chosen) return;
    mark(chosen);
    setTriggerValue("click", chosen);
    if (event.detail && data.reveals) reveal(data.reveals); // by keys one walks on in the grid
  };
  return () => grids.delete(parentElement);
}
