/** The agent's tool has every command that upstream's has, version by version. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { rootOf } from '../../../../src/cli/cilium/agent/index.ts';
import type { Command } from '../../../../src/cli/cobra/index.ts';
import { terminal } from '../terminal.ts';

const pathsOf = ({ commands = [] }: Command, above = ''): readonly string[] =>
	commands.flatMap((command) => [`${above}${command.name}`, ...pathsOf(command, `${above}${command.name} `)]);

const upstream = readFileSync(new URL('agent-commands.txt', import.meta.url), 'utf8')
	.split('\n')
	.filter((line) => line !== '' && !line.startsWith('#'))
	.map((line) => line.split('\t') as [string, string]);

it.each([12, 13, 14, 15, 16, 17, 18, 19])('has the commands of 1.%i', (minor) => {
	const ours = new Set(pathsOf(rootOf(minor)));
	const theirs = upstream.filter(([, minors]) => minors.split(' ').includes(String(minor))).map(([path]) => path);
	expect(theirs.length).toBeGreaterThan(100);
	expect(theirs.filter((path) => !ours.has(path))).toEqual([]);
});

it('lists commands in their order, and says what it does not do by hand', async () => {
	const t = await terminal('kind-cilium');
	const agent = (words: string): Promise<string> =>
		t.run(`kubectl -n kube-system exec ds/cilium -c cilium-agent -- cilium ${words}`);
	const help = await agent('bpf -h');
	const listed = [...help.split('Flags:')[0]!.matchAll(/^ {2}([a-z-]+) {2,}\S/gm)].map(([, name]) => name);
	expect(listed).toEqual([...listed].sort());
	expect(listed.slice(0, 2)).toEqual(['bandwidth', 'ct']);
	expect(await agent('bpf policy add 1 ingress 2')).toMatch(
		/^Error: the simulator’s policy maps are what policies make/,
	);
});
