// Builds the scripts and styles of the pages into ../static/built, with a manifest that says what each came to be called.
// Usage: node build.mjs [--watch]
import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const built = join(here, "..", "static", "built");

/** Writes manifest.json: for each entry its file, and the files that it imports before it can run. */
const manifest = {
  name: "manifest",
  setup(build) {
    build.onEnd(async (result) => {
      if (result.errors.length) return;
      const outputs = result.metafile.outputs;
      const entries = {};
      const named = (path) => basename(path);
      for (const [path, output] of Object.entries(outputs)) {
        if (!output.entryPoint) continue;
        const needs = new Set();
        const follow = (from) => {
          for (const each of outputs[from].imports) {
            if (each.kind !== "import-statement" || needs.has(each.path)) continue;
            needs.add(each.path);
            follow(each.path);
          }
        };
        follow(path);
        entries[basename(output.entryPoint)] = { file: named(path), imports: [...needs].map(named).sort() };
      }
      await writeFile(join(built, "manifest.json"), `${JSON.stringify(entries, null, 2)}\n`);
    });
  },
};

const options = {
  absWorkingDir: here,
  entryPoints: ["src/pages/*.ts", "src/styles/*.css"],
  outdir: built,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022", "chrome120", "firefox120", "safari17"],
  minify: true,
  sourcemap: false,
  metafile: true,
  legalComments: "linked",
  loader: { ".svg": "file", ".png": "file", ".woff": "file", ".woff2": "file", ".ttf": "file", ".eot": "file" },
  logLevel: "warning",
  plugins: [manifest],
};

await rm(built, { recursive: true, force: true });
await mkdir(built, { recursive: true });
if (process.argv.includes("--watch")) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  await esbuild.build(options);
}
