// The pad: what is drawn is read at once, without the page; when the pen rests, the page gets the picture.
const pads = new WeakMap(); // parentElement -> part
const REST = 400; // milliseconds without a stroke, after which the page is told

function begin(parentElement) {
  const find = (selector) => parentElement.querySelector(selector);
  const part = {
    frame: find(".mv-pad"), canvas: find(".mv-pad-ink"), hint: find(".mv-pad-hint"), bars: find(".mv-pad-bars"),
    heading: find(".mv-pad-heading"), spoken: find(".mv-pad-spoken"), raw: find("[data-shows=raw]"),
    shown: find("[data-shows=seen]"), buttons: [...parentElement.querySelectorAll("[data-does]")],
    strokes: [], changes: 0, empty: true, seen: new Uint8Array(784), prepared: new Uint8Array(784),
  };
  tenBars(part.bars);
  pads.set(parentElement, part);
  return part;
}

// Draws the strokes, and the pictures of what is on the paper now.
function look(part) {
  redraw(part);
  const { raw, seen, empty } = pictures(inkOf(part), part.canvas.width);
  Object.assign(part, { seen, empty });
  paint(part.raw, raw);
  paint(part.shown, part.data.prepares ? part.prepared : seen); // what the network gets comes with its answer
  part.hint.hidden = part.strokes.length > 0;
  for (const button of part.buttons) button.disabled = part.strokes.length === 0;
}

function dress(part, { words, label, read_colour: colour }) {
  part.frame.setAttribute("aria-label", label);
  part.frame.style.setProperty("--mv-read", colour);
  part.canvas.setAttribute("aria-label", words.paper);
  part.hint.textContent = words.hint;
  part.bars.setAttribute("aria-label", words.bars);
  for (const [canvas, name] of [[part.raw, words.raw], [part.shown, words.seen]]) {
    canvas.setAttribute("aria-label", name);
    canvas.nextElementSibling.textContent = name;
  }
  for (const button of part.buttons) {
    button.textContent = words[button.dataset.does];
    button.title = words[`${button.dataset.does}_key`];
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const part = pads.get(parentElement) ?? begin(parentElement);
  const ink = getComputedStyle(part.frame).color;
  const other = part.data?.route !== data.route;
  part.data = data;
  dress(part, data);
  if (part.ink !== ink || other) {
    part.ink = ink;
    look(part);
  }
  if (other) ask(part);

  const tell = () => {
    clearTimeout(part.timer);
    part.timer = setTimeout(() => {
      if (part.pointer !== undefined) return;
      part.spoken.textContent = part.heading.textContent;
      setStateValue("drawn", part.empty ? null : btoa(String.fromCharCode(...part.seen)));
    }, REST);
  };
  const changed = () => {
    part.changes += 1;
    part.frame.dataset.changes = part.changes;
    look(part);
    ask(part);
  };
  const actions = {
    undo: () => part.strokes.pop(),
    clear: () => { part.strokes = []; },
  };
  const act = (does) => {
    if (!part.strokes.length || part.pointer !== undefined) return;
    actions[does]();
    changed();
    tell();
  };
  listen(part, changed, tell);
  for (const button of part.buttons) button.onclick = () => act(button.dataset.does);
  part.frame.onkeydown = (event) => {
    const back = event.key === "Backspace" || (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey));
    const does = back ? "undo" : event.key === "Delete" ? "clear" : null;
    if (!does) return;
    act(does);
    event.preventDefault();
  };
  return () => {
    clearTimeout(part.timer);
    pads.delete(parentElement);
  };
}
