// Light from the window to its numbers, and from the sum to the cell it becomes: two pale shapes over the stage.
function box(element, stage) {
  const [one, all] = [element.getBoundingClientRect(), stage.getBoundingClientRect()];
  return { left: one.left - all.left, top: one.top - all.top, right: one.right - all.left, bottom: one.bottom - all.top };
}

function onCanvas(canvas, place, stage) {
  const around = box(canvas, stage), scale = (around.right - around.left) / canvas.width;
  return {
    left: around.left + place.left * scale, right: around.left + place.right * scale,
    top: around.top + place.top * scale, bottom: around.top + place.bottom * scale,
  };
}

function drawBeams(part) {
  const { stage, beams, d } = part;
  const [first, second] = beams.children;
  const span = (from, to) => [
    [from.right, from.top], [to.left, to.top], [to.left, to.bottom], [from.right, from.bottom],
  ].map((point) => point.map((one) => one.toFixed(1)).join(",")).join(" ");
  beams.toggleAttribute("hidden", !d.out);
  if (!d.out) return;
  const numbers = box(part.blocks.window.querySelector(".mv-win-grid"), stage);
  first.setAttribute("points", span(onCanvas(part.input, part.windowBox, stage), numbers));
  second.setAttribute("points", span(box(part.sum, stage), onCanvas(part.output, part.cellBox, stage)));
}
