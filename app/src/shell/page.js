// What needs no WASM: nothing here is needed either. Pages read and forms post without scripts.
(() => {
  const page = document.documentElement;
  page.dataset.script = "";

  // Dates are formatted on the server: it learns the zone by this cookie.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.includes("zone=")) document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax`;

  // An error came with the address; it must not come back with a reload.
  const here = new URL(location);
  if (here.searchParams.has("__err")) {
    for (const name of ["__err", "__path"]) here.searchParams.delete(name);
    history.replaceState(history.state, "", here);
  }

  // A form is sent once; its button says so; what belongs to the waiting is shown; the page stays where it was.
  addEventListener("submit", (event) => {
    const form = event.target;
    if ("sent" in form.dataset) return event.preventDefault();
    form.dataset.sent = "";
    const button = event.submitter;
    if (button) {
      button.dataset.busy = "";
      button.setAttribute("aria-disabled", "true");
    }
    const waiting = form.dataset.shows && document.getElementById(form.dataset.shows);
    if (waiting) waiting.hidden = false;
    if (form.method === "post") sessionStorage.setItem("scroll", JSON.stringify([location.pathname, scrollY]));
  });
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const isPlain = link && link.origin === location.origin && !link.target && !link.getAttribute("href").startsWith("#");
    if (isPlain && !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey) page.dataset.leaving = "";
  });
  addEventListener("change", (event) => event.target.matches?.("[data-sends]") && event.target.form.requestSubmit());
  // A page that comes back from the browser's memory is not waiting any more.
  addEventListener("pageshow", () => {
    delete page.dataset.leaving;
    for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll("[data-busy]")) {
      delete button.dataset.busy;
      button.removeAttribute("aria-disabled");
    }
  });

  // How long until the page looks by itself. What matters sooner is told by the server.
  let timer;
  function again() {
    clearTimeout(timer);
    const seconds = Number(document.querySelector("[data-live]")?.dataset.live);
    if (seconds) timer = setTimeout(() => refresh().finally(again), seconds * 1000);
  }

  const parse = (text) => new DOMParser().parseFromString(text, "text/html");
  async function load(href) {
    const answer = await fetch(href, { headers: { accept: "text/html" } }).catch(() => null);
    return answer?.ok && !answer.redirected ? parse(await answer.text()) : null;
  }

  // Parts of an open page are fetched anew while it is seen and nobody is in them.
  async function refresh() {
    if (document.hidden) return;
    const next = await load(location.href);
    if (!next) return;
    let changed = 0;
    for (const part of document.querySelectorAll("[data-part]")) {
      const fresh = next.querySelector(`[data-part="${part.dataset.part}"]`);
      if (!fresh || !part.isConnected || part.contains(document.activeElement) || part.querySelector("details[open], :checked:not(option)")) continue;
      // A part with a key changes only with its key: a chart moves on all the time, a list has rows of its own.
      const isSame = "key" in part.dataset ? part.dataset.key === fresh.dataset.key : part.innerHTML === fresh.innerHTML;
      if (isSame) continue;
      const price = (root) => root.querySelector("data.price")?.value;
      if (part.dataset.product && price(part) !== price(fresh)) {
        fresh.dataset.changed = "";
        changed += 1;
      }
      part.replaceWith(fresh);
      hydrate(fresh);
    }
    document.title = next.title;
    if (changed) say(changed);
  }

  // At most once in ten seconds: whoever listens to the page wants to hear other things too.
  let said = 0, unsaid = 0;
  function say(changed) {
    unsaid += changed;
    const place = document.getElementById("live-words");
    if (!place || Date.now() - said < 10_000) return;
    place.textContent = (unsaid === 1 ? place.dataset.one : place.dataset.many).replace("{count}", unsaid);
    said = Date.now();
    unsaid = 0;
  }

  // The server tells which products of the page changed, while it is seen.
  let source, soon;
  function listen() {
    source?.close();
    source = null;
    const ids = [...document.querySelectorAll("[data-product]")].map((row) => row.dataset.product.slice(0, 8));
    if (document.hidden || ids.length === 0 || !("EventSource" in window)) return;
    source = new EventSource(`/events?ids=${ids.slice(0, 400).join()}`);
    source.onmessage = () => {
      // Many open pages must not all ask in the same moment.
      clearTimeout(soon);
      soon = setTimeout(() => refresh().finally(again), 50 + Math.random() * 450);
    };
  }
  document.addEventListener("visibilitychange", () => {
    listen();
    if (!document.hidden) refresh().finally(again);
  });
  addEventListener("pagehide", () => source?.close());

  // Words narrow a list while they are typed; the address follows, so that it can be kept.
  let typing;
  addEventListener("input", (event) => {
    const field = event.target;
    if (!field.dataset?.instant) return;
    clearTimeout(typing);
    typing = setTimeout(async () => {
      const link = new URL(field.form.action);
      for (const [name, value] of new FormData(field.form)) if (value) link.searchParams.set(name, value);
      const asked = field.value;
      const next = await load(link);
      if (!next || field.value !== asked) return;
      for (const name of field.dataset.instant.split(" ")) {
        const fresh = next.querySelector(`[data-part="${name}"]`);
        if (fresh) document.querySelector(`[data-part="${name}"]`)?.replaceWith(fresh);
      }
      history.replaceState(history.state, "", link);
      listen();
    }, 150);
  });

  // How many rows are chosen.
  addEventListener("change", () => {
    const words = document.querySelector(".bulk-count[data-count]");
    const chosen = document.querySelectorAll(".many input[type=checkbox]:checked").length;
    if (words) words.textContent = words.dataset.count.replace("{count}", chosen);
  });

  // "/" goes to the box in which links are pasted, Escape out of it.
  addEventListener("keydown", (event) => {
    const isTyping = event.target.matches?.("input, select, textarea, [contenteditable]");
    const box = document.querySelector("#add-box, #paste");
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey && box?.offsetParent) {
      event.preventDefault();
      box.focus();
    }
  });

  // A secret that is shown once, a link that is shared.
  addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copies]");
    if (!button) return;
    await navigator.clipboard?.writeText(document.getElementById(button.dataset.copies)?.value ?? "");
    button.dataset.state = "copied";
  });

  // Glue and WASM are loaded by the first page that has an island.
  let program;
  async function hydrate(root) {
    const islands = root.querySelectorAll("leptos-island");
    const { glue, wasm } = document.body.dataset;
    if (!glue || islands.length === 0) return;
    program ??= import(glue).then(async (module) => {
      await module.default({ module_or_path: wasm });
      module.hydrate();
      return module;
    });
    const module = await program;
    for (const island of islands) if (island.isConnected) module[island.dataset.component]?.(island);
    page.dataset.hydrated = "";
  }

  const reveal = (id) => {
    const place = document.getElementById(id);
    if (place) place.hidden = false;
    return place;
  };

  // A new version waits until it is asked for: it must not change a page under the hands of whoever reads it.
  async function worker() {
    const registration = await navigator.serviceWorker.register("/sw.js");
    const isOld = navigator.serviceWorker.controller;
    const offer = (waiting) => waiting && isOld && reveal("update")?.querySelector("button").addEventListener("click", () => waiting.postMessage("update"));
    offer(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const next = registration.installing;
      next?.addEventListener("statechange", () => next.state === "installed" && offer(next));
    });
    let isReloading = false;
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      if (isOld && !isReloading) location.reload();
      isReloading = true;
    });
  }

  // What the device adds: the number on the icon, the page from memory, the way to install.
  function bring() {
    const count = Number(document.querySelector(".nav-count")?.dataset.count ?? 0);
    if (count) navigator.setAppBadge?.(count).catch(() => {});
    else navigator.clearAppBadge?.().catch(() => {});
    const words = page.dataset.kept && reveal("kept");
    if (words) words.textContent = words.dataset.words.replace("{time}", new Date(page.dataset.kept).toLocaleString(page.lang, { dateStyle: "medium", timeStyle: "short" }));
  }
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    const show = () => reveal("install")?.querySelector("button").addEventListener("click", () => event.prompt(), { once: true });
    if (document.readyState === "loading") addEventListener("DOMContentLoaded", show);
    else show();
  });

  addEventListener("DOMContentLoaded", () => {
    const [path, top] = JSON.parse(sessionStorage.getItem("scroll") ?? "[]");
    sessionStorage.removeItem("scroll");
    if (path === location.pathname) scrollTo({ top, behavior: "instant" });

    again();
    listen();
    hydrate(document);
    if ("serviceWorker" in navigator) (window.requestIdleCallback ?? setTimeout)(() => worker().catch(() => {}));
    bring();
  });
})();
