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

  function again() {
    const seconds = Number(document.querySelector("[data-live]")?.dataset.live);
    if (seconds) setTimeout(() => refresh().finally(again), seconds * 1000);
  }

  // Parts of an open page are fetched anew while it is seen and nobody is in them.
  async function refresh() {
    if (document.hidden) return;
    const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-part]")) {
      const fresh = next.querySelector(`[data-part="${part.dataset.part}"]`);
      if (!fresh || part.contains(document.activeElement) || part.querySelector("details[open]")) continue;
      // A part with a key changes only with its key: a chart moves on all the time.
      const isSame = "key" in part.dataset ? part.dataset.key === fresh.dataset.key : part.innerHTML === fresh.innerHTML;
      if (isSame) continue;
      part.replaceWith(fresh);
      hydrate(fresh);
    }
    document.title = next.title;
  }

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

  addEventListener("DOMContentLoaded", () => {
    const [path, top] = JSON.parse(sessionStorage.getItem("scroll") ?? "[]");
    sessionStorage.removeItem("scroll");
    if (path === location.pathname) scrollTo({ top, behavior: "instant" });

    again();

    hydrate(document);
    if ("serviceWorker" in navigator) (window.requestIdleCallback ?? setTimeout)(() => navigator.serviceWorker.register("/sw.js").catch(() => {}));
  });
})();
