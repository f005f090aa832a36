// Kernels: small pictures to choose from, and weights that are typed or dragged up and down.
const PULL = 6; // pixels of a drag that change a weight by a tenth

function layKernels(part, send) {
  const { d, palette, words, strip } = part;
  const key = [d.chosen, d.kernels.length, d.kernels.join().length, d.names.join(), palette.ground, d.kernels[0]].join();
  if (key === part.strip_key) return;
  part.strip_key = key;
  const held = strip.contains(document.activeElement);
  strip.hidden = !d.kernels.length;
  strip.setAttribute("aria-label", words.choose);
  strip.toggleAttribute("data-many", d.kernels.length > 18);
  strip.replaceChildren(...d.kernels.map((coded, at) => {
    const weights = floats(coded), side = Math.round(Math.sqrt(weights.length));
    const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
    const pen = canvas.getContext("2d"), most = Math.max(...weights.map(Math.abs));
    weights.forEach((value, place) => {
      pen.fillStyle = css(signed(value, most, palette));
      pen.fillRect(place % side, Math.floor(place / side), 1, 1);
    });
    const button = tag("button", "", canvas, tag("span", "", d.names[at]));
    Object.assign(button, { type: "button", title: d.names[at], tabIndex: at === Math.max(0, d.chosen) ? 0 : -1 });
    button.setAttribute("role", "radio");
    button.setAttribute("aria-checked", String(at === d.chosen));
    button.onclick = () => send({ kernel: at });
    return button;
  }));
  if (held) strip.children[Math.max(0, d.chosen)]?.focus();
  strip.onkeydown = (event) => {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    const next = step && strip.children[[...strip.children].indexOf(event.target) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.click();
  };
}

function wordOf(weights) {
  return [...weights].map((one) => String(Number(one.toFixed(2)) + 0)).join("_");
}

// One weight of a kernel of one's own. It is previewed while it changes and sent when it rests.
function field(part, at) {
  const input = Object.assign(tag("input", ""), { type: "text", inputMode: "decimal", autocomplete: "off" });
  input.setAttribute("aria-label", filled(part.words.weight, { row: Math.floor(at / part.d.k) + 1, column: (at % part.d.k) + 1 }));
  const set = (value) => {
    part.d.weights[at] = clamp(Math.round(value * 100) / 100, -part.d.most, part.d.most);
    preview(part.d);
    part.redraw();
  };
  const rest = () => {
    const word = wordOf(part.d.weights);
    if (word !== (part.sent ?? part.kernelWord)) part.send({ weights: word });
    part.sent = word;
  };
  let from = null;
  input.onpointerdown = (event) => {
    if (event.button > 0) return;
    from = { y: event.clientY, value: part.d.weights[at] };
    input.setPointerCapture(event.pointerId);
  };
  input.onpointermove = (event) => {
    if (!from || (!input.dataset.drags && Math.abs(event.clientY - from.y) < PULL)) return;
    input.dataset.drags = "yes";
    part.changing = true;
    set(from.value + Math.round((from.y - event.clientY) / PULL) / 10);
  };
  input.onpointerup = input.onpointercancel = () => {
    const dragged = input.dataset.drags;
    from = null;
    part.changing = false;
    delete input.dataset.drags;
    if (!dragged) input.select();
    else {
      input.blur();
      rest();
    }
  };
  input.onkeydown = (event) => {
    event.stopPropagation(); // arrows change the weight here, and move no cell
    const step = { ArrowUp: 0.1, ArrowDown: -0.1 }[event.key];
    if (step) {
      event.preventDefault();
      input.dataset.drags = "yes";
      set(part.d.weights[at] + step);
      delete input.dataset.drags;
    } else if (event.key === "Enter") input.blur();
  };
  input.onchange = () => {
    const value = Number(input.value.replace("−", "-").replace(",", "."));
    if (Number.isFinite(value) && input.value.trim()) set(value);
  };
  input.onblur = () => {
    part.redraw();
    rest();
  };
  return input;
}
