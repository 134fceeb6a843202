import { startReferenceTool } from "./tool";

// The tool as a process of its own, for drills and benches: `main.ts [FILE]` tells its address over IPC, and is driven
// at `/_control`. It ends when the process that started it does.

const [file] = process.argv.slice(2);
const tool = await startReferenceTool(file === undefined ? {} : { file });
process.send?.({ url: tool.url });
process.on("disconnect", () => process.exit(0));
