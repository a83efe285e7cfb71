// The service worker: pages from the network, the last good copy while there is none; built files from the cache.
// `make` fills in the build's id and its files.

const BUILD = "__BUILD__";
const ASSETS = Object.values(__ASSETS__).map((path) => `/${path.replace(/^\//, "")}`);
const SHELL = ["/offline.html", "/icons/icon.svg", ...ASSETS.filter((path) => /\.(css|svg)$/.test(path))];
const FILES = `files-${BUILD}`;
const PAGES = "pages";
const MOST_PAGES = 31;
const PATIENCE_MS = 4000;
// Never kept: what is not a page, or belongs to one person's settings.
const NEVER = /^\/(api|events|settings|setup|sign-in|admin|sw\.js)/;

addEventListener("install", (event) => event.waitUntil(caches.open(FILES).then((cache) => cache.addAll(SHELL))));

addEventListener("activate", (event) => {
  const drop = (names) => Promise.all(names.filter((name) => name !== FILES && name !== PAGES).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(drop).then(() => clients.claim()));
});

addEventListener("message", (event) => {
  if (event.data === "update") skipWaiting();
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || NEVER.test(url.pathname)) return;
  if (url.pathname.startsWith("/pkg/")) event.respondWith(fromCache(request));
  else if (request.mode === "navigate") event.respondWith(fromNetwork(request));
});

/** Names of built files hold their hash: what is there is right for ever. */
async function fromCache(request) {
  const known = await caches.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(FILES)).put(request, answer.clone());
  return answer;
}

/** A page from the network; its last good copy when there is none in time; else the offline page. */
async function fromNetwork(request) {
  const pages = await caches.open(PAGES);
  const network = fetch(request).then(async (answer) => {
    const mayKeep = answer.status === 200 && !answer.redirected && !(answer.headers.get("cache-control") ?? "").includes("no-store");
    if (mayKeep && isKept(new URL(request.url).pathname)) {
      await pages.put(request, answer.clone());
      const keys = await pages.keys();
      await Promise.all(keys.slice(0, -MOST_PAGES).map((key) => pages.delete(key)));
    }
    return answer;
  });
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  try {
    const first = await Promise.race([network, late]);
    return first ?? (await pages.match(request)) ?? (await network);
  } catch {
    return (await pages.match(request)) ?? (await offline());
  }
}

/** Without the headers under which the file was served: its style is its own. */
async function offline() {
  const page = await caches.match("/offline.html");
  return page ? new Response(page.body, { headers: { "content-type": "text/html; charset=utf-8" } }) : Response.error();
}

const isKept = (path) => path === "/" || path === "/notifications" || path.startsWith("/products/");
