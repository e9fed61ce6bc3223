'use strict';
(() => {
  const INTERVAL = 1000;
  const connection = document.getElementById('connection');
  const pause = document.getElementById('pause');
  let paused = false;

  const say = (text) => {
    if (connection && connection.textContent !== text) connection.textContent = text;
  };

  // Changes `old` into `fresh` in place: an element that stays keeps its focus, its selection and
  // whether it is open.
  const update = (old, fresh) => {
    if (old.isEqualNode(fresh) || (old.dataset && 'keep' in old.dataset)) return;
    if (old.nodeType !== Node.ELEMENT_NODE) {
      old.nodeValue = fresh.nodeValue;
      return;
    }
    for (const { name } of [...old.attributes]) {
      if (!fresh.hasAttribute(name) && name !== 'open') old.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes) {
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    const isSame = (a, b) => a && a.nodeName === b.nodeName && (a.id || '') === (b.id || '');
    const children = [...fresh.childNodes];
    const ids = new Set(children.map((child) => child.id).filter(Boolean));
    let next = old.firstChild;
    for (const child of children) {
      while (next && next.id && !ids.has(next.id)) {
        const gone = next;
        next = next.nextSibling;
        gone.remove();
      }
      if (isSame(next, child)) {
        const current = next;
        next = next.nextSibling;
        update(current, child);
      } else {
        old.insertBefore(document.importNode(child, true), next);
      }
    }
    while (next) {
      const gone = next;
      next = next.nextSibling;
      gone.remove();
    }
  };

  const show = async (response) => {
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    const advice = fresh.getElementById('advice');
    if (advice) {
      say(fresh.querySelector('h1').textContent + ' ' + advice.textContent);
      return false;
    }
    document.title = fresh.title;
    for (const part of ['body > header', 'main', 'footer']) {
      const [old, next] = [document.querySelector(part), fresh.querySelector(part)];
      if (old && next) update(old, next);
    }
    return true;
  };

  const refresh = async () => {
    try {
      if (await show(await fetch(location.href, { cache: 'no-store' }))) say('');
    } catch {
      say('The simulator does not respond. This page shows what it last said.');
    }
  };

  const isLive = () => document.querySelector('main[data-live]') !== null;
  const loop = async () => {
    if (!paused && !document.hidden && isLive()) await refresh();
    if (isLive()) setTimeout(loop, INTERVAL);
    else if (pause) pause.hidden = true;
  };
  if (isLive()) {
    setTimeout(loop, INTERVAL);
    document.addEventListener('visibilitychange', () => paused || refresh());
    if (pause) {
      pause.hidden = false;
      pause.addEventListener('click', () => {
        paused = !paused;
        pause.setAttribute('aria-pressed', String(paused));
        if (!paused) refresh();
      });
    }
  }

  // Without this script, the form works too, and loads the page again.
  document.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      const body = new URLSearchParams(new FormData(event.target));
      const response = await fetch(event.target.action, { method: 'POST', body });
      if (!(await show(response))) return;
      await refresh();
      say('Virtual time is now ' + document.getElementById('now').textContent + '.');
    } catch {
      say('The simulator does not respond.');
    }
  });
})();
