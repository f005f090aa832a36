// Colours of the stage: the theme's ground and ink, and what a number looks like between the ends of its scale.
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const mix = (one, other, share) => one.map((part, at) => Math.round(part + (other[at] - part) * share));
const css = ([red, green, blue]) => `rgb(${red},${green},${blue})`;

function rgb(colour) {
  const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

function paletteOf(root, colours) {
  const theme = getComputedStyle(root);
  const of = (name) => rgb(theme.getPropertyValue(name).trim());
  return {
    ground: of("--st-background-color"), text: of("--st-text-color"), primary: of("--st-primary-color"),
    against: rgb(colours.against), for: rgb(colours.for), even: colours.even,
  };
}

// Blue below 0, the ground at 0, red above; `most` is where the colour is full.
function signed(value, most, palette) {
  const share = most > 0 ? clamp(value / most, -1, 1) : 0;
  return mix(palette.ground, share < 0 ? palette.against : palette.for, Math.abs(share));
}

function even(value, low, high, { even: stops }) {
  const at = clamp(high > low ? (value - low) / (high - low) : 0, 0, 1) * (stops.length - 1);
  const below = Math.min(Math.floor(at), stops.length - 2);
  return mix(stops[below], stops[below + 1], at - below);
}

// As ink: nothing where the paper is, full where the pen was.
function inked(value, { paper, ink }, palette) {
  return mix(palette.ground, palette.text, Number.isFinite(value) ? clamp((value - paper) / (ink - paper), 0, 1) : 0);
}

const luminance = (colour) => {
  const [red, green, blue] = colour.map((one) => {
    const share = one / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrast = (one, other) => {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};

// Black or white, whichever is read better on this colour.
const readable = (colour) => (contrast(colour, [0, 0, 0]) > contrast(colour, [255, 255, 255]) ? "#000" : "#fff");

function dye(element, colour) {
  element.style.background = css(colour);
  element.style.color = readable(colour);
}

// The colour of a number of the output, and the ends of its scale.
function outputScale({ d, palette }) {
  const values = shown(d);
  let low = 0, high = 0;
  for (const one of values) { low = Math.min(low, one); high = Math.max(high, one); }
  if (d.scale === "ink") return { colour: (value) => inked(value, d, palette), ends: [d.paper, d.ink] };
  if (d.scale === "even") return { colour: (value) => even(value, low, high, palette), ends: [low, high] };
  const most = Math.max(-low, high);
  return { colour: (value) => signed(value, most, palette), ends: [low < 0 ? -most : 0, most] };
}
