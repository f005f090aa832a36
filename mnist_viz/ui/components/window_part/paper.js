// The picture as paper: ink follows the pointer, the output follows the ink, and the page is told when the pen rests.
const BRUSH = 1.15; // pixels of the picture from the middle of a stroke to where its ink begins to fade
const REST = 350; // milliseconds

function dot(part, x, y) {
  const { n, sheet: { drawn } } = part.d;
  for (let row = Math.max(0, Math.floor(y - 3)); row < Math.min(n, y + 3); row += 1) {
    for (let column = Math.max(0, Math.floor(x - 3)); column < Math.min(n, x + 3); column += 1) {
      const away = Math.hypot(column + 0.5 - x, row + 0.5 - y), at = row * n + column;
      drawn[at] = Math.max(drawn[at], Math.round(255 * clamp(BRUSH + 0.6 - away, 0, 1)));
    }
  }
}

function placeOn(part, event) {
  const around = part.input.getBoundingClientRect(), scale = part.cells / around.width;
  return [(event.clientX - around.left) * scale - part.d.p, (event.clientY - around.top) * scale - part.d.p];
}

const coded = ({ drawn }) => btoa(String.fromCharCode(...drawn));

function tell(part) {
  clearTimeout(part.resting);
  part.resting = setTimeout(() => {
    part.changing = false;
    part.send({ drawn: coded(part.d.sheet) });
  }, REST);
}

// Paper in place of the digit, or the digit again: what the pen has just drawn goes along, or its answer were missed.
function turn(part) {
  const { drawing, sheet } = part.d;
  clearTimeout(part.resting);
  part.changing = false;
  part.send({ paper: drawing ? "digit" : "own", ...(sheet && { drawn: coded(sheet) }) });
}

// The drawing as it is drawn, scaled only; the page's answer shows it prepared, where the run prepares its digits.
function see(part) {
  const { values, sheet: { drawn, paper, ink } } = part.d;
  drawn.forEach((share, at) => { values[at] = paper[at] + (share / 255) * (ink[at] - paper[at]); });
  preview(part.d);
  part.redraw();
}

function draw(part, event) {
  const passed = event.getCoalescedEvents?.() ?? [];
  for (const one of passed.length ? passed : [event]) {
    const [x, y] = placeOn(part, one), [fromX, fromY] = part.pen ?? [x, y];
    const parts = Math.max(1, Math.ceil(2 * Math.hypot(x - fromX, y - fromY)));
    for (let at = 0; at <= parts; at += 1) dot(part, fromX + ((x - fromX) * at) / parts, fromY + ((y - fromY) * at) / parts);
    part.pen = [x, y];
  }
  see(part);
}

function wipe(part) {
  part.changing = true;
  part.d.sheet.drawn.fill(0);
  see(part);
  tell(part);
}
