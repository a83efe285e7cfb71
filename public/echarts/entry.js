// ECharts with only what the price chart uses, and the little that charming, which drives it from Rust, does not know.
//
// charming calls the global `echarts.init` and plain `setOption`. Here that replaces series in place of keeping removed ones,
// follows the size of its element, and turns the marker strings "@money" and "@date" of an option into formatters: functions
// from Rust would need `unsafe-eval`. The nearest element with `data-currency` says how: prices on the axis are in the currency's
// minor units (`data-per-major` of them make one; else as many as ISO 4217 says), times in milliseconds, shown in
// `data-locale` and `data-zone`. `window.plummetCharts` gives what charming does not bind.

import { LineChart, ScatterChart } from "echarts/charts";
import { DataZoomSliderComponent, GridSimpleComponent, MarkAreaComponent, MarkLineComponent } from "echarts/components";
import * as core from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

core.use([LineChart, ScatterChart, GridSimpleComponent, DataZoomSliderComponent, MarkLineComponent, MarkAreaComponent, CanvasRenderer]);

const DAY = 86_400_000;
const observers = new WeakMap();
const plain = new WeakMap();

/** What an unknown locale, currency or zone throws must not blank the page: the next best is taken. */
function firstThatWorks(...makers) {
  for (const make of makers) {
    try {
      return make();
    } catch {
      // An unknown name: go on with the next.
    }
  }
}

function money({ locale, currency, perMajor }) {
  const format = (digits) =>
    firstThatWorks(
      ...[locale, "en"].map((tag) => () => new Intl.NumberFormat(tag, { style: "currency", currency, ...digits })),
      () => new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2, ...digits }),
    );
  const full = format({});
  const round = format({ minimumFractionDigits: 0, maximumFractionDigits: 0 });
  const minor = Number(perMajor) || 10 ** full.resolvedOptions().maximumFractionDigits;
  return (value) => (Math.abs(value / minor) >= 1000 ? round : full).format(value / minor);
}

function date({ locale, zone }, span) {
  const shown =
    span > 400 * DAY ? { month: "short", year: "numeric" } : span > 2.5 * DAY ? { day: "numeric", month: "short" } : { hour: "2-digit", minute: "2-digit" };
  const format = firstThatWorks(
    () => new Intl.DateTimeFormat(locale, { timeZone: zone || undefined, ...shown }),
    () => new Intl.DateTimeFormat("en", { timeZone: "UTC", ...shown }),
  );
  return (value) => format.format(value);
}

/** The option with its marker strings replaced, in place: charming made it for this call only. */
function completed(option, el) {
  const words = el.closest("[data-currency]")?.dataset ?? {};
  const [axis] = [option.xAxis ?? {}].flat();
  const markers = { "@money": money(words), "@date": date(words, axis.max - axis.min || 0) };
  const replace = (node) => {
    for (const [key, value] of Object.entries(node)) {
      if (typeof value === "string" && Object.hasOwn(markers, value)) node[key] = markers[value];
      else if (value && typeof value === "object" && key !== "data") replace(value);
    }
  };
  replace(option);
  // A time axis hides its first and last label unless told otherwise, and charming has no word for that.
  if (axis.axisLabel?.customValues) Object.assign(axis.axisLabel, { showMinLabel: true, showMaxLabel: true });
  return option;
}

function init(el, _theme, size) {
  plummetCharts.dispose(el);
  const chart = core.init(el, null, size);
  const setOption = chart.setOption.bind(chart);
  plain.set(el, setOption);
  chart.setOption = (option) => setOption(completed(option, el), { replaceMerge: ["series"], lazyUpdate: true });
  const observer = new ResizeObserver(() => chart.resize());
  observer.observe(el);
  observers.set(el, observer);
  return chart;
}

const DRAWN = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "vector-effect", "font", "text-anchor", "visibility", "paint-order"];

/** What of the drawing is seen, as an image of the size of its box: styles are copied, a picture has no style sheet. */
async function drawn(boxElement, box) {
  const drawing = boxElement.querySelector(".chart-drawing");
  const place = drawing.getBoundingClientRect();
  const copy = drawing.cloneNode(true);
  const originals = drawing.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((node, index) => {
    const style = getComputedStyle(originals[index]);
    for (const name of DRAWN) node.style.setProperty(name, style.getPropertyValue(name));
  });
  const attributes = { x: place.left - box.left, y: place.top - box.top, width: place.width, height: place.height, overflow: "visible" };
  for (const [name, value] of Object.entries(attributes)) copy.setAttribute(name, value);
  const image = new Image();
  const outer = `<svg xmlns="http://www.w3.org/2000/svg" width="${box.width}" height="${box.height}">${new XMLSerializer().serializeToString(copy)}</svg>`;
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(outer)}`;
  await image.decode();
  return image;
}

const plummetCharts = {
  /** Frees the chart in `el`, if there is one. */
  dispose(el) {
    observers.get(el)?.disconnect();
    observers.delete(el);
    core.getInstanceByDom(el)?.dispose();
  },
  /** Saves the chart in `el` as a PNG, with a title and a sentence above what drawing and canvas show together. */
  async poster(el, title, sentence) {
    const chart = core.getInstanceByDom(el);
    if (!chart) return;
    const box = el.closest(".chart-box").getBoundingClientRect();
    const place = el.getBoundingClientRect();
    const [scale, head, foot] = [2, 64, 32];
    const canvas = document.createElement("canvas");
    canvas.width = box.width * scale;
    canvas.height = (box.height + head - foot) * scale;
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    const [colours, font] = [plummetCharts.theme(el), getComputedStyle(el).fontFamily];
    pen.fillStyle = colours.surface;
    pen.fillRect(0, 0, box.width, box.height + head);
    const line = (text, size, weight, colour, y) => {
      pen.font = `${weight} ${size}px ${font}`;
      pen.fillStyle = colour;
      pen.fillText(text, 12, y, box.width - 24);
    };
    line(title, 18, 600, colours.text, 28);
    line(sentence, 13, 400, colours.muted, 50);
    const [x, y] = [place.left - box.left, place.top - box.top + head];
    pen.drawImage(await drawn(el.closest(".chart-box"), box), 0, head, box.width, box.height);
    chart.getZr().flush();
    const lines = chart.renderToCanvas({ pixelRatio: scale, excludeComponents: ["dataZoom"] });
    pen.drawImage(lines, x, y, place.width, place.height);
    const link = document.createElement("a");
    link.download = `${title.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60)}.png`;
    link.href = canvas.toDataURL("image/png");
    link.click();
  },
  /** Writes the times on the axis: pairs of a time and its label. */
  ticks(el, pairs) {
    const labels = new Map(pairs);
    const axisLabel = { customValues: [...labels.keys()], formatter: (value) => labels.get(value) ?? "", showMinLabel: true, showMaxLabel: true };
    plain.get(el)?.({ xAxis: { axisLabel } });
  },
  /** Shows the times from `from` to `to`, in milliseconds. */
  zoom(el, from, to) {
    core.getInstanceByDom(el)?.dispatchAction({ type: "dataZoom", startValue: from, endValue: to });
  },
  /** Calls `told(from, to)`, in milliseconds, whenever the shown times change. */
  onZoom(el, told) {
    const chart = core.getInstanceByDom(el);
    chart?.on("datazoom", () => {
      const [{ startValue, endValue }] = chart.getOption().dataZoom;
      told(startValue, endValue);
    });
  },
  /** The colour tokens as they are where `el` stands, as `rgb(…)`: a canvas knows neither `var()` nor `light-dark()`. */
  theme(el) {
    const probe = el.ownerDocument.createElement("span");
    el.after(probe);
    const names = ["page", "surface", "text", "muted", "border", "accent", "drop", "rise", "warning", "danger"].concat([1, 2, 3, 4, 5, 6].map((n) => `line-${n}`));
    const colours = names.map((name) => {
      probe.style.color = `var(--${name})`;
      return [name, getComputedStyle(probe).color];
    });
    probe.remove();
    return Object.fromEntries(colours);
  },
};

globalThis.echarts = { init };
globalThis.plummetCharts = plummetCharts;
