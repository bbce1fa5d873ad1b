// The shop works without this file. With it, adding to the basket does not leave the page, and the one placement that
// is filled in the browser (on product pages) looks like its server-rendered neighbours.
"use strict";

const toast = (text) => {
  const box = document.querySelector(".toast");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => (box.hidden = true), 2600);
};

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches(".add, .buy")) return;
  event.preventDefault();
  const name = (form.closest(".card, .product")?.querySelector(".name, h1")?.textContent || "It").trim();
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)),
      headers: { Accept: "application/json" } });
    const { pieces, added } = await answer.json();
    for (const badge of document.querySelectorAll("[data-pieces]")) badge.textContent = pieces;
    document.querySelector(".basket").setAttribute("aria-label", `Basket, ${pieces} items`);
    toast(added ? `${name} is in your basket.` : "We cannot reach that shelf right now. Try again in a moment.");
  } catch {
    form.submit();
  }
});

const element = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });

const ticket = (price) => {
  const [whole, cents] = Number(price).toFixed(2).split(".");
  const box = element("span", "ticket");
  const shown = element("span", "");
  shown.setAttribute("aria-hidden", "true");
  shown.append(element("i", "", "$"), whole, element("sup", "", cents));
  box.append(element("span", "sr", `$${whole}.${cents}`), shown);
  return box;
};

const card = ({ id, item = {}, reasons = [] }) => {
  const box = element("li", "card");
  const face = element("a", "face");
  const [, name, size = ""] = /^(.*?)(?:, (\d.*))?$/.exec(item.name || id);
  const tile = element("span", "tile full");
  const query = new URLSearchParams({ name: item.name || "", category: item.category || "", brand: item.brand || "" });
  const source = `/tiled/${encodeURIComponent(id)}.svg?${query}`;
  tile.append(Object.assign(new Image(120, 120), { src: source, alt: "" }));
  const own = item.brand === "Homeward" ? "Homeward’s own" : item.brand || "";
  const reason = reasons[0]?.text || "";
  face.append(tile, ticket(item.price ?? 0), element("span", "name", name),
    element("span", "maker", size ? `${own} · ${size}` : own));
  if (reason) {
    const line = element("span", "reason");
    line.innerHTML = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><use href="/static/icons.svg#stitch"/></svg>';
    line.append(reason[0].toUpperCase() + reason.slice(1));
    face.append(line);
  }
  face.href = `/product/${encodeURIComponent(id)}`;
  box.dataset.productId = id;
  box.append(face);
  return box;
};

// More is asked for than shown, so that what the page shows above does not stand here again.
const onPage = () => new Set([...document.querySelectorAll("[data-decision-id] [data-product-id]")].map((one) => one.dataset.productId));
const render = { home: ({ items }) => { const there = onPage(); return items.filter(({ id }) => !there.has(id)).slice(0, 6).map(card); } };
if (window.tailorbird?.version) window.tailorbird.init({ render });
else (window.tailorbird ||= []).push(["init", { render }]);
