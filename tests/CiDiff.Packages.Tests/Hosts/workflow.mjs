// Has GitHub's own parser read workflows: node --import ./json-modules.mjs workflow.mjs FILE... ; prints one line an error.
import { readFileSync } from 'node:fs';
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';

for (const name of process.argv.slice(2)) {
  const { context } = parseWorkflow({ name, content: readFileSync(name, 'utf8') }, new NoOperationTraceWriter());
  for (const error of context.errors.getErrors()) console.log(`${name}: ${error.message}`);
}
