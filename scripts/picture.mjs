/** Takes the README's picture of the demo's report again: `node scripts/picture.mjs` after `npm run demo`. */
import { join } from "node:path";
import { chromium } from "playwright-core";
import { prepare, root } from "./prepare.mjs";

prepare();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
});
const page = await browser.newPage({ viewport: { width: 1100, height: 860 }, colorScheme: "light" });
await page.goto(`file://${join(root, ".tenantctl", "demo-report.html")}`);
await page.locator(".findings details").first().locator("summary").click();
await page.screenshot({ path: join(root, "docs", "images", "report.png") });
await browser.close();
