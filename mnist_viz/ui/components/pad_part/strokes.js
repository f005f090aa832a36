// Strokes of mouse, finger and pen on the pad's canvas: drawn at once, undone one by one.
const BRUSH = 2.3; // twenty-eighths of the pad: a digit that fills two thirds of it gets strokes as thick as MNIST's

function redraw({ canvas, frame, strokes }) {
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const colour = getComputedStyle(frame).color, thick = (BRUSH * canvas.width) / 28;
  Object.assign(pen, { strokeStyle: colour, fillStyle: colour, lineCap: "round", lineJoin: "round", lineWidth: thick });
  pen.clearRect(0, 0, canvas.width, canvas.height);
  for (const stroke of strokes) {
    const [[x, y]] = stroke;
    pen.beginPath();
    pen.arc(x, y, thick / 2, 0, 2 * Math.PI); // a dot is a stroke too
    pen.fill();
    pen.beginPath();
    for (const point of stroke) pen.lineTo(...point);
    pen.stroke();
  }
}

// How much ink lies on each of the canvas's pixels: its opacity, whatever its colour.
function inkOf({ canvas }) {
  const pixels = canvas.getContext("2d", { willReadFrequently: true }).getImageData(0, 0, canvas.width, canvas.height).data;
  const ink = new Uint8Array(canvas.width * canvas.height);
  for (let at = 0; at < ink.length; at += 1) ink[at] = pixels[at * 4 + 3];
  return ink;
}

function pointOf(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return [(event.clientX - box.left) * (canvas.width / box.width), (event.clientY - box.top) * (canvas.height / box.height)];
}

// `changed` is called after every event that drew, `ended` when the pen leaves the paper.
function listen(part, changed, ended) {
  const { canvas } = part;
  canvas.onpointerdown = (event) => {
    if (part.pointer !== undefined || event.button > 0) return; // the second finger, the other buttons
    part.pointer = event.pointerId;
    canvas.setPointerCapture(event.pointerId);
    part.strokes.push([pointOf(canvas, event)]);
    changed();
  };
  canvas.onpointermove = (event) => {
    if (event.pointerId !== part.pointer) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const one of passed.length ? passed : [event]) part.strokes.at(-1).push(pointOf(canvas, one));
    changed();
  };
  canvas.onpointerup = canvas.onpointercancel = (event) => {
    if (event.pointerId !== part.pointer) return;
    part.pointer = undefined;
    ended();
  };
}
