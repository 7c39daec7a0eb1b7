// Saves a chart as a picture with its title, source and citation inside.
// pages/shared/chart_download.py writes the buttons and what the picture needs.
(() => {
  "use strict";
  if (window.chartPictures) return; // the page was drawn again: the first listener still stands
  window.chartPictures = true;

  const FONT_FILE = new URL(
    "fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2", document.currentScript.src);
  const FAMILY = "Atkinson Hyperlegible Next";
  const FONT = `"${FAMILY}", "Segoe UI", Arial, sans-serif`;
  const SVG = "http://www.w3.org/2000/svg";
  const WIDTH = 960, EDGE = 32, SCALE = 2; // a PNG has twice as many pixels, for print
  const INK = "#1E1B24", MUTED = "#5C5866", LINE = "#DDD8E0";
  const STYLES = {
    title: { size: 25, weight: 700, fill: INK, leading: 1.25, after: 6 },
    subtitle: { size: 16, weight: 400, fill: MUTED, leading: 1.4, after: 14 },
    note: { size: 14, weight: 400, fill: MUTED, leading: 1.4, after: 10 },
    source: { size: 14, weight: 400, fill: MUTED, leading: 1.4, after: 4 },
    citation: { size: 14, weight: 400, fill: MUTED, leading: 1.4, after: 0 },
  };

  let library; // the promise of plotly.js, which is asked for once
  const plotly = (address) => library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => { library = undefined; script.remove(); reject(new Error(address)); };
    document.head.append(script);
  });

  let face; // the promise of the type as a data address, so that the picture looks the same anywhere
  const embeddedFont = () => face ??= fetch(FONT_FILE).then((answer) => answer.blob()).then(
    (blob) => new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(blob);
    }));

  const element = (name, attributes, text) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const pen = document.createElement("canvas").getContext("2d");
  // Words over lines no wider than the picture; a long address is broken where it must be.
  const lines = (text, { size, weight }) => {
    pen.font = `${weight} ${size}px ${FONT}`;
    const fits = (line) => pen.measureText(line).width <= WIDTH - 2 * EDGE;
    const result = [];
    let line = "";
    for (const word of text.split(/\s+/).filter(Boolean)) {
      if (fits(line ? `${line} ${word}` : word)) { line = line ? `${line} ${word}` : word; continue; }
      if (line) result.push(line);
      line = "";
      for (const letter of word) {
        if (!fits(line + letter)) { result.push(line); line = ""; }
        line += letter;
      }
    }
    return line ? [...result, line] : result;
  };

  // Writes a text of the picture from the height given, and returns the height below it.
  const write = (picture, words, name, top) => {
    const style = STYLES[name];
    const written = lines(words[name] || "", style);
    for (const line of written) {
      top += style.size * style.leading;
      picture.append(element("text", {
        x: EDGE, y: top - style.size * 0.3, fill: style.fill, class: name,
        "font-size": style.size, "font-weight": style.weight, "font-family": FONT,
      }, line));
    }
    return written.length ? top + style.after : top;
  };

  // The lines of a hatched swatch, in a square of 6 pixels.
  const HATCHES = {
    striped: "M-1 1 1 -1M0 6 6 0M5 7 7 5", crossed: "M0 0 6 6M0 6 6 0", plus: "M3 0V6M0 3H6",
    level: "M0 3H6", upright: "M3 0V6", dotted: "M3 2.5V3.5",
  };

  const swatch = (mark, number, x, y) => {
    const group = element("g", { transform: `translate(${x} ${y})` });
    const box = { width: 26, height: 17 };
    const rim = { stroke: "#85808E", "stroke-width": 1 };
    if (mark.kind === "hollow") {
      group.append(element("rect", { ...box, fill: mark.colour }),
        element("rect", { x: 3, y: 3, width: 20, height: 11, fill: mark.inside }));
    } else if (HATCHES[mark.kind]) {
      const pattern = element("pattern",
        { id: `hatch-${number}`, width: 6, height: 6, patternUnits: "userSpaceOnUse" });
      pattern.append(element("rect", { width: 6, height: 6, fill: mark.inside }),
        element("path", { d: HATCHES[mark.kind], stroke: mark.colour, "stroke-width": 1.3 }));
      group.append(pattern, element("rect", { ...box, ...rim, fill: `url(#hatch-${number})` }));
    } else if (mark.kind === "empty") {
      group.append(element("rect", { ...box, ...rim, fill: mark.inside, "stroke-dasharray": "3 2" }));
    } else {
      group.append(element("rect", { ...box, ...rim, fill: mark.colour }));
    }
    return group;
  };

  // Writes the key of a map in rows from the height given, and returns the height below it.
  const writeKey = (picture, marks, top) => {
    const style = STYLES.note;
    pen.font = `${style.weight} ${style.size}px ${FONT}`;
    let x = EDGE;
    marks.forEach((mark, number) => {
      const wide = 26 + 8 + pen.measureText(mark.label).width;
      if (x > EDGE && x + wide > WIDTH - EDGE) { x = EDGE; top += 27; }
      picture.append(swatch(mark, number, x, top), element("text", {
        x: x + 34, y: top + 13, fill: INK, class: "key",
        "font-size": style.size, "font-family": FONT,
      }, mark.label));
      x += wide + 26;
    });
    return marks.length ? top + 34 : top;
  };

  const drawn = async (box, words) => {
    const Plotly = await plotly(words.library);
    const { data, layout } = JSON.parse(box.dataset.figure);
    const size = { width: WIDTH - 2 * EDGE, height: words.height };
    const address = await Plotly.toImage(
      { data, layout: { ...layout, ...size, autosize: false } }, { format: "svg", ...size });
    const text = decodeURIComponent(address.slice(address.indexOf(",") + 1));
    return new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  };

  const compose = async (box) => {
    const words = JSON.parse(box.dataset.words);
    const [chart, font] = await Promise.all([drawn(box, words), embeddedFont()]);
    await document.fonts.load(`700 16px "${FAMILY}"`);
    const picture = element("svg", { width: WIDTH, role: "img" });
    const paper = element("rect", { width: "100%", height: "100%", fill: "#FFFFFF" });
    picture.append(
      element("title", {}, words.title),
      element("desc", {}, [words.alt, words.source, words.citation].filter(Boolean).join(" ")),
      element("style", {}, `@font-face { font-family: "${FAMILY}"; font-weight: 200 800; ` +
        `src: url(${font}) format("woff2"); }`),
      paper);
    let top = write(picture, words, "title", EDGE - 8);
    top = write(picture, words, "subtitle", top);
    chart.setAttribute("x", EDGE);
    chart.setAttribute("y", top);
    picture.append(document.importNode(chart, true));
    top = writeKey(picture, words.legend, top + words.height + 10);
    top = write(picture, words, "note", top);
    picture.append(element("line",
      { x1: EDGE, x2: WIDTH - EDGE, y1: top, y2: top, stroke: LINE, "stroke-width": 1 }));
    top = write(picture, words, "source", top + 8);
    const height = Math.ceil(write(picture, words, "citation", top) + EDGE * 0.75);
    picture.setAttribute("height", height);
    picture.setAttribute("viewBox", `0 0 ${WIDTH} ${height}`);
    const text = new XMLSerializer().serializeToString(picture);
    return { name: words.name, height, svg: new Blob([text], { type: "image/svg+xml" }) };
  };

  const pixels = async ({ svg, height }) => {
    const address = URL.createObjectURL(svg);
    try {
      const image = new Image();
      image.src = address;
      await image.decode();
      const canvas = document.createElement("canvas");
      canvas.width = WIDTH * SCALE;
      canvas.height = height * SCALE;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      return await new Promise((resolve, reject) => canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png"));
    } finally {
      URL.revokeObjectURL(address);
    }
  };

  const save = (blob, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("button.download[data-format]");
    const box = button?.closest(".downloads");
    if (!box || box.dataset.busy) return;
    const status = box.querySelector("[role=status]");
    const format = button.dataset.format;
    box.dataset.busy = "yes";
    status.textContent = "Making the picture…";
    try {
      const picture = await compose(box);
      save(format === "png" ? await pixels(picture) : picture.svg, `${picture.name}.${format}`);
      status.textContent = `Saved as ${picture.name}.${format}`;
    } catch (fault) {
      console.error(fault);
      status.textContent = "The picture could not be made. The table and the CSV hold the same figures.";
    } finally {
      delete box.dataset.busy;
    }
  });
})();
