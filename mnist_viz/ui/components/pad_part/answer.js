// Asks the server what the network reads, one question at a time and the newest picture next; shows the ten answers.
const AGAIN = 1000; // milliseconds until a server that did not answer is asked again

function filled(words, fields) {
  return words.replace(/\{(\w+)\}/g, (_, name) => fields[name]);
}

function percent(share, words) {
  if (share < 0.0005) return words.least;
  if (share >= 0.9995) return words.most;
  return filled(words.percent, { share: (100 * share).toFixed(1) });
}

function paint(canvas, grey) {
  const pen = canvas.getContext("2d"), image = pen.createImageData(28, 28);
  const [red, green, blue] = getComputedStyle(canvas).color.match(/[\d.]+/g).map(Number);
  grey.forEach((ink, at) => image.data.set([red, green, blue, ink], at * 4));
  pen.putImageData(image, 0, 0);
}

function tenBars(list) {
  list.replaceChildren(...Array.from({ length: 10 }, (_, digit) => {
    const row = document.createElement("li"), track = document.createElement("span");
    const [name, share, bar] = ["mv-name", "mv-share", "mv-bar"].map((className) =>
      Object.assign(document.createElement("span"), { className }));
    track.className = "mv-track";
    track.append(bar);
    name.textContent = String(digit);
    row.append(name, track, share);
    return row;
  }));
}

function show(part, shares, prepared, sent) {
  const { words } = part.data;
  part.prepared = prepared ? Uint8Array.from(atob(prepared), (one) => one.charCodeAt(0)) : sent;
  if (part.data.prepares) paint(part.shown, part.prepared);
  const read = shares.indexOf(Math.max(...shares));
  [...part.bars.children].forEach((row, digit) => {
    const [name, track, share] = row.children;
    row.toggleAttribute("data-read", digit === read);
    name.textContent = digit === read ? filled(words.read, { digit }) : String(digit);
    track.firstChild.style.width = `${100 * shares[digit]}%`;
    share.textContent = percent(shares[digit], words);
  });
  part.said = filled(words.says, { digit: read, share: percent(shares[read], words) });
  part.heading.textContent = part.empty ? words.empty : part.said;
}

async function ask(part) {
  if (part.asking) {
    part.late = true;
    return;
  }
  part.asking = true;
  do {
    const { changes, seen, data } = part;
    part.late = false;
    try {
      const response = await fetch(data.route, { method: "POST", body: seen, cache: "no-store" });
      if (!response.ok) throw new Error(await response.text());
      const { probabilities, seen: prepared } = await response.json();
      if (data.route !== part.data.route) part.late = true; // of a network that is no longer chosen
      else show(part, probabilities, prepared, seen);
      part.frame.dataset.answered = changes;
    } catch (failure) {
      part.heading.textContent = failure instanceof TypeError ? data.words.silent : failure.message;
      await new Promise((done) => { setTimeout(done, AGAIN); });
      part.late ||= part.frame.isConnected && part.changes !== changes;
    }
  } while (part.late);
  part.asking = false;
}
