// Mounts the part: one plotly figure that stays on its DOM node, whatever the page shows in it next.
const parts = new WeakMap(); // parentElement -> everything one mounted figure remembers

function mount(parentElement) {
  const find = (name) => parentElement.querySelector(`.${name}`);
  const part = { frame: find("mv-figure"), element: find("mv-plot"), status: find("mv-status"), player: find("mv-player"),
    thumbnail: find("mv-thumbnail"), saver: find("mv-save"), generation: 0 };
  const fill = find("mv-fill");
  fill.onclick = () => (document.fullscreenElement ? document.exitFullscreen() : part.frame.requestFullscreen());
  part.onscreen = () => part.drawn && show(part, { again: true });
  part.frame.addEventListener("fullscreenchange", part.onscreen);
  part.watch = new ResizeObserver(() => {
    if (!part.drawn || !part.element.offsetWidth) return;
    const outgrown = document.fullscreenElement !== part.frame && part.factor !== typeScale(); // the projector's switch
    if (outgrown) part.onscreen(); else resize(part);
  });
  part.watch.observe(part.frame);
  return part;
}

// Draw where needed, then follow and replay; whoever comes later takes over from whoever is still drawing.
async function show(part, { again }) {
  const mine = (part.generation += 1);
  part.playing = false;
  if (again || !part.drawn) await draw(part);
  else if (part.data.marks && part.laid !== JSON.stringify(part.data.marks)) await lay(part);
  if (mine !== part.generation) return;
  if (!part.drawn) listen(part);
  part.drawn = true;
  reveal(part);
  part.frame.dataset.shows = part.data.version;
  follow(part);
  replay(part);
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  if (!data.figure) return void load(data.lib); // only told to be ready
  let part = parts.get(parentElement);
  if (!part) parts.set(parentElement, (part = mount(parentElement)));
  const theme = getComputedStyle(part.frame).getPropertyValue("--st-background-color");
  const same = part.data && part.data.figure === data.figure && part.theme === theme && part.factor === typeScale();
  Object.assign(part, { data, theme, emit: setTriggerValue, keep: setStateValue });
  part.frame.setAttribute("aria-label", data.alt);
  parentElement.querySelector(".mv-title").textContent = data.title;
  parentElement.querySelector(".mv-fill").title = data.words.fill;
  parentElement.querySelector(".mv-fill").setAttribute("aria-label", data.words.fill);
  offer(part, data.words);
  part.player.children[1].setAttribute("aria-label", data.words.time);
  part.player.children[2].setAttribute("aria-label", data.words.speed);
  part.frame.tabIndex = data.cells || data.thumbnails ? 0 : -1;
  if (!data.live) part.status.replaceChildren();
  if (!part.drawn) reserve(part);
  load(data.lib).then((Plotly) => {
    part.Plotly = Plotly;
    return show(part, { again: !same });
  }, () => (part.element.textContent = data.words.missing));
  return () => {
    clearTimeout(part.timer);
    part.generation += 1;
    part.watch.disconnect();
    part.Plotly?.purge(part.element);
    parts.delete(parentElement);
  };
}
