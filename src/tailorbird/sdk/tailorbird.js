/*!
 * Tells Tailorbird what happens on a page and fills its placements. Manual: docs/guide/browser-sdk.md
 * It never throws into the page. Events wait in localStorage until acknowledged; the server counts a messageId once.
 */
(() => {
  "use strict";
  if (window.tailorbird?.version) return;
  const script = document.currentScript;
  const early = window.tailorbird || [];
  const BATCH = "/v1/batch";
  const MINUTE = 60_000;
  const MAX_SIZE = 20_000; // a beacon may have 64 kB
  const settings = { key: "", api: "", auto: "page click scroll time form video", render: {} };

  // Stores: where the browser refuses one, memory stands in
  const quiet = (action) => { try { return action(); } catch {} };
  const memory = {};
  const store = (area) => ({
    get: (name) => quiet(() => JSON.parse(window[area].getItem(name))) ?? memory[name],
    set: (name, value) => {
      delete memory[name];
      try { window[area].setItem(name, JSON.stringify(value)); } catch { memory[name] = value; }
    },
  });
  const local = store("localStorage");
  const tab = store("sessionStorage");
  // Cookies are shared with the shop's own server; what it sets wins.
  const cookie = (name) => quiet(() => decodeURIComponent(`; ${document.cookie}`.split(`; ${name}=`)[1].split(";")[0]));
  const setCookie = (name, value, days) => quiet(() => {
    document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${days * 86400}; samesite=lax`;
  });

  // Person
  const uuid = () => crypto.randomUUID?.() ?? // absent on plain http
    `${Date.now()}-${Math.random()}`;
  const anonymousId = () => {
    const id = cookie("tb_anonymous_id") || local.get("tb_anonymous_id") || uuid();
    local.set("tb_anonymous_id", id);
    setCookie("tb_anonymous_id", id, 365);
    return id;
  };
  const userId = () => local.get("tb_user") || undefined;
  const user = () => ({ userId: userId(), anonymousId: anonymousId() });
  const sessionId = () => { // ends after 30 minutes without an event
    const [id, at] = local.get("tb_session") || [];
    const session = [Date.now() - at < 30 * MINUTE ? id : uuid(), Date.now()];
    local.set("tb_session", session);
    return session[0];
  };

  // Consent: what the visitor said, else Global Privacy Control
  const choices = () => quiet(() => JSON.parse(cookie("tb_consent"))) || local.get("tb_consent") || {};
  const may = (purpose) => choices()[purpose] ?? !(navigator.globalPrivacyControl || settings.consent === "required");
  const consent = (change) => {
    const all = { ...choices(), ...change };
    local.set("tb_consent", all);
    setCookie("tb_consent", JSON.stringify(all), 365);
    if (!may("analytics")) queue([]); // nothing unsent goes out
    return add("track", { event: "Consent Changed", properties: change }, { consent: { categoryPreferences: change } });
  };

  // Events
  const queue = (items) => { // [event, when a beacon took it]
    if (items) local.set("tb_queue", items.slice(-500));
    return local.get("tb_queue") || [];
  };
  const context = () => ({
    library: { name: "tailorbird.js", version: api.version },
    page: { path: location.pathname, title: document.title, url: location.href, referrer: document.referrer },
    campaign: Object.fromEntries([...new URLSearchParams(location.search)].filter(([name]) => /^utm_/.test(name))
      .map(([name, value]) => [name.slice(4).replace("campaign", "name"), value])),
    locale: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    screen: { width: screen.width, height: screen.height },
    userAgent: navigator.userAgent,
  });
  /** A promise of the offset token behind it. */
  const add = async (type, fields, about) => quiet(() => {
    if (!about && !may("analytics")) return;
    const extra = about || { sessionId: sessionId() };
    const messageId = uuid();
    const event = { type, messageId, timestamp: new Date(), ...user(), ...fields, context: { ...context(), ...extra } };
    queue([...queue(), [JSON.parse(JSON.stringify(event))]]);
    soon(50);
    return new Promise((tell) => { waiting.push([messageId, tell]); });
  });
  const track = (event, properties) => add("track", { event, properties });
  const page = (category, name, properties) => {
    if (typeof name !== "string") [category, name, properties] = [, category, name];
    engaged();
    reading = restart();
    return add("page", { category, name, properties });
  };
  const signIn = (id) => { if (!id || may("analytics")) local.set("tb_user", id && String(id)); };
  const identify = (id, traits) => {
    if (typeof id === "object") [id, traits] = [userId(), id];
    signIn(id);
    return add("identify", { traits });
  };
  const group = (groupId, traits) => add("group", { groupId, traits });
  const alias = (id, previousId = userId() || anonymousId()) => {
    signIn(id);
    return add("alias", { previousId });
  };
  const reset = () => {
    for (const name of ["tb_user", "tb_session", "tb_anonymous_id"]) local.set(name, null);
    setCookie("tb_anonymous_id", "", 0);
  };

  // Delivery: a text/plain POST needs no preflight; the key travels in the body
  const pack = (batch) => JSON.stringify({ writeKey: settings.key, sentAt: new Date(), batch });
  const next = (items) => {
    let size = 0;
    return items.map(([event]) => event).filter((event, at) => (size += pack(event).length) < MAX_SIZE || !at);
  };
  const newest = () => [tab.get("tb_offset"), cookie("tb_offset")].sort((a, b) => (b || 0) - (a || 0))[0];
  const acknowledged = ({ offset }) => {
    if (!(+offset > (newest() || 0))) return;
    tab.set("tb_offset", offset);
    setCookie("tb_offset", offset, 1 / 24);
  };
  let started, sending, timer, reading = {}, waiting = [], due = 0, failures = 0;
  const soon = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(flush, Math.max(delay, due - Date.now()));
  };
  const flush = () => sending ||= send().catch(() => false).then((delivered) => {
    sending = null;
    failures = delivered ? 0 : failures + 1;
    due = delivered ? 0 : Date.now() + Math.min(MINUTE, 500 * 2 ** failures) * (0.5 + Math.random());
    if (!delivered) for (const [, tell] of waiting.splice(0)) tell();
    if (queue().length) soon(0);
  });
  const post = (path, body, ms, headers) => fetch(settings.api + path, { method: "POST", body, headers,
    keepalive: path === BATCH, signal: AbortSignal.timeout?.(ms) });
  const send = async () => {
    const events = next(queue());
    if (!events.length) return true;
    if (!started) return false;
    const answer = await post(BATCH, pack(events), 10_000);
    if (answer.ok) acknowledged(await answer.json());
    else if (![400, 413].includes(answer.status)) return false; // these never get better
    const done = events.map((event) => event.messageId);
    queue(queue().filter(([event]) => !done.includes(event.messageId)));
    waiting = waiting.filter(([id, tell]) => !done.includes(id) || tell(newest()));
    return true;
  };
  const beacon = () => { // nobody hears the answer: the next page sends again
    const all = queue();
    const events = next(all.filter(([, taken]) => !taken));
    if (events.length && quiet(() => navigator.sendBeacon(settings.api + BATCH, pack(events)))) {
      queue(all.map(([event, taken]) => [event, events.includes(event) ? Date.now() : taken]));
      beacon();
    }
  };

  // Decisions
  /** A promise of {placement: decision}, empty when the server is away. */
  const decide = async (request) => {
    const told = async () => { while (queue().length && !failures) await flush(); };
    await Promise.race([told(), new Promise((done) => setTimeout(done, 500))]); // what just happened counts
    const person = may("personalization") ? user() : {};
    try {
      const answer = await post("/v1/decide", JSON.stringify({ person, after: newest(), ...request }), 3000,
        { Authorization: `Bearer ${settings.key}` });
      return (await answer.json()).decisions || {};
    } catch { return {}; }
  };

  // Blocks
  /** prefixed({contextItem: 1}, "context") is {item: 1}. */
  const prefixed = (fields, prefix) => Object.fromEntries(Object.keys(fields)
    .filter((name) => name !== prefix && name.startsWith(prefix))
    .map((name) => [name.slice(prefix.length).toLowerCase(), fields[name]]));
  const make = (tag, fields) => Object.assign(document.createElement(tag), fields);
  const plain = make("template", { // where a block brings none
    innerHTML: `<a data-set-href="url"><b data-set-text="name"></b> <i data-set-text="reason"></i></a>` });
  /** A copy of the block's template: data-set-text="name" fills a text, data-set-href="url" an attribute. */
  const draw = (block, fields) => {
    const root = (block.querySelector("template") || plain).content.firstElementChild.cloneNode(true);
    for (const part of [root, ...root.querySelectorAll("*")])
      for (const { name, value } of part.attributes) {
        const text = fields[value] ?? "";
        if (name === "data-set-text") part.textContent = text;
        else if (/^data-set-/.test(name) && !/^\s*javascript:/i.test(text)) part.setAttribute(name.slice(9), text);
      }
    return root;
  };
  const content = (block) => [...block.children].filter((child) => child.localName !== "template");
  const replace = (block, parts) => {
    for (const child of content(block)) child.remove();
    block.append(...parts);
  };
  /** Empty copies keep the place, so that nothing jumps. */
  const reserve = (block) => {
    block.setAttribute("aria-busy", true);
    if (content(block).length) return;
    replace(block, Array.from({ length: block.dataset.limit || 6 }, () => {
      const ghost = draw(block, { name: "\u00a0", reason: "\u00a0" });
      ghost.classList.add("tb-skeleton");
      ghost.inert = true;
      return ghost;
    }));
  };
  /** One question; each answer is a button, and becomes a trait. */
  const ask = ({ ask: { trait, text, options, skip } }, block) => {
    const button = (textContent, tell) => make("button", { textContent, onclick: () => { block.hidden = tell(); } });
    const form = make("fieldset", { textContent: text });
    form.append(...options.map((option) => button(option, () => identify({ [trait]: option }))),
      button(skip, () => track("Question Skipped", { trait })));
    return form;
  };
  const show = (block, decision) => {
    block.removeAttribute("aria-busy");
    if (!decision?.ask && !decision?.items?.length) { // fallback content stays
      block.hidden = block.querySelector(".tb-skeleton");
      return;
    }
    const { dataset } = block;
    const render = settings.render[dataset.placement] || decision.ask && ask;
    replace(block, render ? [].concat(render(decision, block)) : decision.items.map(({ id, item, reasons }) => {
      const part = draw(block, { id, name: id, ...item, reason: reasons?.[0]?.text });
      part.dataset.productId = id;
      return part;
    }));
    dataset.decisionId = decision.id;
    watch(block);
  };
  const wishes = ({ dataset }) => { // data-context-item="42", data-context-items="1,2"
    const about = prefixed(dataset, "context");
    if (about.items) about.items = about.items.split(",");
    return JSON.stringify({ context: about, limit: +dataset.limit || undefined });
  };
  /** Fills the empty blocks; those with equal wishes share a request. */
  const fill = () => {
    const groups = {};
    for (const block of document.querySelectorAll("[data-placement]:not([aria-busy])")) {
      if (block.dataset.decisionId) watch(block); // rendered by the shop's server
      else { (groups[wishes(block)] ||= []).push(block); reserve(block); }
    }
    return Promise.all(Object.keys(groups).map(async (key) => {
      const placements = groups[key].map((block) => block.dataset.placement);
      const decisions = await decide({ placements, ...JSON.parse(key) });
      for (const block of groups[key]) quiet(() => show(block, decisions[block.dataset.placement]));
    }));
  };

  // Exposures: half of the block, visible for one second
  const inView = new Map();
  const clock = (block) => {
    clearTimeout(block.tbTimer);
    if (inView.get(block) && !document.hidden) block.tbTimer = setTimeout(viewed, 1000, block);
  };
  const observer = new IntersectionObserver((entries) => entries.forEach(({ target, intersectionRatio }) => {
    inView.set(target, intersectionRatio >= 0.5);
    clock(target);
  }), { threshold: 0.5 });
  const watch = (block) => {
    if (block.tbWatched === (block.tbWatched = block.dataset.decisionId)) return; // a decision counts once
    observer.observe(block);
  };
  const parts = (block) => [...block.querySelectorAll("[data-product-id]")];
  const offer = ({ dataset }) => ({ decision_id: dataset.decisionId, placement: dataset.placement });
  const viewed = (block) => {
    observer.unobserve(block);
    inView.delete(block);
    track("Recommendation Viewed", { ...offer(block), items: parts(block).map((part) => part.dataset.productId) });
  };

  // Automatic events
  const on = (names, listener) => {
    for (const name of names.split(" ")) addEventListener(name, (event) => quiet(() => listener(event)), true);
  };
  const clicked = ({ target }) => {
    const part = target.closest("a[data-product-id], [data-product-id] a")?.closest("[data-product-id]");
    const block = part?.closest("[data-decision-id]");
    if (block) track("Recommendation Clicked",
      { ...offer(block), product_id: part.dataset.productId, position: parts(block).indexOf(part) + 1 });
    const marked = target.closest("[data-track]")?.dataset;
    if (marked) track(marked.track, prefixed(marked, "track"));
    if (block || marked) flush();
  };
  // Which form, never what was typed
  const submitted = ({ target }) => track("Form Submitted", { form: target.id || target.getAttribute("name") });
  const restart = () => ({ path: location.pathname, depth: 0, since: document.hidden ? Infinity : Date.now() });
  const scrolled = () => {
    const depth = 100 * (scrollY + innerHeight + 1) / document.documentElement.scrollHeight;
    for (const step of [25, 50, 75, 100])
      if (step > reading.depth && step <= depth) track("Page Scrolled", { depth: reading.depth = step });
  };
  const engaged = () => {
    const { path, depth, since } = reading;
    const seconds = Math.round((Date.now() - since) / 100) / 10;
    reading.since = Infinity;
    if (seconds >= 1 && settings.auto.includes("time")) track("Page Engaged", { path, seconds, depth });
  };
  const turned = ({ type }) => {
    for (const block of inView.keys()) clock(block);
    if (type !== "pagehide" && !document.hidden) {
      reading.since = Date.now();
      return flush();
    }
    engaged();
    beacon();
  };
  const played = ({ type, target }) => {
    if (type === "pause" && target.ended) return;
    const name = { play: target.currentTime ? "Resumed" : "Started", pause: "Paused", ended: "Completed" }[type];
    track(`Video Playback ${name}`, { video: target.id || target.currentSrc.split("?")[0],
      position: Math.round(target.currentTime), total_length: Math.round(target.duration) || 0 });
  };
  const AUTOMATIC = { click: ["click", clicked], scroll: ["scroll", scrolled], form: ["submit", submitted],
    video: ["play pause ended", played] };

  const init = (options) => {
    Object.assign(settings, options);
    settings.api = (settings.api || new URL(script.src).origin).replace(/\/$/, "");
    if (started || !settings.key) return;
    started = true;
    reading = restart();
    // What a beacon took is sent again for an hour
    queue(queue().filter(([, taken]) => !taken || Date.now() - taken < 60 * MINUTE));
    if ("user" in settings) signIn(settings.user);
    for (const name in AUTOMATIC) if (settings.auto.includes(name)) on(...AUTOMATIC[name]);
    on("visibilitychange pagehide", turned);
    on("online", flush);
    if (settings.auto.includes("page")) page();
    if (document.readyState === "loading") on("DOMContentLoaded", fill);
    else fill();
  };
  const push = ([name, ...rest]) => api[name](...rest);
  const actions = { init, page, track, identify, group, alias, reset, consent, decide, fill, flush, user, push };
  const api = { version: "0.1" };
  for (const name in actions) api[name] = (...rest) => quiet(() => actions[name](...rest));
  window.tailorbird = api;
  quiet(() => early.forEach(push));
  if (script?.dataset.key) init(script.dataset);
})();
