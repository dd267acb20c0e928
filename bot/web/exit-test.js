// What is left in this browser, measured; and one conversation erased and asked for again.
const words = JSON.parse(document.getElementById('config').textContent);

function show(name, text) {
  document.querySelector(`[data-check="${name}"]`).textContent = text;
}

function counted(count) {
  return count === 0 ? words.left_none : words.left_some.replace('{count}', count);
}

async function measure(name, count) {
  try {
    show(name, counted(await count()));
  } catch {
    show(name, words.left_unknown);
  }
}

async function serverForgets() {
  const json = { 'Content-Type': 'application/json' };
  try {
    const started = await fetch('/api/v1/conversations', {
      method: 'POST', headers: json, body: JSON.stringify({ language: document.documentElement.lang }),
    });
    const { token } = await started.json();
    const headers = { ...json, Authorization: `Bearer ${token}` };
    await fetch('/api/v1/conversations', { method: 'DELETE', headers });
    const asked = await fetch('/api/v1/messages', {
      method: 'POST', headers, body: JSON.stringify({ text: '?' }),
    });
    if (!started.ok) return words.left_server_away;
    return asked.status === 404 ? words.left_server_gone : words.left_server_kept;
  } catch {
    return words.left_server_away;
  }
}

await measure('cookies', () => document.cookie.split(';').filter((c) => c.trim()).length);
await measure('storage', () => localStorage.length + sessionStorage.length);
await measure('databases', async () => (await indexedDB.databases()).length);
await measure('caches', async () => (await caches.keys()).length);
await measure('workers', async () =>
  (await navigator.serviceWorker.getRegistrations()).length);
show('server', await serverForgets());
