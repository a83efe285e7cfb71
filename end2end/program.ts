// The real program with its demo shop, on free ports and a data folder of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

/** What a change of the demo shop may say; see its `/control.json`. */
export interface ShopChange {
  product: string;
  price?: string;
  availability?: "in_stock" | "out_of_stock" | "auto";
}

export interface Mail {
  file: string;
  text: string;
}

const BINARY = resolve(process.env.PLUMMET_BINARY ?? join(import.meta.dirname, "../target/debug/plummet"));

/** A running `plummet demo`. */
export class Program {
  private constructor(
    private readonly child: ChildProcess,
    private readonly data: string,
    private readonly log: string[],
    /** Where the site is, without a slash at its end. */
    readonly url: string,
    /** Where the demo shop is, by address: names under `.localhost` are the browser's to know, not Node's. */
    readonly shop: string,
    /** The link that makes the first account. */
    readonly setupLink: string,
  ) {}

  static async start(): Promise<Program> {
    if (!existsSync(BINARY)) throw new Error(`${BINARY} is missing: build it with \`make run\`, or set PLUMMET_BINARY`);
    const data = mkdtempSync(join(tmpdir(), "plummet-e2e-"));
    const env = {
      PATH: process.env.PATH,
      PLUMMET_DATA: data,
      PLUMMET_LISTEN: "127.0.0.1:0",
      PLUMMET_DEMO_LISTEN: "127.0.0.1:0",
    };
    const child = spawn(BINARY, ["demo"], { env, stdio: ["ignore", "pipe", "pipe"] });
    const log: string[] = [];
    createInterface({ input: child.stderr! }).on("line", (line) => log.push(line));
    const said: string[] = [];
    const find = (pattern: RegExp) => said.map((line) => pattern.exec(line)?.[1]).find(Boolean);
    return new Promise((done, fail) => {
      child.once("exit", (code) => fail(new Error(`plummet ended with ${code}:\n${said.concat(log).join("\n")}`)));
      createInterface({ input: child.stdout! }).on("line", (line) => {
        said.push(line);
        const url = find(/^Plummet is at (\S+)/);
        const port = find(/^The demo shop is at http:\/\/localhost:(\d+)/);
        const link = find(/(http\S+\/setup\S+)/);
        if (url && port && link) done(new Program(child, data, log, url, `http://127.0.0.1:${port}`, link));
      });
    });
  }

  /** Stops the program as an operator would, and removes its data. */
  async stop(): Promise<void> {
    const ended = new Promise((done) => this.child.once("exit", done));
    this.child.kill("SIGTERM");
    const hurry = setTimeout(() => this.child.kill("SIGKILL"), 15_000);
    await ended;
    clearTimeout(hurry);
    rmSync(this.data, { recursive: true, force: true });
  }

  /** The link of a demo product's page. */
  async productUrl(product: string): Promise<string> {
    const { products } = await (await fetch(`${this.shop}/control.json`)).json();
    const found = products.find((other: { product: string }) => other.product === product);
    if (!found) throw new Error(`the demo shop has no \`${product}\``);
    return found.url;
  }

  /** The link of a page on one of the demo shops: `shop.localhost`, `amazon.localhost`, … */
  pageUrl(host: string, path: string): string {
    return `http://${host}:${new URL(this.shop).port}${path}`;
  }

  /** Sets a price or a stock state in the demo shop, at once. */
  async change(change: ShopChange): Promise<void> {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${this.shop}/control.json`, { method: "POST", headers, body: JSON.stringify(change) });
    if (!answer.ok) throw new Error(`the demo shop refused ${JSON.stringify(change)}: ${await answer.text()}`);
  }

  /** The mails in the outbox folder. */
  mails(): Mail[] {
    const folder = join(this.data, "outbox");
    if (!existsSync(folder)) return [];
    const files = readdirSync(folder).filter((file) => file.endsWith(".eml"));
    return files.map((file) => ({ file, text: readFileSync(join(folder, file), "utf8") }));
  }

  /** What it logged, for a failure's report. */
  logged(): string {
    return this.log.slice(-80).join("\n");
  }
}
