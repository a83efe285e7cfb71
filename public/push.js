// Switches push on: asks the browser for a subscription and posts it as the form that is there.

const form = document.querySelector("form[data-push-key]");
const say = (text) => (form.querySelector("[data-push-state]").textContent = text);

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

async function subscribe() {
  const permission = await Notification.requestPermission();
  if (permission !== "granted") return say("The browser does not allow notifications of this site. Allow them beside its address.");
  const worker = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytes(form.dataset.pushKey) };
  let subscription;
  try {
    subscription = await worker.pushManager.subscribe(options);
  } catch {
    // One of another key is in the way: this Plummet was set up anew.
    await (await worker.pushManager.getSubscription())?.unsubscribe();
    subscription = await worker.pushManager.subscribe(options);
  }
  const { endpoint, keys } = subscription.toJSON();
  for (const [name, value] of Object.entries({ endpoint, p256dh: keys.p256dh, auth: keys.auth })) {
    form.elements[`fields[${name}]`].value = value;
  }
  form.submit();
}

if (form) {
  if ("serviceWorker" in navigator && "PushManager" in window) {
    say("Alerts appear on this device, also while Plummet is closed.");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      subscribe().catch((error) => say(`The browser did not switch push on: ${error.message}`));
    }, true);
  } else {
    say("This browser has no push. On a phone, add Plummet to the home screen first.");
  }
}
