// Runs the emulator, and resets it to its seed for every line on the standard input.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createEmulator } from "emulate";

// It does not wait for one event to arrive before it sends the next; here they arrive in the order in which they happened.
const send = fetch;
let last = Promise.resolve();
globalThis.fetch = (...request) => {
  last = last.catch(() => {}).then(() => send(...request));
  return last;
};

const [port, seed, baseUrl] = process.argv.slice(2);
const emulator = await createEmulator({
  service: "github",
  port: Number(port),
  hostname: "127.0.0.1",
  baseUrl,
  seed: JSON.parse(readFileSync(seed, "utf8")),
});
console.log("ready");
for await (const _ of createInterface({ input: process.stdin })) {
  emulator.reset();
  console.log("ready");
}
await emulator.close();
