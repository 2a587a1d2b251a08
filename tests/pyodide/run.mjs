// Run a Python script on the Python that Pyodide brings: node run.mjs PYODIDE_FOLDER ROOT SITE_PACKAGES SCRIPT
// The folders are mounted, so the script sees the package under test and what it depends on. There are no processes and
// no terminal. The exit code is that of the script; its output is passed on.
import { pathToFileURL } from "node:url";

const [, , folder, root, packages, script] = process.argv;
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const pyodide = await loadPyodide({ env: { HOME: "/home/pyodide", LANG: "C.UTF-8" } });
for (const [name, where] of [["/root-of-project", root], ["/packages", packages]]) {
    pyodide.FS.mkdirTree(name);
    pyodide.mountNodeFS(name, where);
}
pyodide.globals.set("script", script);
process.exitCode = pyodide.runPython(`
import runpy, sys, traceback
sys.path[:0] = ["/root-of-project", "/packages"]
sys.dont_write_bytecode = True
code = 0
try:
    runpy.run_path(f"/root-of-project/{script}", run_name="__main__")
except SystemExit as error:
    code = error.code or 0
except BaseException:
    traceback.print_exc()
    code = 1
sys.stdout.flush(); sys.stderr.flush()
code
`);
