// Runs a .NET program on the WebAssembly runtime of a folder: node wasm.mjs PACK PROGRAM.dll ARGUMENT…
// MONO_INTERPRETER_OPTIONS, if set, reaches the runtime: -simd takes its vectors away.
import { readFile, readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [pack, program, ...rest] = process.argv.slice(2);
const native = resolve(pack, "runtimes/browser-wasm/native");
const { dotnet } = await import(pathToFileURL(join(native, "dotnet.js")));

const script = name => ({ name, moduleExports: import(pathToFileURL(join(native, name))) });
const asset = async path => ({ name: basename(path), virtualPath: basename(path), buffer: (await readFile(path)).buffer });
const folder = async path => Promise.all((await readdir(path)).filter(x => x.endsWith(".dll")).map(x => asset(join(path, x))));

await dotnet
  .withConfig({
    mainAssemblyName: basename(program),
    globalizationMode: "invariant",
    environmentVariables: { MONO_INTERPRETER_OPTIONS: process.env.MONO_INTERPRETER_OPTIONS ?? "" },
    resources: {
      jsModuleNative: [script("dotnet.native.js")],
      jsModuleRuntime: [script("dotnet.runtime.js")],
      wasmNative: [await asset(join(native, "dotnet.native.wasm"))],
      coreAssembly: [await asset(join(native, "System.Private.CoreLib.dll"))],
      assembly: [...(await folder(resolve(pack, "runtimes/browser-wasm/lib/net10.0"))), ...(await folder(dirname(resolve(program))))],
    },
  })
  .withApplicationArguments(...rest)
  .run();
