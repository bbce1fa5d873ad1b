// Sends one of every call, as a shop's server would: node send.mjs URL KEY PERSON
import { Analytics } from "@segment/analytics-node";

const [url, writeKey, userId] = process.argv.slice(2);
const analytics = new Analytics({ writeKey, host: url, path: "/v1/batch", flushAt: 3, maxRetries: 2 });
analytics.on("error", (error) => {
  console.error("client error:", error.code, error.reason?.status ?? error.reason ?? "");
  process.exitCode = 1;
});

analytics.identify({ userId, anonymousId: `${userId}-anonymous`, traits: { email: `${userId}@example.com` } });
analytics.track({ userId, event: "Product Added", properties: { product_id: "p1", price: 2.5, category: "tea" } });
analytics.page({ userId, name: "Home", properties: { url: "https://shop.example/" } });
analytics.screen({ userId, name: "Cart" });
analytics.group({ userId, groupId: "g1", traits: { name: "The group" } });
analytics.alias({ userId, previousId: `${userId}-old` });
analytics.track({ anonymousId: `${userId}-anonymous`, event: "Product Viewed", properties: { product_id: "p2" } });
await analytics.closeAndFlush({ timeout: 10_000 });
