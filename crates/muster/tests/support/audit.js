// Returns a list of what is wrong with the page: structure, names, sizes, contrast, and whether it fits.
const problems = [];
const report = (what, element) => {
  const text = (element?.innerText || element?.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
  const name = element ? `${element.tagName.toLowerCase()}${element.id ? "#" + element.id : ""}.${[...element.classList].join(".")}` : "";
  problems.push(`${what} ${name} ${JSON.stringify(text)}`);
};
const all = (selector) => [...document.querySelectorAll(selector)];
const visible = (element) => {
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  return element.checkVisibility({ visibilityProperty: true }) && box.width > 1 && box.height > 1 &&
    !element.closest(".sr, .skip") && style.clipPath === "none";
};

// Structure.
if (!document.documentElement.lang) report("no language");
if (!document.title.trim() || document.title.startsWith(" ·")) report("no title");
if (document.compatMode !== "CSS1Compat") report("quirks mode");
if (all("h1").filter(visible).length !== 1) report(`${all("h1").length} main headings`);
if (all("main").length !== 1) report("not one main landmark");
let level = 1;
for (const heading of all("main h1, main h2, main h3, main h4, main h5, main h6").filter(visible)) {
  const own = Number(heading.tagName[1]);
  if (own > level + 1) report(`heading jumps from ${level} to ${own}`, heading);
  level = own;
}
const ids = new Set();
for (const element of all("[id]")) {
  if (ids.has(element.id)) report("id twice", element);
  ids.add(element.id);
}
for (const element of all("[aria-describedby], [aria-labelledby]")) {
  for (const name of ["aria-describedby", "aria-labelledby"]) {
    for (const id of (element.getAttribute(name) || "").split(/\s+/).filter(Boolean)) {
      if (!document.getElementById(id)) report(`${name} leads nowhere`, element);
    }
  }
}

// Names.
const named = (element) => (element.getAttribute("aria-label") || "").trim() ||
  (element.getAttribute("aria-labelledby") || "").split(/\s+/).some((id) => id && document.getElementById(id)?.textContent.trim());
for (const input of all("input:not([type=hidden]), textarea, select").filter(visible)) {
  if (!named(input) && ![...input.labels].some((label) => label.textContent.trim())) report("no label", input);
}
for (const element of all("button, a[href], summary").filter(visible)) {
  if (!named(element) && !element.textContent.trim()) report("no name", element);
}
for (const image of all("img")) if (!image.hasAttribute("alt")) report("no alt", image);
for (const table of all("table")) if (!table.querySelector("th[scope]")) report("no headers", table);

// Sizes: 24 by 24 at least, links inside of text excepted (WCAG 2.5.8).
for (const element of all("button, input:not([type=hidden]), textarea, select, summary, nav a, a.button").filter(visible)) {
  const box = element.getBoundingClientRect();
  const labelled = ["checkbox", "radio"].includes(element.type);
  if (!labelled && (box.width < 24 || box.height < 24)) report(`only ${Math.round(box.width)}x${Math.round(box.height)}`, element);
}

// Fits.
const page = document.documentElement;
if (page.scrollWidth > innerWidth) {
  report(`scrolls sideways: ${page.scrollWidth} > ${innerWidth}`);
  for (const element of all("body *").filter(visible)) {
    const box = element.getBoundingClientRect();
    if (box.right > innerWidth + 1) report(`ends at ${Math.round(box.right)}`, element);
  }
}
// Text that is cut off without a sign of it.
for (const element of all("main *").filter(visible)) {
  const style = getComputedStyle(element);
  const cuts = ["hidden", "clip"].includes(style.overflowX) && style.textOverflow !== "ellipsis";
  if (cuts && element.scrollWidth > element.clientWidth + 1 && element.innerText?.trim()) report("text is cut off", element);
}

// What is taller than its place lies over what comes next.
for (const element of all("main *").filter(visible)) {
  const style = getComputedStyle(element);
  const free = style.overflowY !== "visible" || ["inline", "contents"].includes(style.display) || style.position === "absolute";
  if (free || element.closest("svg, select, [popover]")) continue;
  const height = element.getBoundingClientRect().height;
  if (element.scrollHeight > height + 8) report(`${element.scrollHeight} high in ${Math.round(height)}`, element);
}

// Contrast.
const canvas = document.createElement("canvas");
canvas.width = canvas.height = 1;
const pen = canvas.getContext("2d", { willReadFrequently: true });
const known = new Map();
const rgba = (color) => {
  if (!known.has(color)) {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = "#000";
    pen.fillStyle = color;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    known.set(color, [r, g, b, a / 255]);
  }
  return known.get(color);
};
const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
const luminance = ([r, g, b]) => {
  const [x, y, z] = [r, g, b].map((c) => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; });
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const ratio = (one, two) => {
  const [light, dark] = [luminance(one), luminance(two)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
};
// What lies behind an element; null where a picture does.
const behind = (element) => {
  const layers = [];
  for (let at = element; at; at = at.parentElement) {
    const style = getComputedStyle(at);
    if (style.backgroundImage !== "none") return null;
    const color = rgba(style.backgroundColor);
    if (color[3] > 0) layers.push(color);
    if (color[3] === 1) break;
    // Whatever is in the top layer has its own ground or the backdrop.
  }
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const canvasColor = layers.length && layers[layers.length - 1][3] === 1 ? layers.pop() : rgba(dark ? "#121212" : "#fff");
  return layers.reverse().reduce((ground, layer) => over(layer, ground), canvasColor);
};
const opacity = (element) => {
  let product = 1;
  for (let at = element; at; at = at.parentElement) product *= Number(getComputedStyle(at).opacity);
  return product;
};
const judge = (element, color, what) => {
  const ground = behind(element);
  if (!ground) return;
  const style = getComputedStyle(element);
  const size = parseFloat(style.fontSize), bold = Number(style.fontWeight) >= 700;
  const least = size >= 24 || (size >= 18.66 && bold) ? 3 : 4.5;
  const [r, g, b, a] = rgba(color);
  const found = ratio(over([r, g, b, a * opacity(element)], ground), ground);
  if (found < least) report(`${what} contrast ${found.toFixed(2)} (${color} on ${ground.slice(0, 3).map(Math.round)})`, element);
};
const judged = new Set();
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const element = texts.currentNode.parentElement;
  if (!texts.currentNode.textContent.trim() || judged.has(element) || !visible(element)) continue;
  if (element.closest("script, style, option, [disabled], [aria-disabled=true]")) continue;
  judged.add(element);
  judge(element, getComputedStyle(element).color, "text");
}
for (const input of all("input, textarea").filter(visible)) {
  if (input.disabled || ["checkbox", "radio"].includes(input.type)) continue;
  judge(input, getComputedStyle(input).color, "input");
  if (input.placeholder) judge(input, getComputedStyle(input, "::placeholder").color, "placeholder");
}
return problems;
