// Walking over the output: the pointer shows, a click, an arrow key or a step chooses; the window follows.
const GLIDE = 140; // milliseconds
const SPEEDS = [100, 250, 500, 1000];
const STAY = 400; // milliseconds after the last step
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// Shows a cell; `glides` moves the window there, else it is there at once.
function goTo(part, row, column, glides = false) {
  const { d } = part;
  if (!d.out) return;
  const from = [part.row, part.column];
  part.row = clamp(row, 0, d.out - 1);
  part.column = clamp(column, 0, d.out - 1);
  showNumbers(part);
  cancelAnimationFrame(part.gliding);
  const near = Math.abs(from[0] - part.row) + Math.abs(from[1] - part.column) === 1;
  if (!glides || calm() || !near) {
    look(part);
    return;
  }
  const start = performance.now(), long = Math.min(GLIDE, part.pace * 0.6);
  const glide = (now) => {
    const share = Math.min(1, (now - start) / long), eased = share * (2 - share);
    if (share === 1) return look(part);
    drawFrames(part, from[0] + (part.row - from[0]) * eased, from[1] + (part.column - from[1]) * eased);
    drawBeams(part);
    part.gliding = requestAnimationFrame(glide);
    return undefined;
  };
  part.gliding = requestAnimationFrame(glide);
}

// Chooses a cell: the one that stays when the pointer leaves, and of which the link tells.
function choose(part, row, column, glides = false) {
  goTo(part, row, column, glides);
  part.chosen = [part.row, part.column];
}

function look(part) {
  drawFrames(part);
  drawBeams(part);
}

function say(part) {
  const { d, words, row, column } = part;
  if (d.out) part.spoken.textContent = filled(words.cell, { row, column, value: fixed(shown(d)[row * d.out + column], 3) });
}

function step(part, by) {
  const { d } = part, all = d.out * d.out;
  if (!all) return;
  const next = (part.row * d.out + part.column + by + all) % all;
  choose(part, Math.floor(next / d.out), next % d.out, true);
}

// Once the chosen cell has stayed where it is, the link is told, and never at each step.
function settle(part, stay = STAY) {
  clearTimeout(part.telling);
  part.telling = setTimeout(() => {
    const { d, chosen, told } = part, word = chosen.join("-");
    if (!d.out || part.playing || part.changing || word === (told.at(-1) ?? linked(d).join("-"))) return;
    told.push(word);
    part.send({ lit: word });
  }, stay);
}

function play(part, on = !part.playing) {
  part.playing = on;
  clearInterval(part.ticking);
  if (on) part.ticking = setInterval(() => step(part, 1), part.pace);
  settle(part);
  const button = part.buttons.play;
  button.textContent = on ? `❚❚ ${part.words.pause}` : `▶ ${part.words.play}`;
  button.setAttribute("aria-pressed", String(on));
}

function keys(part, event) {
  const { tagName } = event.target;
  if (tagName === "INPUT" || tagName === "SELECT" || (tagName === "BUTTON" && event.key === " ")) return;
  const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  if (moves) {
    play(part, false);
    choose(part, part.row + moves[0], part.column + moves[1], true);
    say(part);
    settle(part);
  } else if (event.key === " ") play(part);
  else return;
  event.preventDefault();
}

function cellAt(canvas, cells, event) {
  const around = canvas.getBoundingClientRect();
  const along = (at, from, size) => clamp(Math.floor(((at - from) / size) * cells), 0, cells - 1);
  return [along(event.clientY, around.top, around.height), along(event.clientX, around.left, around.width)];
}

// What a visitor may do here; nothing where no cell is there to be pointed at.
const advice = ({ d, words }) => (d.sheet ? words.pen : d.out ? words.point : "");

function touch(part, cell) {
  const { d, words } = part;
  part.touched = cell;
  part.note.textContent = advice(part);
  if (cell && d.out && part.pointer === undefined) {
    const [row, column] = cell, own = row >= d.p && column >= d.p && row < d.p + d.n && column < d.p + d.n;
    part.note.textContent = filled(own ? words.pixel : words.cushion, {
      row: row - d.p, column: column - d.p, value: fixed(valueAt(d, row, column), 2), count: fed(d, row, column).length, all: d.out ** 2,
    });
  }
  look(part);
}

// A click chooses at once; from here on the arrow keys go on.
function pick(part, row, column) {
  play(part, false);
  choose(part, row, column);
  say(part);
  settle(part, 0);
  part.output.focus({ preventScroll: true });
}

// The cell whose window has this place of the padded picture nearest to its middle.
const above = ({ d }, place) => place.map((one) => Math.round((one - (d.reach - 1) / 2) / d.s));

function listen(part) {
  const { input, output, buttons, pace } = part;
  output.onpointermove = output.onpointerdown = (event) => {
    if (!part.d.out || (event.type === "pointermove" && event.pointerType === "touch" && !event.buttons)) return;
    const [row, column] = cellAt(output, part.d.out, event);
    if (event.type === "pointerdown") play(part, false);
    if (!part.playing && (row !== part.row || column !== part.column)) goTo(part, row, column);
  };
  output.onpointerup = (event) => {
    if (part.d.out && event.button === 0) pick(part, ...cellAt(output, part.d.out, event));
  };
  output.onpointerleave = () => { if (part.d.out && !part.playing) goTo(part, ...part.chosen); };
  part.stage.onkeydown = (event) => keys(part, event);
  input.onpointerdown = (event) => {
    if (!part.d.sheet || event.button > 0 || part.pointer !== undefined) return;
    part.pointer = event.pointerId;
    part.changing = true;
    part.pen = null;
    clearTimeout(part.resting);
    touch(part, null);
    input.setPointerCapture(event.pointerId);
    draw(part, event);
  };
  input.onpointermove = (event) => {
    if (event.pointerId === part.pointer) return draw(part, event);
    const [row, column] = cellAt(input, part.cells, event), wide = part.d.n + 2 * part.d.p;
    return touch(part, row < wide && column < wide ? [row, column] : null);
  };
  input.onpointerup = input.onpointercancel = (event) => {
    if (event.pointerId !== part.pointer) return;
    part.pointer = undefined;
    tell(part);
  };
  input.onpointerleave = () => touch(part, null);
  input.onclick = (event) => {
    if (part.d.sheet || !part.d.out) part.output.focus({ preventScroll: true });
    else pick(part, ...above(part, cellAt(input, part.cells, event)));
  };
  buttons.back.onclick = () => { play(part, false); step(part, -1); say(part); settle(part); };
  buttons.on.onclick = () => { play(part, false); step(part, 1); say(part); settle(part); };
  buttons.play.onclick = () => play(part);
  part.speed.replaceChildren(...SPEEDS.map((one) => new Option(`${one} ms`, one, one === pace, one === pace)));
  part.speed.onchange = () => {
    part.pace = Number(part.speed.value);
    if (part.playing) play(part, true);
  };
}
