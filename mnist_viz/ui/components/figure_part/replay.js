// Shows the recorded points again, at any speed; each point's customdata is [step, seconds].

function replay(part) {
  part.player.hidden = !part.data.replay;
  if (!part.data.replay) return;
  const [button, slider, speed, label] = part.player.children;
  const traces = part.figure.data.map(({ x, y, customdata }) => ({ x, y, customdata }));
  const length = Math.max(...traces.flatMap(({ customdata }) => (customdata ?? []).map(([, seconds]) => seconds)));
  let clock = length, before = null, drawn = 0;
  const show = () => {
    const cut = traces.map(({ customdata }) => (customdata ?? []).filter(([, seconds]) => seconds <= clock).length);
    const step = Math.max(0, ...traces.map(({ customdata }, n) => (cut[n] ? customdata[cut[n] - 1][0] : 0)));
    part.Plotly.restyle(part.element, {
      x: traces.map(({ x }, n) => x.slice(0, cut[n])), y: traces.map(({ y }, n) => y.slice(0, cut[n])),
      customdata: traces.map(({ customdata }, n) => (customdata ?? []).slice(0, cut[n])),
    }, traces.map((_, n) => n));
    slider.value = Math.round((1000 * clock) / length);
    label.textContent = part.data.words.at.replace("{step}", step.toLocaleString("en")).replace("{seconds}", clock.toFixed(1));
  };
  const tick = (now) => {
    if (!part.playing || !part.frame.isConnected) return;
    clock = Math.min(length, clock + ((now - before) / 1000) * Number(speed.value));
    before = now;
    if (now - drawn > 80) { show(); drawn = now; }
    if (clock >= length) { show(); play(false); } else requestAnimationFrame(tick);
  };
  const play = (on) => {
    part.playing = on;
    button.textContent = on ? part.data.words.pause : part.data.words.play;
    if (on) { if (clock >= length) clock = 0; before = performance.now(); requestAnimationFrame(tick); }
  };
  button.onclick = () => play(!part.playing);
  slider.oninput = () => { clock = (length * slider.value) / 1000; show(); };
  play(false);
  label.textContent = part.data.words.at.replace("{step}", Math.max(...traces.flatMap(({ customdata }) =>
    (customdata ?? []).map(([step]) => step))).toLocaleString("en")).replace("{seconds}", length.toFixed(1));
  slider.value = 1000;
}
