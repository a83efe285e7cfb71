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

addEventListener("push", (event) => {
  const said = event.data?.json() ?? {};
  const { title = "Plummet", body = "", url = "/notifications", tag, id } = said;
  const options = { body, tag: tag ?? id, icon: "/icons/icon-192.png", data: { url } };
  event.waitUntil(registration.showNotification(title, options));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.url));
});

/** Shows a page of ours in a window that is open, or in a new one. */
async function open(link) {
  const url = new URL(link ?? "/notifications", location.origin);
  // Behind a proxy our address may have another name in the message: the path is what counts.
  const page = new URL(url.pathname + url.search, location.origin).href;
  const windows = await clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const window of windows) {
    if (window.url === page) return window.focus();
  }
  return clients.openWindow(page);
}

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
    return first ?? (await kept(pages, request)) ?? (await network);
  } catch {
    return (await kept(pages, request)) ?? (await offline());
  }
}

/** The last good copy, which says so and from when it is: `data-kept` on its root, with the time. */
async function kept(pages, request) {
  const copy = (await pages.match(request)) ?? (await pages.match(request, { ignoreSearch: true }));
  if (!copy) return undefined;
  const at = new Date(copy.headers.get("date") ?? Date.now()).toISOString();
  const text = (await copy.text()).replace("<html ", `<html data-kept="${at}" `);
  return new Response(text, { headers: copy.headers });
}

/** Without the headers under which the file was served: its style is its own. */
async function offline() {
  const page = await caches.match("/offline.html");
  return page ? new Response(page.body, { headers: { "content-type": "text/html; charset=utf-8" } }) : Response.error();
}

const isKept = (path) => path === "/" || path === "/notifications" || path === "/drops" || path.startsWith("/products/");

// A message from the server: classic push, and what browsers with declarative push pass on. Without content it is still one.
addEventListener("push", (event) => {
  let told = {};
  try {
    told = event.data?.json() ?? {};
  } catch {
    told = { body: event.data?.text() };
  }
  const { title = "Plummet", body = "", url, navigate, tag } = told.notification ?? told;
  const options = { body, tag, renotify: Boolean(tag), icon: "/icons/icon-192.png", badge: "/icons/badge-96.png", timestamp: Date.now(), data: { url: url ?? navigate ?? "/notifications" } };
  const badge = Number(told.app_badge ?? told.badge);
  event.waitUntil(
    Promise.all([
      registration.showNotification(title, options),
      badge > 0 && "setAppBadge" in navigator ? navigator.setAppBadge(badge).catch(() => {}) : null,
    ]),
  );
});

// A click leads to the product: in a window that is open, else in a new one. Never to another site.
addEventListener("notificationclick", (event) => {
  event.notification.close();
  const wanted = new URL(event.notification.data?.url ?? "/notifications", location.origin);
  const url = wanted.origin === location.origin ? wanted.href : `${location.origin}/notifications`;
  const open = async () => {
    const windows = await clients.matchAll({ type: "window", includeUncontrolled: true });
    const window = windows.find((window) => window.url === url) ?? windows[0];
    if (!window) return clients.openWindow(url);
    await window.focus();
    return window.url === url ? window : window.navigate(url).catch(() => clients.openWindow(url));
  };
  event.waitUntil(open());
});

// The browser took another subscription: pages tell the server when they are next open.
addEventListener("pushsubscriptionchange", (event) => event.waitUntil(tellWindows("subscription")));

async function tellWindows(word) {
  for (const window of await clients.matchAll({ type: "window" })) window.postMessage(word);
}
