"use strict";
// Draws the flame graph and the timeline of frames of one report. No library, no network.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const ROW = 18;

  const hue = (text) => {
    let h = 0;
    for (const c of text) h = (h * 31 + c.codePointAt(0)) >>> 0;
    return h;
  };
  const palette = (name, component) => {
    if (component < 0) return `hsl(45 12% ${70 + (hue(name) % 10)}%)`;
    return `hsl(${(component * 47 + 12) % 360} 62% ${66 + (hue(name) % 10)}%)`;
  };
  const differing = (before, after) => {
    const change = after - before;
    const strength = Math.min(1, Math.abs(change) / Math.max(before, after, 1e-9));
    if (Math.abs(change) < 1e-9) return "hsl(0 0% 86%)";
    return change > 0 ? `hsl(4 80% ${88 - 32 * strength}%)` : `hsl(212 75% ${88 - 30 * strength}%)`;
  };
  const percent = (x) => (x >= 10 ? x.toFixed(1) : x.toFixed(2)) + " %";

  for (const place of document.querySelectorAll(".flame")) {
    const graph = data.flames[Number(place.dataset.flame)];
    const { names, name, parent, total, own, component, components, before } = graph;
    const size = name.length;
    const children = Array.from({ length: size }, () => []);
    const depth = new Int32Array(size);
    for (let i = 1; i < size; i++) {
      children[parent[i]].push(i);
      depth[i] = depth[parent[i]] + 1;
    }
    for (const some of children) some.sort((a, b) => total[b] - total[a]);
    const box = place.closest(".flamebox");
    const said = box.querySelector(".said");
    const input = box.querySelector("input");
    let root = 0;
    let wanted = "";

    const label = (i) => {
      const text = `${names[name[i]]}: ${percent(total[i])} inclusive, ${percent(own[i])} self`;
      if (before) return `${names[name[i]]}: ${percent(before[i])} before, ${percent(total[i])} after`;
      return component[i] >= 0 ? `${text} (${components[component[i]]})` : text;
    };
    const width = (i) => (before ? Math.max(before[i], total[i]) : total[i]);

    const draw = () => {
      place.textContent = "";
      const wide = place.clientWidth || 1000;
      const laid = [];
      const ancestors = [];
      for (let i = root; i > 0; i = parent[i]) ancestors.unshift(parent[i]);
      ancestors.forEach((i, row) => laid.push([i, 0, wide, row, true]));
      let deepest = ancestors.length;
      const walk = [[root, 0, wide]];
      while (walk.length) {
        const [i, left, space] = walk.pop();
        const row = depth[i];
        laid.push([i, left, space, row, false]);
        deepest = Math.max(deepest, row);
        let at = left;
        const sum = children[i].reduce((s, c) => s + width(c), 0);
        const whole = Math.max(width(i), sum) || 1;
        for (const c of children[i]) {
          const w = (space * width(c)) / whole;
          if (w >= 0.6) walk.push([c, at, w]);
          at += w;
        }
      }
      place.style.height = `${(deepest + 1) * ROW}px`;
      const pattern = wanted.toLowerCase();
      let found = 0;
      const fragment = document.createDocumentFragment();
      for (const [i, left, space, row, outer] of laid) {
        const text = names[name[i]];
        const div = document.createElement("div");
        div.style.left = `${left}px`;
        div.style.width = `${space}px`;
        div.style.top = `${(deepest - row) * ROW}px`;
        div.style.background = before ? differing(before[i], total[i]) : palette(text, component[i]);
        div.title = label(i);
        div.tabIndex = 0;
        div.dataset.node = i;
        if (space > 24) div.textContent = text;
        else div.style.padding = "0"; // a box is never narrower than its padding, and would cover the next
        if (pattern && text.toLowerCase().includes(pattern)) {
          div.className = "hit";
          found += 1;
        } else if (outer) div.className = "dim";
        fragment.append(div);
      }
      place.append(fragment);
      place.dataset.drawn = laid.length;
      // A stack that is deeper than the window begins at the bottom, with what was zoomed to in sight.
      const view = place.parentElement;
      view.scrollTop = (deepest - Math.max(0, depth[root] - 3) + 1) * ROW - view.clientHeight;
      if (pattern) said.textContent = `${percent(matched(pattern))} in ${found} places shown match "${wanted}"`;
      else said.textContent = label(root);
    };
    // What matches within what matches is counted once.
    const matched = (pattern) => {
      let sum = 0;
      const walk = [0];
      while (walk.length) {
        const i = walk.pop();
        if (names[name[i]].toLowerCase().includes(pattern)) sum += total[i];
        else walk.push(...children[i]);
      }
      return sum;
    };
    const zoom = (i) => { root = i; draw(); };
    place.addEventListener("click", (event) => {
      const node = event.target.dataset.node;
      if (node !== undefined) zoom(Number(node));
    });
    place.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.dataset.node !== undefined) zoom(Number(event.target.dataset.node));
      if (event.key === "Escape") zoom(0);
    });
    place.addEventListener("mouseover", (event) => {
      if (event.target.title && !wanted) said.textContent = event.target.title;
    });
    input.addEventListener("input", () => { wanted = input.value.trim(); draw(); });
    box.querySelector("button").addEventListener("click", () => { input.value = wanted = ""; zoom(0); });
    addEventListener("resize", draw);
    // "#flame=NAME" and "#find=TEXT" open the page zoomed and searched, so that a view can be linked to.
    const hash = new URLSearchParams(location.hash.slice(1));
    if (hash.get("find")) { wanted = input.value = hash.get("find"); }
    const start = hash.get("flame") ? name.findIndex((n) => names[n] === hash.get("flame")) : 0;
    zoom(Math.max(0, start));
  }

  const timeline = document.querySelector("svg.frames");
  if (timeline && data.frames) {
    const { start, us, over, cause, causes, number, stages, budget } = data.frames;
    const W = 1000;
    const H = 170;
    const most = Math.max(budget * 1.2, ...us.map((u) => Math.min(u, budget ? budget * 4 : u)), 1);
    const bars = Math.min(us.length, W);
    const NS = "http://www.w3.org/2000/svg";
    timeline.setAttribute("viewBox", `0 0 ${W} ${H}`);
    timeline.setAttribute("preserveAspectRatio", "none");
    const colour = (c) => `hsl(${(c * 67) % 360} 75% 48%)`;
    const add = (tag, attributes, text) => {
      const element = document.createElementNS(NS, tag);
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
      if (text) {
        const title = document.createElementNS(NS, "title");
        title.textContent = text;
        element.append(title);
      }
      timeline.append(element);
    };
    let marked = 0;
    for (let bar = 0; bar < bars; bar++) {
      // Each bar is the slowest frame of its stretch, so that no frame over budget is lost.
      const from = Math.floor((bar * us.length) / bars);
      const to = Math.max(from + 1, Math.floor(((bar + 1) * us.length) / bars));
      let worst = from;
      for (let i = from; i < to; i++) {
        if (over[i] > over[worst] || (over[i] === over[worst] && us[i] > us[worst])) worst = i;
      }
      const height = Math.max(1, (Math.min(us[worst], most) / most) * H);
      const why = over[worst] ? `, over budget: ${causes[cause[worst]] || "not known"}` : "";
      const parts = stages[worst].map(([n, u]) => `${n} ${u.toFixed(0)} us`).join(", ");
      marked += over[worst];
      add("rect", {
        x: (bar * W) / bars, width: Math.max(0.4, W / bars - 0.2), y: H - height, height,
        fill: over[worst] ? colour(cause[worst]) : "#8fa3b0", class: over[worst] ? "over" : "frame",
        "data-cause": over[worst] ? causes[cause[worst]] : "",
      }, `frame ${number[worst]} at ${start[worst].toFixed(2)} s: ${us[worst].toFixed(0)} us${why}${parts ? `; ${parts}` : ""}`);
    }
    if (budget) {
      const y = H - (budget / most) * H;
      add("line", { x1: 0, x2: W, y1: y, y2: y, stroke: "currentColor", "stroke-dasharray": "4 3", class: "budget" });
    }
    timeline.dataset.over = marked;
    const legend = document.querySelector(".legend");
    causes.forEach((text, c) => {
      const entry = document.createElement("span");
      const box = document.createElement("i");
      box.style.background = colour(c);
      entry.append(box, text || "not known");
      legend.append(entry);
    });
  }
  document.documentElement.dataset.ready = "yes";
})();
