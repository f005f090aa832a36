// Saves a figure as a picture with its title on the page's ground, for slides and papers.
const LINE = 26, LETTER = 10; // pixels: a line of the title, and what a letter of it takes at most
const SHARPNESS = 3; // pixels of a PNG for each on the screen: a slide is wider than a window

function offer(part, { save, png, svg }) {
  const [button, menu] = part.saver.children;
  button.title = save;
  button.setAttribute("aria-label", save);
  button.onclick = () => { menu.hidden = !menu.hidden; };
  [png, svg].forEach((words, at) => {
    menu.children[at].textContent = words;
    menu.children[at].onclick = () => {
      menu.hidden = true;
      picture(part, ["png", "svg"][at]);
    };
  });
  part.saver.onkeydown = ({ key }) => { if (key === "Escape") menu.hidden = true; };
  part.saver.onmouseleave = () => { menu.hidden = true; };
}

function picture({ Plotly, element, frame, data }, format) {
  const style = getComputedStyle(frame), { layout, clientWidth: width, clientHeight } = element;
  const lines = wrapped(data.title, width / LETTER), above = LINE * (lines.length + 0.5), height = clientHeight + above;
  const title = {
    text: lines.join("<br>"), x: 0, xref: "paper", xanchor: "left", y: 1, yref: "container", yanchor: "top", pad: { t: 12 },
    font: { size: 20, color: style.getPropertyValue("--st-text-color").trim() },
  };
  const margin = { ...layout.margin, t: (layout.margin?.t ?? 0) + above };
  const name = data.title.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60);
  return Plotly.downloadImage(
    { data: element.data, layout: { ...layout, title, margin, height, paper_bgcolor: style.backgroundColor } },
    { format, width, height, scale: format === "png" ? SHARPNESS : 1, filename: name },
  );
}

// A text in lines of at most so many letters.
function wrapped(text, most) {
  const lines = [""];
  for (const word of text.split(" ")) {
    if (lines.at(-1) && lines.at(-1).length + word.length >= most) lines.push(word);
    else lines.push(`${lines.pop()} ${word}`.trim());
  }
  return lines;
}
