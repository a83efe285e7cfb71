// Makes the islands under `root` live: each is an element that names the function which hydrates it.
let program;
async function hydrate(root) {
  const islands = [...root.querySelectorAll('leptos-island')];
  if (!islands.length) return;
  program ??= import(glue).then(async (module) => {
    await module.default({ module_or_path: wasm });
    module.hydrate();
    return module;
  });
  const module = await program;
  for (const island of islands) if (island.isConnected) await module[island.dataset.component]?.(island);
}

// Puts the page's present content in the place of the old, unless somebody is typing or has something open.
async function refresh() {
  const typing = document.activeElement?.matches('input, select, textarea') || document.querySelector('main details[open]');
  if (document.hidden || typing) return;
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of ['main', '.rail', '.tab-bar']) {
    const [now, next] = [document.querySelector(part), page.querySelector(part)];
    if (!now || !next || now.innerHTML === next.innerHTML) continue;
    const focused = now.contains(document.activeElement) ? document.activeElement.id : '';
    now.replaceChildren(...next.childNodes);
    if (focused) document.getElementById(focused)?.focus();
    await hydrate(now);
  }
  document.title = page.title;
}

function live() {
  const seconds = Number(document.querySelector('[data-live]')?.dataset.live);
  if (seconds) setTimeout(() => refresh().finally(live), seconds * 1000);
}

// A second press of a button that sends a form does nothing while the first is on its way.
addEventListener('submit', (event) => {
  if (event.target.dataset.busy !== undefined) return event.preventDefault();
  event.target.dataset.busy = '';
  event.submitter?.setAttribute('data-busy', '');
  event.submitter?.setAttribute('aria-disabled', 'true');
});
addEventListener('pageshow', () => {
  for (const busy of document.querySelectorAll('[data-busy]')) {
    delete busy.dataset.busy;
    busy.removeAttribute('aria-disabled');
  }
});

// Dates are formatted by the server, in the zone of the browser.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes('zone=')) document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax`;

hydrate(document).then(() => (document.documentElement.dataset.hydrated = ''));
live();
if ('serviceWorker' in navigator)
  (window.requestIdleCallback ?? setTimeout)(() => navigator.serviceWorker.register('/sw.js').catch(() => {}));
