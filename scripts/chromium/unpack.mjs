// node unpack.mjs <folder>: takes the compressed files of @sparticuz/chromium apart into <folder>.
import { createReadStream, createWriteStream, readdirSync } from "node:fs";
import { join, basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";

const [target] = process.argv.slice(2);
const source = "node_modules/@sparticuz/chromium/bin";
for (const name of readdirSync(source).filter((name) => name.endsWith(".br"))) {
  const unpacked = join(target, basename(name, ".br"));
  await pipeline(createReadStream(join(source, name)), createBrotliDecompress(), createWriteStream(unpacked));
}
