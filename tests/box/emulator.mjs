// Runs the emulator, and puts it back to its seed for every line on the standard input.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createEmulator } from "emulate";

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
