/** `-o table|json|yaml` of helm's commands. Source: helm pkg/cli/output/output.go @ v3.9.4. */
import type { Flag, Run } from '../cobra/index.ts';
import { printYaml } from '../kube/index.ts';

export const OUTPUT: Flag = {
	name: 'output',
	short: 'o',
	type: 'string',
	default: 'table',
	usage: 'prints the output in the specified format. Allowed values: table, json, yaml',
};

/** One of the formats, from what the table is made of. */
export function print(run: Run, objects: unknown, table: () => string): string | undefined {
	const format = run.flags.text('output');
	if (format === 'json') run.call.out(`${JSON.stringify(objects)}\n`);
	else if (format === 'yaml') run.call.out(printYaml(objects));
	else if (format === 'table') run.call.out(table());
	else return `invalid format type`;
	return undefined;
}
