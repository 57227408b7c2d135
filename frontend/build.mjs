// Builds what browsers get: hashed files and a manifest. Called by hatch_build.py as `node build.mjs <out>`.
import * as esbuild from "esbuild";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const out = process.argv[2];
if (!out) throw new Error("usage: node build.mjs <directory>");
const manifest = {};

/** Note that `file` is what `asset(name)` stands for; two entries of one name would hide each other. */
function note(name, file) {
  if (manifest[name]) throw new Error(`two assets are called ${name}`);
  manifest[name] = file;
}

/** Write `text` under a name that changes with its content. */
function hashed(name, text) {
  const { name: stem, ext } = path.parse(name);
  const file = `${stem}-${createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase()}${ext}`;
  fs.writeFileSync(path.join(out, file), text);
  note(name, file);
}

/** One sprite of the icons in icons.json, each a <symbol>; colour and size come from the style sheet. */
function sprite() {
  const names = JSON.parse(fs.readFileSync("icons.json", "utf8"));
  const symbols = names.map((name) => {
    const svg = fs.readFileSync(`node_modules/lucide-static/icons/${name}.svg`, "utf8");
    const inside = svg.replace(/<!--[\s\S]*?-->/g, "").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
    return `<symbol id="${name}" viewBox="0 0 24 24">${inside.replace(/\s*\n\s*/g, "").trim()}</symbol>`;
  });
  hashed("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

/** The licences of what is inside these files travel with them. */
function licences() {
  const { dependencies } = JSON.parse(fs.readFileSync("package.json", "utf8"));
  const texts = Object.keys(dependencies).filter((name) => name !== "esbuild").map((name) => {
    const home = path.join("node_modules", name);
    const file = fs.readdirSync(home).find((entry) => /^licen[sc]e/i.test(entry));
    const { version, license } = JSON.parse(fs.readFileSync(path.join(home, "package.json"), "utf8"));
    return `${name} ${version} (${license})\n\n${file ? fs.readFileSync(path.join(home, file), "utf8") : ""}`;
  });
  fs.writeFileSync(path.join(out, "LICENSES.txt"), texts.join("\n\n----\n\n"));
}

fs.mkdirSync(out, { recursive: true });
const pages = fs.existsSync("js/pages") ? fs.readdirSync("js/pages").filter((name) => name.endsWith(".js")).map((name) => `js/pages/${name}`) : [];
const built = await esbuild.build({
  entryPoints: ["css/app.css", "js/app.js", ...pages],
  bundle: true, minify: true, metafile: true, format: "esm", splitting: true,
  target: ["chrome123", "firefox121", "safari17.5"],
  legalComments: "none", // LICENSES.txt has them
  outdir: out, outbase: ".", entryNames: "[name]-[hash]", chunkNames: "part-[hash]",
});
for (const [file, output] of Object.entries(built.metafile.outputs)) {
  if (output.entryPoint) note(path.basename(output.entryPoint), path.basename(file));
  else note(path.basename(file), path.basename(file));
}
sprite();
hashed("icon.svg", fs.readFileSync("img/icon.svg", "utf8"));
licences();

// Compressed once here, so that no server has to do it for every reader.
for (const file of Object.values(manifest)) {
  const bytes = fs.readFileSync(path.join(out, file));
  fs.writeFileSync(path.join(out, `${file}.gz`), zlib.gzipSync(bytes, { level: 9 }));
  fs.writeFileSync(path.join(out, `${file}.br`), zlib.brotliCompressSync(bytes));
}
fs.writeFileSync(path.join(out, "manifest.json"), JSON.stringify(manifest, null, 1) + "\n");
