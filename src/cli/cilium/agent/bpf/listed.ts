/** What the simulator's own printers print, as commands of `cilium bpf` show it. */
import { type CiliumList, ciliumList, type Printed } from '../../../../sim/cilium/index.ts';
import type { Command, Run } from '../../../cobra/index.ts';
import { type Agent, reading } from '../context.ts';
import { OUTPUT, structured } from '../output.ts';

/** What is said of a map that is not pinned (pkg/bpf/bpf_linux.go @ v1.12.1, map_linux.go @ v1.14.13). */
export function missingMap(minor: number, name: string): string {
	const path = `/sys/fs/bpf/tc/globals/${name}`;
	return `${minor <= 13 ? 'Unable to get object' : 'loading pinned map'} ${path}: no such file or directory`;
}

export const show = ({ call }: Run, { stdout, stderr }: Printed): number => {
	if (stderr.length > 0) call.err(`${stderr.join('\n')}\n`);
	if (stdout.length > 0) call.out(`${stdout.join('\n')}\n`);
	return 0;
};

export const listed = ({ settings, ns, net }: Agent, list: CiliumList): Printed =>
	ciliumList(settings, ns(), net().now, list);

/** A table of two columns as `map[string][]string`: a key has the lines below it that have none. */
export function asMap(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
	const [title = '', ...rows] = lines;
	const column = /^(.*?\S {2,}|\S+ +)(?=\S)/.exec(title)?.[0].length ?? title.length;
	const out = new Map<string, string[]>();
	let key = '';
	for (const row of rows) {
		key = row.slice(0, column).trim() || key;
		const values = out.get(key) ?? [];
		out.set(key, values);
		values.push(row.slice(column).trim());
	}
	return out;
}

export const table = (list: CiliumList, short: string): Command => ({
	name: 'list',
	aliases: ['ls'],
	short,
	flags: [OUTPUT],
	run: reading((run, agent) => {
		const printed = listed(agent, list);
		return structured(run, () => asMap(printed.stdout)) ?? show(run, printed);
	}),
});
